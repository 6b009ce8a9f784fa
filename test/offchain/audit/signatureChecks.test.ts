import { expect } from "chai";
import { signatureChecks } from "../../../offchain/audit/checks/signatureChecks.ts";
import type { ChainFacts } from "../../../offchain/audit/input.ts";
import { seatsByRound } from "../../../offchain/audit/seats.ts";

const jobId = "0x1a";
// Of 5 seats 3 are needed here; 4 or 5 signed.
const terms = { k: 5, m: 3, rounds: 4, noiseMilli: 0, assets: [{}, {}, {}] };

function facts(change: object = {}, signers: readonly bigint[] = [0b11011n, 0b11011n, 0b11111n]): ChainFacts {
  const certified = signers.map((bitmap, round) => ({ set: { jobId, round, bitmap: 0b111n }, signers: bitmap }));
  const rounds = { completed: 3, reason: 1 };
  const proposal = { signers: 0b01111n };
  return {
    record: { jobId, terms, certified, rounds, finishSigners: 0b11101n, proposal, ...change },
  } as unknown as ChainFacts;
}

const [choice, end, result] = ["choice of updates", "end of training", "result signatures"];
const grades = (input: ChainFacts) => Object.fromEntries(signatureChecks(input).map((c) => [c.name, c.grade]));
const failed = (input: ChainFacts) =>
  signatureChecks(input)
    .filter((c) => !c.passed)
    .map((c) => c.name);

describe("what rests on the seats' signatures", () => {
  it("fails with fewer signers than the terms need, or with one beyond the seats", () => {
    expect(failed(facts({}, [0b11011n, 0b00011n]))).to.deep.equal([choice]);
    expect(failed(facts({ finishSigners: 0b00011n }))).to.deep.equal([end]);
    expect(failed(facts({ proposal: { signers: 0b100111n } }))).to.deep.equal([result]);
    expect(failed(facts({ finishSigners: null, proposal: null }))).to.deep.equal([end, result]);
  });

  it("fails when a round without noise was certified for a part of the contributors", () => {
    const certified = [{ set: { jobId, round: 0, bitmap: 0b101n }, signers: 0b01111n }];
    expect(failed(facts({ certified }))).to.deep.equal([choice]);
    expect(failed(facts({ certified, terms: { ...terms, noiseMilli: 900 } }))).to.deep.equal([]);
  });

  it("is graded by the seats that signed, by the fewest where there are several statements, not by the terms", () => {
    expect(grades(facts())).to.deep.equal({
      [choice]: "attested by 4 of 5",
      [end]: "attested by 4 of 5",
      [result]: "attested by 4 of 5",
    });
    expect(grades(facts({}, [0b11111n, 0b11111n]))).to.include({ [choice]: "attested by 5 of 5" });
    expect(grades(facts({}, [0b11111n, 0b00111n]))).to.include({ [choice]: "attested by 3 of 5" });
  });

  it("names the seats of each statement", () => {
    const details = signatureChecks(facts()).map((c) => c.detail);
    expect(details[0]).to.include("rounds 0-1 by seats 0, 1, 3, 4; 2 by seats 0, 1, 2, 3, 4");
    expect(details[1]).to.include("plateau after 3 of 4 rounds").and.include("seats 0, 2, 3, 4");
    expect(details[2]).to.include("seats 0, 1, 2, 3");
    expect(seatsByRound([0b1n, 0b10n, 0b10n], 1)).to.equal("1 by seats 0; 2-3 by seats 1");
  });
});
