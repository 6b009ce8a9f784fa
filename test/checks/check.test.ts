import { expect } from "chai";
import { type Check, outcomeLines, runChecks } from "../../scripts/checks/check.ts";

describe("the run of all checks", () => {
  const passes: Check = { name: "passes", problems: () => [] };
  const fails: Check = { name: "fails", problems: async (root) => [`${root}/a: wrong`] };
  const throws: Check = {
    name: "throws",
    problems: () => {
      throw new Error("nothing to read");
    },
  };

  it("takes a check that throws for a failed one, and goes on", async () => {
    const outcomes = await runChecks([throws, fails, passes], "here");
    expect(outcomes.map(({ name, problems }) => [name, problems])).to.deep.equal([
      ["throws", ["could not run: nothing to read"]],
      ["fails", ["here/a: wrong"]],
      ["passes", []],
    ]);
  });

  it("prints a line a check and a line a problem", () => {
    expect(outcomeLines({ name: "fails", problems: ["a: wrong"], seconds: 1.23 })).to.deep.equal([
      "FAIL fails (1.2 s)",
      "     a: wrong",
    ]);
    expect(outcomeLines({ name: "passes", problems: [], seconds: 0 })).to.deep.equal(["ok   passes (0.0 s)"]);
  });
});
