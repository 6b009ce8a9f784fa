import { encodeAbiParameters } from "viem";
import { type Address, type Hex, hexToBytes } from "../core/bytes.ts";
import { keccakHex } from "../core/hash.ts";

/** jobId = keccak256(abi.encode(market, buyer, validationRoot)), as `post` makes it: validation rows serve one job of a buyer. */
export function jobIdOf(market: Address, buyer: Address, validationRoot: Hex): Hex {
  const types = [{ type: "address" }, { type: "address" }, { type: "bytes32" }] as const;
  return keccakHex(hexToBytes(encodeAbiParameters(types, [market, buyer, validationRoot])));
}
