import { expect } from "chai";
import { reachProblems } from "../../scripts/checks/entryPoints.ts";

const all = ["Market.post", "Market.settle", "Token.approve"];
const excused = { "Token.approve": "a package's" };

describe("Entry points that the invariants reach", () => {
  it("names one that nobody reached", () => {
    const problems = reachProblems(all, new Set(["Market.post"]), excused);
    expect(problems).to.deep.equal(["Market.settle was not reached"]);
  });

  it("names one that is excused and was reached, and an excuse for what is not there", () => {
    const reached = new Set(["Market.post", "Market.settle", "Token.approve"]);
    const problems = reachProblems(all, reached, { ...excused, "Token.burn": "gone" });
    expect(problems).to.deep.equal([
      "Token.approve was reached: take it off the table",
      "Token.burn is on the table and no entry point",
    ]);
  });

  it("takes one way to use a function for the function, and a contract's name for all of its functions", () => {
    const reached = new Set(["Market.post", "Market.settle exact"]);
    expect(reachProblems(all, reached, { Token: "a package's" })).to.deep.equal([]);
  });
});
