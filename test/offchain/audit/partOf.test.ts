import { expect } from "chai";
import { type EvidenceSections, evidenceRoot, isOmitted, partOf } from "../../../offchain/protocol/evidence.ts";

const sections = {
  spec: {},
  rounds: [
    { round: 0, state: "0x", updates: ["0xa0", "0xb0", "0xc0"], sum: null },
    { round: 1, state: "0x11", updates: ["0xa1", "0xb1", "0xc1"], sum: null },
  ],
  finalState: "0x22",
  validation: "0x7777",
  valuation: { utilities: ["-5"], scored: 0, table: ["0", "1"] },
  model: {},
  report: {},
} as unknown as EvidenceSections;

describe("a contributor's part of the evidence", () => {
  const part = partOf(sections, new Set([1]));

  it("has no other update and no validation row anywhere in it", () => {
    const text = JSON.stringify(part);
    for (const foreign of ["0xa0", "0xa1", "0xc0", "0xc1", "0x7777"]) expect(text).to.not.include(`"${foreign}"`);
  });

  it("has each update of its own, in its place", () => {
    expect(part.rounds.map(({ updates }) => updates[1])).to.deep.equal(["0xb0", "0xb1"]);
    expect(part.rounds.map(({ updates }) => updates.map((u) => isOmitted(u)))).to.deep.equal([
      [true, false, true],
      [true, false, true],
    ]);
  });

  it("has every proof of dealing and every sum where updates are secret-shared: they tell nothing of another's", () => {
    const shared = { ...sections, rounds: sections.rounds.map((round) => ({ ...round, sum: "0x0900" })) };
    const own = partOf(shared, new Set([1]));
    expect(own.rounds).to.deep.equal(shared.rounds);
    expect(isOmitted(own.validation)).to.equal(true);
    expect(evidenceRoot(own)).to.equal(evidenceRoot(shared));
  });

  it("has the root of the whole, and so has the part of a part", () => {
    expect(evidenceRoot(part)).to.equal(evidenceRoot(sections));
    expect(evidenceRoot(partOf(part, new Set()))).to.equal(evidenceRoot(sections));
  });

  it("has another root when an update, or the hash that stands for one, is another", () => {
    const swapped = partOf(sections, new Set([1])).rounds.map((round) => ({
      ...round,
      updates: [round.updates[2], round.updates[1], round.updates[0]],
    })) as EvidenceSections["rounds"];
    expect(evidenceRoot({ ...part, rounds: swapped })).to.not.equal(evidenceRoot(sections));
    const changed = part.rounds.map((round) => ({ ...round, updates: [round.updates[0], "0xb9", round.updates[2]] }));
    expect(evidenceRoot({ ...part, rounds: changed as EvidenceSections["rounds"] })).to.not.equal(
      evidenceRoot(sections),
    );
  });
});
