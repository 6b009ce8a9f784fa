import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtContracts } from "./builtContracts.ts";
import type { Check } from "./check.ts";
import { compilerRuns, warningProblems } from "./compilerWarnings.ts";
import { sizeProblems } from "./contractSize.ts";
import { packageProblems } from "./declaredPackages.ts";
import { opcodeProblems } from "./forbiddenOpcodes.ts";
import { generatedProblems } from "./generatedFiles.ts";
import { importProblems } from "./importDirection.ts";
import { lockProblems } from "./lockFile.ts";
import { buildProblems, formatProblems, solidityLintProblems, typeProblems } from "./programs.ts";
import { purityProblems } from "./pureRooms.ts";

/** Comes before all others: some of them read what it writes. */
export const contractsCompile: Check = { name: "contracts compile", problems: buildProblems };

/** What sources alone tell, the longest first. */
export const sourceChecks: readonly Check[] = [
  { name: "types", problems: typeProblems },
  { name: "solidity lint", problems: solidityLintProblems },
  { name: "format and lint", problems: formatProblems },
  { name: "import direction", problems: importProblems },
  { name: "declared packages", problems: packageProblems },
  { name: "pure rooms", problems: purityProblems },
  { name: "lock file", problems: (root) => lockProblems(json(root, "package-lock.json"), json(root, "package.json")) },
];

/** What reads the compiled contracts. */
export const builtChecks: readonly Check[] = [
  { name: "generated files fresh", problems: (root) => generatedProblems(root) },
  {
    name: "compiler warnings",
    problems: (root) => warningProblems(compilerRuns(join(root, "artifacts", "build-info")), root),
  },
  { name: "contract size", problems: (root) => sizeProblems(builtContracts(join(root, "artifacts"))) },
  { name: "forbidden opcodes", problems: (root) => opcodeProblems(builtContracts(join(root, "artifacts"))) },
];

/** All checks of the ground. */
export const groundChecks: readonly Check[] = [...sourceChecks, ...builtChecks];

function json(root: string, name: string) {
  return JSON.parse(readFileSync(join(root, name), "utf8"));
}
