import { hash } from "node:crypto";
import { equalBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

// Binary Merkle tree over SHA-256 for bulk commitments: leaf = SHA-256(0x00 ‖ 32 bytes), node = SHA-256(0x01 ‖ left ‖ right)
// (the domain separation of RFC 6962, without which a node passes for a leaf). The last node of an odd level is promoted
// unchanged, not doubled: doubling gives two lists of leaves one root (CVE-2012-2459).

const leafTag = 0x00;
const nodeTag = 0x01;
const hashLength = 32;

/** Root (32 bytes) over one or more leaves of 32 bytes each; throws `crypto/no-leaves` or `crypto/bad-leaf`. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leafLevel(leaves);
  while (level.length > 1) level = parents(level);
  return level[0] as Uint8Array;
}

/**
 * Siblings of leaf `index` from the bottom up; a level on which the node is promoted has none. Also throws
 * `crypto/no-such-leaf`.
 */
export function merkleProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
    throw new FarshoreError({
      code: "crypto/no-such-leaf",
      message: `no leaf ${index} in a tree of ${leaves.length}`,
      facts: { index, count: leaves.length },
    });
  }
  const path: Uint8Array[] = [];
  let position = index;
  for (let level = leafLevel(leaves); level.length > 1; level = parents(level)) {
    const sibling = level[position ^ 1];
    if (sibling !== undefined) path.push(sibling);
    position >>>= 1;
  }
  return path;
}

/**
 * True when `leaf` stands at `index` of the `count` leaves under `root`. Every sibling must be used: a longer or shorter
 * path is refused, and so is an index that does not exist. `root` as 32 bytes or as hex.
 */
export function verifyMerkleProof(
  root: Uint8Array | Hex,
  leaf: Uint8Array,
  index: number,
  count: number,
  proof: readonly Uint8Array[],
): boolean {
  const inRange = Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 0 && index < count;
  if (!inRange || [leaf, ...proof].some((part) => part.length !== hashLength)) return false;
  let node = leafHash(leaf);
  let used = 0;
  for (
    let position = index, width = count;
    width > 1;
    width = Math.ceil(width / 2), position = Math.floor(position / 2)
  ) {
    if (position === width - 1 && width % 2 === 1) continue;
    const sibling = proof[used++];
    if (sibling === undefined) return false;
    node = position % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node);
  }
  return used === proof.length && equalBytes(node, typeof root === "string" ? hexToBytes(root) : root);
}

function leafLevel(leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 0) {
    throw new FarshoreError({ code: "crypto/no-leaves", message: "a Merkle tree needs at least one leaf" });
  }
  const bad = leaves.findIndex((leaf) => leaf.length !== hashLength);
  if (bad >= 0) {
    throw new FarshoreError({
      code: "crypto/bad-leaf",
      message: `leaf ${bad} has ${leaves[bad]?.length} bytes, expected ${hashLength}`,
      facts: { index: bad, had: leaves[bad]?.length ?? 0, needed: hashLength },
    });
  }
  return leaves.map(leafHash);
}

function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  for (let i = 0; i + 1 < level.length; i += 2) out.push(nodeHash(level[i] as Uint8Array, level[i + 1] as Uint8Array));
  if (level.length % 2 === 1) out.push(level[level.length - 1] as Uint8Array);
  return out;
}

// One buffer each for the bytes to hash: a tree of 100 000 rows hashes 200 000 times, and JavaScript runs one at a time.
const leafInput = new Uint8Array(1 + hashLength).fill(leafTag);
const nodeInput = new Uint8Array(1 + 2 * hashLength).fill(nodeTag);

function leafHash(leaf: Uint8Array): Uint8Array {
  leafInput.set(leaf, 1);
  return hash("sha256", leafInput, "buffer");
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashLength);
  return hash("sha256", nodeInput, "buffer");
}
