import { expect } from "chai";
import { type CompilerRun, compilerRuns, warningProblems } from "../../scripts/checks/compilerWarnings.ts";
import { fixture } from "./fixture.ts";

describe("compiler warnings", () => {
  const careless = fixture("solidity", "careless");
  const careful = fixture("solidity", "careful");
  const clean: CompilerRun = { sources: {}, evmVersion: "berlin", diagnostics: [] };
  const runsOf = (root: string) => compilerRuns(`${root}/build-info`);

  it("need the compiler's record: none is a failure, not a pass", () => {
    expect(() => compilerRuns(careful)).to.throw("no record of the compiler");
  });

  it("in own files fail, with file and line", () => {
    const [problem, ...more] = warningProblems(runsOf(careless), careless);
    expect(more).to.deep.equal([]);
    expect(problem).to.match(/^contracts\/Doubling\.sol:8: warning 5667: Unused function parameter/);
  });

  it("without a place fail too", () => {
    const run = { ...clean, diagnostics: [{ severity: "warning", message: "no place" }] };
    expect(warningProblems([run], careful)).to.deep.equal(["warning : no place"]);
  });

  it("of a target other than Berlin fail", () => {
    const run = { ...clean, evmVersion: undefined };
    expect(warningProblems([run], careful)).to.deep.equal([
      "the contracts were built for the compiler's default, not berlin",
    ]);
  });

  it("of a file as it no longer stands are past", () => {
    expect(warningProblems(runsOf(careless), careful)).to.deep.equal([]);
  });

  it("in packages are theirs", () => {
    const [run] = runsOf(careless);
    const renamed = JSON.parse(JSON.stringify(run).replaceAll("project/contracts", "npm/contracts"));
    expect(warningProblems([renamed], careless)).to.deep.equal([]);
  });

  it("of size are for what a chain takes: contracts, not tests", () => {
    const about = (file: string) => ({
      ...clean,
      diagnostics: [
        { severity: "warning", errorCode: "5574", message: "too large", sourceLocation: { file, start: 0 } },
      ],
      sources: { [file]: { content: "" } },
    });
    expect(warningProblems([about("project/test/contracts/World.sol")], careful)).to.deep.equal([]);
    const [run] = runsOf(careless);
    const path = Object.keys(run?.sources ?? {}).find((file) => file.startsWith("project/contracts")) ?? "";
    const large = JSON.parse(JSON.stringify(run).replaceAll("5667", "5574"));
    expect(warningProblems([large], careless).join(), path).to.match(/^contracts\/Doubling\.sol:8: warning 5574/);
  });

  it("that are not there pass", () => {
    expect(warningProblems(runsOf(careful), careful)).to.deep.equal([]);
  });
});
