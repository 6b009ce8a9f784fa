/** One thing that must hold of a checkout. */
export interface Check {
  readonly name: string;
  /** What is wrong under the folder `root`, a line each, with the file at fault; nothing when all is well. */
  readonly problems: (root: string) => Promise<readonly string[]> | readonly string[];
}

/** What one check found; `seconds` is wall time. */
export interface Outcome {
  readonly name: string;
  readonly problems: readonly string[];
  readonly seconds: number;
}

/** The programs behind some checks take a core each. */
const checksAtOnce = 2;

/** Runs all checks over `root`, two at a time, and returns their outcomes in the order of `checks`. A check that throws has failed. */
export async function runChecks(checks: readonly Check[], root: string): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = checks.entries();
  const work = async () => {
    for (const [at, check] of waiting) outcomes[at] = await runCheck(check, root);
  };
  await Promise.all(Array.from({ length: checksAtOnce }, work));
  return outcomes;
}

async function runCheck({ name, problems }: Check, root: string): Promise<Outcome> {
  const begun = performance.now();
  const found = await (async () => problems(root))().catch((error: Error) => [`could not run: ${error.message}`]);
  return { name, problems: found, seconds: (performance.now() - begun) / 1000 };
}

/** One line for a check that holds; for one that does not, also a line for each problem. */
export function outcomeLines({ name, problems, seconds }: Outcome): readonly string[] {
  const head = `${problems.length === 0 ? "ok  " : "FAIL"} ${name} (${seconds.toFixed(1)} s)`;
  return [head, ...problems.map((problem) => `     ${problem}`)];
}
