import { expect } from "chai";
import { concatBytes, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import { type Inclusion, MountainRange, rangeRoot, verifyInclusion } from "../../../offchain/crypto/mmr.ts";
import { failure } from "../failure.ts";

const leafAt = (i: number): Hex => keccakHex(Uint8Array.of(i >> 8, i & 255));
const leavesOf = (size: number): Hex[] => Array.from({ length: size }, (_, i) => leafAt(i));
const node = (left: Hex, right: Hex): Hex =>
  keccakHex(concatBytes(Uint8Array.of(1), hexToBytes(left), hexToBytes(right)));
const flipped = (word: Hex): Hex => `${word.slice(0, -1)}${word.endsWith("0") ? "1" : "0"}` as Hex;

function rangeOf(size: number): MountainRange {
  const range = new MountainRange();
  for (const leaf of leavesOf(size)) range.append(leaf);
  return range;
}

/** Where leaf `index` stands, as the range proves it. */
function inclusion(range: MountainRange, index: number): Required<Inclusion> {
  return {
    ...{ leaf: leafAt(index), index, size: range.size },
    ...{ path: range.proof(index), peaks: range.peaks(), root: range.root() },
  };
}

/** Root of a full subtree, by halves. */
function subtree(leaves: readonly Hex[]): Hex {
  const half = leaves.length / 2;
  return leaves.length === 1 ? (leaves[0] as Hex) : node(subtree(leaves.slice(0, half)), subtree(leaves.slice(half)));
}

/** The ledger's rule written the other way round: the largest full subtree, then the rest. */
function peaksOf(leaves: readonly Hex[]): Hex[] {
  if (leaves.length === 0) return [];
  const width = 2 ** Math.floor(Math.log2(leaves.length));
  return [subtree(leaves.slice(0, width)), ...peaksOf(leaves.slice(width))];
}

describe("the mountain range", () => {
  it("refuses leaves that are not 32 bytes of lower-case hex, and stays as it was", () => {
    const range = rangeOf(3);
    const before = range.root();
    for (const bad of ["0x", `0x${"ab".repeat(31)}`, `0x${"AB".repeat(32)}`, "ab".repeat(32)]) {
      expect(failure(() => range.append(bad as Hex)).code).to.equal("crypto/bad-leaf");
    }
    expect([range.size, range.root()]).to.deep.equal([3, before]);
  });

  it("refuses a proof for a leaf that is not there", () => {
    for (const index of [-1, 3, 1.5, Number.NaN]) {
      expect(failure(() => rangeOf(3).proof(index)).code).to.equal("crypto/no-such-leaf");
    }
    expect(failure(() => new MountainRange().proof(0)).code).to.equal("crypto/no-such-leaf");
  });

  it("numbers leaves from 0 and has a root when empty", () => {
    const range = new MountainRange();
    expect(range.root()).to.equal(keccakHex(concatBytes(Uint8Array.of(2), new Uint8Array(8 + 32))));
    expect([range.append(leafAt(0)), range.append(leafAt(1)), range.size]).to.deep.equal([0, 1, 2]);
  });

  it("has the peaks of its full subtrees and the root of its size and bag, for 1 to 40 leaves", () => {
    for (let size = 1; size <= 40; size++) {
      const peaks = peaksOf(leavesOf(size));
      const bag = peaks.reduceRight((right, peak) => node(peak, right));
      const root = keccakHex(concatBytes(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, size), hexToBytes(bag)));
      expect([rangeOf(size).peaks(), rangeOf(size).root()], `size ${size}`).to.deep.equal([peaks, root]);
    }
  });

  it("never has the same root at two sizes", () => {
    const range = new MountainRange();
    const roots = leavesOf(40).map((leaf) => {
      range.append(leaf);
      return range.root();
    });
    expect(new Set(roots).size).to.equal(40);
  });

  it("keeps what was appended: a peak stands in every later path, the way a log must grow", () => {
    const range = rangeOf(4);
    const [peak] = range.peaks() as [Hex];
    for (let i = 4; i < 8; i++) range.append(leafAt(i));
    expect(range.proof(5).at(-1)).to.equal(peak);
    expect(range.root()).to.equal(rangeOf(8).root());
  });
});

