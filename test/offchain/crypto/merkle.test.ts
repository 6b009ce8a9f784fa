import { expect } from "chai";
import { concatBytes, hexToBytes } from "../../../offchain/core/bytes.ts";
import { sha256, sha256Hex } from "../../../offchain/core/hash.ts";
import { merkleProof, merkleRoot, verifyMerkleProof } from "../../../offchain/crypto/merkle.ts";
import { failure } from "../failure.ts";

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i)));

/** MTH of RFC 6962 section 2.1, as the definition stands: split at the largest power of two below the count. */
function rfc6962(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0] as Uint8Array);
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Uint8Array.of(1), rfc6962(leaves.slice(0, split)), rfc6962(leaves.slice(split)));
}

const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));

describe("Merkle trees over SHA-256", () => {
  it("refuse an empty list and leaves that have not 32 bytes", () => {
    expect(failure(() => merkleRoot([])).code).to.equal("crypto/no-leaves");
    const error = failure(() => merkleRoot([new Uint8Array(32), new Uint8Array(33)]));
    expect([error.code, error.facts.index, error.facts.had]).to.deep.equal(["crypto/bad-leaf", 1, 33]);
  });

  it("refuse a proof for a leaf that is not there", () => {
    for (const index of [-1, 3, 0.5, Number.NaN]) {
      expect(failure(() => merkleProof(leavesOf(3), index)).code).to.equal("crypto/no-such-leaf");
    }
  });

  it("have the roots of RFC 6962 for 1 to 40 leaves", () => {
    for (let count = 1; count <= 40; count++) {
      expect(merkleRoot(leavesOf(count)), `${count} leaves`).to.deep.equal(rfc6962(leavesOf(count)));
    }
  });

  it("have the root that a shell computes: SHA-256 of 0x00 and 32 zero bytes", () => {
    const alone = "0x7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9";
    expect(sha256Hex(new Uint8Array(33))).to.equal(alone);
    expect(verifyMerkleProof(alone, new Uint8Array(32), 0, 1, [])).to.equal(true);
    expect(merkleRoot([new Uint8Array(32)])).to.deep.equal(hexToBytes(alone));
  });

  it("give different roots to lists that differ by a doubled last leaf or by order", () => {
    const [a, b, c] = leavesOf(3) as [Uint8Array, Uint8Array, Uint8Array];
    const roots = [
      [a, b, c],
      [a, b, c, c],
      [b, a, c],
      [a, b],
    ].map((leaves) => sha256Hex(merkleRoot(leaves)));
    expect(new Set(roots).size).to.equal(4);
  });
});

describe("a Merkle proof", () => {
  const counts = Array.from({ length: 20 }, (_, i) => i + 1);

  for (const count of counts) {
    it(`of ${count} leaves proves each leaf at its place, and nothing else`, () => {
      const leaves = leavesOf(count);
      const root = merkleRoot(leaves);
      leaves.forEach((leaf, index) => {
        const proof = merkleProof(leaves, index);
        const holds = (at: number, value = leaf, path = proof, width = count) =>
          verifyMerkleProof(root, value, at, width, path);
        expect(holds(index), `leaf ${index}`).to.equal(true);
        leaves.forEach((other, j) => {
          if (j !== index)
            expect([holds(j), holds(index, other)], `leaf ${j} for ${index}`).to.deep.equal([false, false]);
        });
        expect(holds(index, flipped(leaf))).to.equal(false);
        proof.forEach((sibling, at) => {
          expect(holds(index, leaf, proof.with(at, flipped(sibling))), `sibling ${at}`).to.equal(false);
        });
      });
    });
  }

  it("is refused when it is longer or shorter, or its parts have not 32 bytes", () => {
    const leaves = leavesOf(6);
    const [root, leaf] = [merkleRoot(leaves), leaves[2] as Uint8Array];
    const proof = merkleProof(leaves, 2);
    const bad = [proof.slice(1), proof.slice(0, -1), [...proof, new Uint8Array(32)], [], [...proof, new Uint8Array(0)]];
    for (const path of bad) expect(verifyMerkleProof(root, leaf, 2, 6, path)).to.equal(false);
    // The same bytes to hash, cut elsewhere: 31 of the leaf, 33 of the sibling.
    const all = concatBytes(leaf, proof[0] as Uint8Array);
    const moved = [all.slice(31), ...proof.slice(1)];
    expect(verifyMerkleProof(root, all.slice(0, 31), 2, 6, moved)).to.equal(false);
  });

  it("is refused for a place outside the list, or one that is no integer", () => {
    const leaves = leavesOf(3);
    const proof = merkleProof(leaves, 2);
    for (const index of [-1, 3, 2.5, Number.NaN, 2 ** 53]) {
      expect(verifyMerkleProof(merkleRoot(leaves), leaves[2] as Uint8Array, index, 3, proof)).to.equal(false);
    }
    expect(verifyMerkleProof(merkleRoot(leaves), leaves[2] as Uint8Array, 2, Number.POSITIVE_INFINITY, proof)).to.equal(
      false,
    );
  });

  it("of a single leaf is for place 0 alone, though no sibling tells places apart", () => {
    const [leaf] = leavesOf(1) as [Uint8Array];
    expect([0, 1, 7].map((index) => verifyMerkleProof(merkleRoot([leaf]), leaf, index, 1, []))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it("takes the root as bytes or as hex", () => {
    const leaves = leavesOf(5);
    const hex = `0x${Buffer.from(merkleRoot(leaves)).toString("hex")}` as const;
    expect(verifyMerkleProof(hex, leaves[4] as Uint8Array, 4, 5, merkleProof(leaves, 4))).to.equal(true);
  });
});

describe("an inner node offered as a leaf (second preimage)", () => {
  const [a, b, c, d] = leavesOf(4) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  it("passes where leaves and nodes are hashed alike", () => {
    const alike = (leaves: readonly Uint8Array[]): Uint8Array =>
      leaves.length === 1
        ? (leaves[0] as Uint8Array)
        : sha256(alike(leaves.slice(0, leaves.length / 2)), alike(leaves.slice(leaves.length / 2)));
    expect(alike([sha256(a, b), sha256(c, d)])).to.deep.equal(alike([a, b, c, d]));
  });

  it("fails here, as the node's hash and as what was hashed", () => {
    const root = merkleRoot([a, b, c, d]);
    const node = merkleRoot([a, b]);
    const sibling = merkleRoot([c, d]);
    expect(merkleRoot([node, sibling])).to.not.deep.equal(root);
    expect(verifyMerkleProof(root, node, 0, 2, [sibling])).to.equal(false);
    expect(verifyMerkleProof(root, concatBytes(a, b), 0, 2, [sibling])).to.equal(false);
  });
});
