import { expect } from "chai";
import { packageProblems } from "../../scripts/checks/declaredPackages.ts";
import { fixture } from "./fixture.ts";

describe("declared packages", () => {
  it("are all that production code may import: neither undeclared ones nor those of development", () => {
    expect(packageProblems(fixture("packages", "wrong"))).to.deep.equal([
      "offchain/cli/main.ts imports tester/types, which is not among the dependencies of package.json",
      "offchain/cli/main.ts imports @scope/other, which is not among the dependencies of package.json",
    ]);
  });

  it("and parts of them, Node's own modules and the package itself pass", () => {
    expect(packageProblems(fixture("packages", "right"))).to.deep.equal([]);
  });
});
