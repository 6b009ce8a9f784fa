import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { keccak256 } from "../core/hash.ts";
import { merkleRoot } from "../crypto/merkle.ts";

/** Leaf of one contributor's dealing: keccak256 of the exact signed envelope. */
export function dealingLeaf(envelope: Uint8Array): Hex {
  return bytesToHex(keccak256(envelope));
}

/** Root over the certified set's leaves, in the order of the contributors: what `RoundSet.dealingsRoot` says. */
export function dealingsRoot(leaves: readonly Hex[]): Hex {
  return bytesToHex(merkleRoot(leaves.map(hexToBytes)));
}
