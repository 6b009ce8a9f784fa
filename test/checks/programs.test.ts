import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { generatedProblems } from "../../scripts/checks/generatedFiles.ts";
import { complaintsOf, repository } from "../../scripts/checks/program.ts";
import { formatProblems, solidityLintProblems, typeProblems } from "../../scripts/checks/programs.ts";
import { copyOf, fixture } from "./fixture.ts";

describe("checks by other programs", () => {
  const rules = [join(repository, "biome.json"), join(repository, ".gitignore")];

  it("refuse carelessly formatted TypeScript and name the file", async () => {
    const problems = await formatProblems(copyOf(fixture("format", "careless"), rules));
    expect(problems.join("\n")).to.include("price.ts").and.to.include("noExplicitAny");
    expect(await formatProblems(copyOf(fixture("format", "careful"), rules))).to.deep.equal([]);
  });

  it("refuse careless Solidity by this repository's rules", async () => {
    const problems = await solidityLintProblems(fixture("solidity", "careless"));
    expect(problems.join("\n")).to.include("no-unused-vars").and.to.include("gas-custom-errors");
    expect(await solidityLintProblems(fixture("solidity", "careful"))).to.deep.equal([]);
  });

  it("refuse a wrong type and name its line, also when asked again", async () => {
    const wrong = copyOf(fixture("types", "wrong"));
    for (const problems of [await typeProblems(wrong), await typeProblems(wrong)]) {
      expect(problems).to.deep.equal([
        "price.ts(1,14): error TS2322: Type 'number' is not assignable to type 'bigint'.",
      ]);
    }
    expect(await typeProblems(copyOf(fixture("types", "right")))).to.deep.equal([]);
  });

  it("refuse a generated file that its generator would write otherwise", async () => {
    const script = "scripts/generate/proto.ts";
    const from = ["--proto", fixture("generated", "proto")];
    const stale = await generatedProblems(repository, [
      { script, args: [...from, "--out", fixture("generated", "stale")] },
    ]);
    expect(stale.join("\n")).to.match(/^stale: .*note_pb\.ts/);

    const fresh = [...from, "--out", mkdtempSync(join(tmpdir(), "farshore-check-"))];
    expect(await complaintsOf(script, fresh, repository)).to.deep.equal([]);
    expect(await generatedProblems(repository, [{ script, args: fresh }])).to.deep.equal([]);
  });
});
