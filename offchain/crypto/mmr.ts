import { concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";

export { leafHash, type UsageLeaf } from "./usageLeaf.ts";

// Merkle mountain range of contracts/ledger/IUsageLedger.sol: node = keccak256(0x01 ‖ left ‖ right), root = peaks bagged from
// right to left as keccak256(0x01 ‖ peak ‖ bag), then keccak256(0x02 ‖ size as uint64 ‖ bag). The size is in the root because ranges of
// different sizes could share a bag.

const nodeTag = new Uint8Array([0x01]);
const rootTag = new Uint8Array([0x02]);
const emptyBag: Hex = `0x${"0".repeat(64)}`;

/** An append-only log in memory, for who rebuilds the ledger from its events. */
export class MountainRange {
  /** nodes[h] = roots of the full subtrees of 2^h leaves, from the left. */
  readonly #nodes: Hex[][] = [[]];

  /** Number of leaves. */
  get size(): number {
    return (this.#nodes[0] as Hex[]).length;
  }

  /** Appends a leaf hash (32 bytes) and returns its index. */
  append(leaf: Hex): number {
    const index = this.size;
    this.#push(0, expect32(leaf));
    return index;
  }

  /** Root over the size and all leaves. */
  root(): Hex {
    return rangeRoot(this.peaks(), this.size);
  }

  /** Roots of the mountains, highest first. */
  peaks(): Hex[] {
    return mountains(this.size).map(({ height, first }) => this.#node(height, first / 2 ** height));
  }

  /** Siblings of leaf `index` from the leaf up to the peak of its mountain; throws `crypto/no-such-leaf`. */
  proof(index: number): Hex[] {
    const { height } = mountainOf(index, this.size);
    return Array.from({ length: height }, (_, h) => this.#node(h, Math.floor(index / 2 ** h) ^ 1));
  }

  #push(height: number, node: Hex): void {
    this.#nodes[height] ??= [];
    const level = this.#nodes[height] as Hex[];
    level.push(node);
    if (level.length % 2 === 0) this.#push(height + 1, nodeHash(level[level.length - 2] as Hex, node));
  }

  #node(height: number, position: number): Hex {
    return (this.#nodes[height] as Hex[])[position] as Hex;
  }
}

/** One leaf's place in a range of `size` leaves. Without `root` the caller vouches for the peaks. */
export interface Inclusion {
  readonly leaf: Hex;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Hex[];
  readonly peaks: readonly Hex[];
  readonly root?: Hex;
}

/**
 * True when the path leads from the leaf to its peak, and the peaks to `root` where one is given. What is no hash (32 bytes
 * of lower-case hex) proves nothing, and is no error: proofs come from files that others wrote.
 */
export function verifyInclusion({ leaf, index, size, path, peaks, root }: Inclusion): boolean {
  if (![leaf, ...path, ...peaks].every(isWord)) return false;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  const { height, order } = mountainOf(index, size);
  if (path.length !== height || peaks.length !== mountains(size).length) return false;
  const climbed = path.reduce(
    (node, sibling, h) => (Math.floor(index / 2 ** h) % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node)),
    leaf,
  );
  return climbed === peaks[order] && (root === undefined || rangeRoot(peaks, size) === root);
}

/** Root of a range from its peaks (highest first) and its size; the bag of an empty range is 32 zero bytes. */
export function rangeRoot(peaks: readonly Hex[], size: number): Hex {
  const bag = peaks.length === 0 ? emptyBag : peaks.reduceRight((right, peak) => nodeHash(peak, right));
  return keccakHex(concatBytes(rootTag, uint64(size), hexToBytes(bag)));
}

interface Mountain {
  readonly height: number;
  /** Index of its first leaf. */
  readonly first: number;
  /** 0 = the highest. */
  readonly order: number;
}

/** The mountains of a range: one of 2^h leaves for every bit h that is set in its size, highest first. */
function mountains(size: number): Mountain[] {
  const out: Mountain[] = [];
  let first = 0;
  for (let height = 52; height >= 0; height--) {
    if (Math.floor(size / 2 ** height) % 2 === 0) continue;
    out.push({ height, first, order: out.length });
    first += 2 ** height;
  }
  return out;
}

function mountainOf(index: number, size: number): Mountain {
  const found = mountains(size).find(({ first, height }) => index >= first && index < first + 2 ** height);
  if (Number.isSafeInteger(index) && found !== undefined) return found;
  throw new FarshoreError({
    code: "crypto/no-such-leaf",
    message: `no leaf ${index} in a range of ${size}`,
    facts: { index, size },
  });
}

function nodeHash(left: Hex, right: Hex): Hex {
  return keccakHex(concatBytes(nodeTag, hexToBytes(left), hexToBytes(right)));
}

function uint64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, BigInt(value));
  return out;
}

function isWord(hex: Hex): boolean {
  return /^0x[0-9a-f]{64}$/.test(hex);
}

function expect32(leaf: Hex): Hex {
  if (isWord(leaf)) return leaf;
  throw new FarshoreError({ code: "crypto/bad-leaf", message: "a leaf of the range is 32 bytes of lower-case hex" });
}
