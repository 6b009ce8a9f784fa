import { bytesToHex, concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccak256 } from "../core/hash.ts";

// The tree that OpenZeppelin's `MerkleProof.verify` checks, with the shape of @openzeppelin/merkle-tree's
// StandardMerkleTree: leaves sorted by hash, pairs sorted before hashing.

/** One entry of an allow-list: an address (20 bytes of hex), a bytes32 (32 bytes of hex) or an unsigned integer. */
export type ListValue = Hex | bigint | number;

/** Root of an allow-list; throws `crypto/no-leaves` (an empty list is not "any") or `crypto/bad-list-value`. */
export function standardRoot(values: readonly ListValue[]): Hex {
  return bytesToHex(treeOf(leavesOf(values))[0] as Uint8Array);
}

/** Siblings from the leaf up, as `MerkleProof.verify` takes them; throws `crypto/not-in-list`. */
export function standardProof(values: readonly ListValue[], value: ListValue): Hex[] {
  const leaves = leavesOf(values);
  const leaf = standardLeaf(value);
  const place = leaves.findIndex((other) => Buffer.compare(other, leaf) === 0);
  if (place < 0) {
    throw new FarshoreError({
      code: "crypto/not-in-list",
      message: `${value} is not in the list of ${values.length}`,
      facts: { value, count: values.length },
    });
  }
  const tree = treeOf(leaves);
  const path: Hex[] = [];
  for (let i = tree.length - 1 - place; i > 0; i = (i - 1) >> 1) {
    path.push(bytesToHex(tree[i % 2 === 0 ? i - 1 : i + 1] as Uint8Array));
  }
  return path;
}

/** True when `proof` leads from a value's leaf to the root, as OpenZeppelin's `MerkleProof.verify` computes it. */
export function inList(root: Hex, proof: readonly Hex[], value: ListValue): boolean {
  const top = proof.reduce((node, sibling) => pairHash(node, hexToBytes(sibling)), standardLeaf(value));
  return bytesToHex(top) === root.toLowerCase();
}

/**
 * keccak256(keccak256(abi.encode(value))): hashed twice so that no leaf can be the preimage of a node. An integer type of
 * any width gives the same word, so a uint16 may be brought as a number.
 */
export function standardLeaf(value: ListValue): Uint8Array {
  return keccak256(keccak256(word(value)));
}

function leavesOf(values: readonly ListValue[]): Uint8Array[] {
  if (values.length === 0) {
    throw new FarshoreError({
      code: "crypto/no-leaves",
      message: "an allow-list needs at least one entry",
      remedy: "a listing without a restriction has the root 0, not the root of an empty list",
    });
  }
  return values.map(standardLeaf).sort(Buffer.compare);
}

/** A complete binary tree in one array: the parent of i is (i − 1) >> 1, leaves stand at the end in reverse order. */
function treeOf(leaves: readonly Uint8Array[]): Uint8Array[] {
  const tree = new Array<Uint8Array>(2 * leaves.length - 1);
  leaves.forEach((leaf, i) => {
    tree[tree.length - 1 - i] = leaf;
  });
  for (let i = leaves.length - 2; i >= 0; i--) {
    tree[i] = pairHash(tree[2 * i + 1] as Uint8Array, tree[2 * i + 2] as Uint8Array);
  }
  return tree;
}

function pairHash(a: Uint8Array, b: Uint8Array): Uint8Array {
  return keccak256(Buffer.compare(a, b) <= 0 ? concatBytes(a, b) : concatBytes(b, a));
}

/** The 32 bytes of `abi.encode(value)`. */
function word(value: ListValue): Uint8Array {
  if (typeof value === "string") {
    const bytes = hexToBytes(value);
    if (bytes.length === 32) return bytes;
    if (bytes.length === 20) return concatBytes(new Uint8Array(12), bytes);
    throw badValue(value);
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw badValue(value);
  if (value < 0 || BigInt(value) >= 2n ** 256n) throw badValue(value);
  return hexToBytes(`0x${value.toString(16).padStart(64, "0")}`);
}

function badValue(value: ListValue): FarshoreError {
  return new FarshoreError({
    code: "crypto/bad-list-value",
    message: `${String(value).slice(0, 80)} is neither an address, nor 32 bytes, nor an unsigned integer`,
    facts: { value: String(value).slice(0, 80) },
  });
}
