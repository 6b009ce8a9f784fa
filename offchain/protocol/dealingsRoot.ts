import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { sha256Hex } from "../core/hash.ts";
import { merkleRoot } from "../crypto/merkle.ts";

/** Leaf of one dealer's dealing: SHA-256 of the exact signed envelope, which may be as large as the validation rows. */
export function dealingLeaf(envelope: Uint8Array): Hex {
  return sha256Hex(envelope);
}

/** Root over the certified set's leaves, in the order of the contributors: what `RoundSet.dealingsRoot` says. */
export function dealingsRoot(leaves: readonly Hex[]): Hex {
  return bytesToHex(merkleRoot(leaves.map(hexToBytes)));
}