describe("inclusion in the mountain range", () => {
  it("holds for every leaf of every size from 1 to 40", () => {
    for (let size = 1; size <= 40; size++) {
      const range = rangeOf(size);
      for (let i = 0; i < size; i++) expect(verifyInclusion(inclusion(range, i)), `${i} of ${size}`).to.equal(true);
    }
  });

  it("holds for no other leaf and no other place", () => {
    for (let size = 1; size <= 20; size++) {
      const range = rangeOf(size);
      for (let i = 0; i < size; i++) {
        const proven = inclusion(range, i);
        for (let j = 0; j < size; j++) {
          if (j === i) continue;
          expect(verifyInclusion({ ...proven, index: j }), `place ${j} for ${i}`).to.equal(false);
          expect(verifyInclusion({ ...proven, leaf: leafAt(j) }), `leaf ${j} for ${i}`).to.equal(false);
        }
      }
    }
  });

  it("fails with one bit changed in the leaf, any sibling, any peak or the root", () => {
    const range = rangeOf(23);
    for (let i = 0; i < 23; i++) {
      const proven = inclusion(range, i);
      const changed: Inclusion[] = [
        { ...proven, leaf: flipped(proven.leaf) },
        { ...proven, root: flipped(proven.root) },
        ...proven.path.map((sibling, at) => ({ ...proven, path: proven.path.with(at, flipped(sibling)) })),
        ...proven.peaks.map((peak, at) => ({ ...proven, peaks: proven.peaks.with(at, flipped(peak)) })),
      ];
      for (const one of changed) expect(verifyInclusion(one)).to.equal(false);
    }
  });

  it("fails for another size, for a longer or shorter path, and for missing or further peaks", () => {
    const proven = inclusion(rangeOf(22), 9);
    const zero: Hex = `0x${"0".repeat(64)}`;
    const changed: Partial<Inclusion>[] = [
      ...[0, 9, 10, 21, 23, 30, 22.5, -22, Number.NaN].map((size) => ({ size })),
      ...[-1, 22, 8.5, 2 ** 53].map((index) => ({ index })),
      { path: proven.path.slice(1) },
      { path: [...proven.path, zero] },
      { path: [] },
      { peaks: proven.peaks.slice(1) },
      { peaks: [...proven.peaks, zero] },
      { peaks: [] },
    ];
    for (const part of changed) expect(verifyInclusion({ ...proven, ...part }), JSON.stringify(part)).to.equal(false);
  });

  it("fails, and does not throw, for siblings and peaks that are not 32 bytes of hex", () => {
    const proven = inclusion(rangeOf(6), 1);
    for (const bad of ["0x", "0x00", "zz", `0x${"g".repeat(64)}`, (proven.path[0] as Hex).toUpperCase()]) {
      expect(verifyInclusion({ ...proven, path: proven.path.with(0, bad as Hex) }), bad).to.equal(false);
      expect(verifyInclusion({ ...proven, leaf: bad as Hex }), bad).to.equal(false);
      expect(verifyInclusion({ ...proven, peaks: proven.peaks.with(1, bad as Hex) }), bad).to.equal(false);
    }
  });

  it("fails for an inner node offered as a leaf of a shorter range", () => {
    const range = rangeOf(4);
    const inner = node(leafAt(0), leafAt(1));
    const claim = { leaf: inner, index: 0, size: 2, path: [node(leafAt(2), leafAt(3))], peaks: range.peaks() };
    // The path does lead to the peak: only the size in the root tells the ranges apart.
    expect(verifyInclusion(claim)).to.equal(true);
    expect(verifyInclusion({ ...claim, root: range.root() })).to.equal(false);
  });

  it("fails for a peak offered as a leaf with an empty path", () => {
    const proven = inclusion(rangeOf(6), 1);
    expect(verifyInclusion({ ...proven, leaf: proven.peaks[0] as Hex, path: [] })).to.equal(false);
  });

  it("fails for further peaks even where no root is given", () => {
    const { root, ...proven } = inclusion(rangeOf(6), 1);
    expect(verifyInclusion({ ...proven, peaks: [...proven.peaks, root] })).to.equal(false);
  });

  it("holds without a root for who vouches for the peaks", () => {
    const { root, ...proven } = inclusion(rangeOf(11), 10);
    expect(verifyInclusion(proven)).to.equal(true);
    expect(rangeRoot(proven.peaks, 11)).to.equal(root);
  });
});
