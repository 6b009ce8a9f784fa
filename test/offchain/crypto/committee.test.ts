import { expect } from "chai";
import { allowedCommittees, isAllowedCommittee, normBoundAllowed } from "../../../offchain/crypto/committee.ts";

const name = ({ k, t, m, f }: { k: number; t: number; m: number; f: number }) => `${k},${t},${m},${f}`;

/** All sizes up to 12 seats. */
function* sizes() {
  for (let k = 1; k <= 12; k++) {
    for (let t = 0; t < k; t++) for (let m = 1; m <= k; m++) for (let f = 0; f < k; f++) yield { k, t, m, f };
  }
}

describe("sizes of committees", () => {
  it("are allowed for the six of the protocol and no others up to 12 seats", () => {
    const found = [...sizes()].filter(isAllowedCommittee).map(name);
    expect(found).to.have.members(["4,1,3,1", "5,2,4,1", "5,1,4,1", "7,2,5,2", "9,2,7,2", "10,3,7,3"]);
  });

  it("keep the protocol's three inequalities", () => {
    for (const { k, t, m, f } of allowedCommittees) {
      expect([m <= k - f, 2 * m - k > f, m - f >= t + 1], `${k}`).to.deep.equal([true, true, true]);
    }
  });

  it("allow a norm bound at (5,1,4,1) and (9,2,7,2) alone", () => {
    expect(allowedCommittees.filter(normBoundAllowed).map(name)).to.deep.equal(["5,1,4,1", "9,2,7,2"]);
    expect([normBoundAllowed({ k: 4, t: 1, f: 1 }), normBoundAllowed({ k: 8, t: 2, f: 2 })]).to.deep.equal([
      false,
      false,
    ]);
  });
});
