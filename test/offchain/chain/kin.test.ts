import { expect } from "chai";
import { keccak256 } from "viem";
import { groupPlaces, kinOf } from "../../../offchain/chain/kin.ts";

describe("who belongs together", () => {
  it("is nobody where all groups differ: no bytes, and 0", () => {
    expect([...groupPlaces([7, 3, 900])]).to.deep.equal([]);
    expect([kinOf([7, 3, 900]), kinOf([])]).to.deep.equal([0n, 0n]);
  });

  it("is told by the place of the first one of each group, whatever the groups' numbers", () => {
    expect([...groupPlaces([9, 4, 9, 4, 5])]).to.deep.equal([0, 1, 0, 1, 4]);
    expect(kinOf([9, 4, 9, 4, 5])).to.equal(kinOf([1, 2, 1, 2, 3]));
    expect(kinOf([9, 4, 9, 4, 5])).not.to.equal(kinOf([9, 4, 4, 9, 5]));
  });

  it("keeps the first 152 bits of the hash", () => {
    expect(kinOf([6, 6, 5])).to.equal(BigInt(keccak256("0x000002").slice(0, 40)));
  });
});
