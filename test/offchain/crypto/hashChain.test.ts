import { expect } from "chai";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { keccak256 } from "../../../offchain/core/hash.ts";
import { hashChain } from "../../../offchain/crypto/hashChain.ts";

const seed = new Uint8Array(32).fill(7);

describe("a chain of hashes", () => {
  it("shows preimages each of which hashes to the one before, the first to the head, the last one being the seed", () => {
    const { head, preimage } = hashChain(seed, 50);
    let last = head;
    for (let i = 0; i < 50; i++) {
      const shown = preimage(i);
      expect(bytesToHex(keccak256(shown)), `preimage ${i}`).to.equal(bytesToHex(last));
      last = shown;
    }
    expect(last).to.deep.equal(seed);
  });

  it("has no preimage before the first or after the last", () => {
    for (const index of [-1, 3, 1.5, Number.NaN]) expect(() => hashChain(seed, 3).preimage(index)).to.throw(RangeError);
  });
});
