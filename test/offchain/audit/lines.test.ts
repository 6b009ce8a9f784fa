import { expect } from "chai";
import { type CheckResult, expectThat, notInFile, runCheck } from "../../../offchain/audit/check.ts";
import { auditLines, countsOf } from "../../../offchain/audit/lines.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";

const remedy = "bring the right file";
const checks: CheckResult[] = [
  runCheck("payout", "verified", () => "3 shares"),
  runCheck("valuation", notInFile, () => "without the rows"),
  runCheck("replay", notInFile, () => {
    expectThat(false, "state 2 differs", remedy);
    return "";
  }),
  runCheck("choice", "attested by 4 of 5", () => "by seats 0, 1, 2, 3"),
];

describe("an audit's lines", () => {
  it("say FAIL with what differs and what to do, also where the file is partial", () => {
    expect(auditLines(checks)).to.deep.equal([
      "ok    payout                   verified               3 shares",
      "--    valuation                not in this file       without the rows",
      "FAIL  replay                   not in this file       state 2 differs",
      "ok    choice                   attested by 4 of 5     by seats 0, 1, 2, 3",
      `what to do: ${remedy}`,
      "2 passed, 1 failed, 1 not in this file",
    ]);
  });

  it("count a check that the file cannot answer neither as passed nor as failed", () => {
    expect(countsOf(checks)).to.deep.equal({ passed: 2, failed: 1, notInFile: 1 });
    expect(auditLines(checks.slice(0, 1)).at(-1)).to.equal("1 passed, 0 failed");
  });

  it("carry code and remedy of whatever a check threw, an error of another library's too", () => {
    const own = new FarshoreError({ code: "transport/malformed", message: "no envelope", remedy: "ask again" });
    const thrower = (error: unknown) => () => {
      throw error;
    };
    const known = runCheck("a", "verified", thrower(own));
    expect(known).to.include({
      passed: false,
      code: "transport/malformed",
      remedy: "ask again",
      detail: "no envelope",
    });
    const foreign = runCheck("b", "verified", thrower(new TypeError("x is undefined")));
    expect(foreign).to.include({ passed: false, code: "audit/cannot-read" });
    expect(foreign.remedy).to.be.a("string");
  });
});
