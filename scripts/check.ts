import { type Check, outcomeLines, runChecks } from "./checks/check.ts";
import { contractsCompile, groundChecks } from "./checks/list.ts";
import { repository } from "./checks/program.ts";

// Every check of the ground, a line each; exit 1 when one fails. With names only those: `npm run check -- "lock file"`.

const wanted = process.argv.slice(2);
const known = [contractsCompile, ...groundChecks].map(({ name }) => name);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no check is called ${unknown.join(", ")}; there are: ${known.join(", ")}\n`);
  process.exit(2);
}

/** Runs those of `checks` that are wanted and returns how many failed. */
async function failuresAmong(checks: readonly Check[]): Promise<number> {
  const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const outcomes = await runChecks(chosen, repository);
  for (const outcome of outcomes) process.stdout.write(`${outcomeLines(outcome).join("\n")}\n`);
  return outcomes.filter(({ problems }) => problems.length > 0).length;
}

const failures = (await failuresAmong([contractsCompile])) + (await failuresAmong(groundChecks));
process.exit(failures > 0 ? 1 : 0);
