import { dirname } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import { runFarshore } from "../job/program.ts";

/** Milliseconds: loaded machines are slow; what is waited for comes in seconds. */
export const patient = 150_000;

const groups = [
  "participant",
  "asset",
  "job",
  "model",
  "node",
  "oracle",
  "person",
  "validation",
  "case",
  "rules",
  "vote",
];

/** Name of the command that words of a command line ask for: `job post`. */
function commandOf(words: readonly string[]): string {
  return words.slice(0, groups.includes(words[0] ?? "") ? 2 : 1).join(" ");
}

/** Commands that answered with one JSON object and exit code 0. */
export const answered = new Set<string>();

/** Runs a command that must succeed in a folder, with --json: its answer, which must be one object on one line. */
export async function answerOf(home: string, ...words: string[]): Promise<Record<string, unknown>> {
  const ended = await runFarshore(dirname(home), ["--home", home, "--json", ...words]);
  expect(ended.code, `${words.join(" ")}: ${ended.err}${ended.out}`).to.equal(exitCodes.done);
  return answerIn(words, ended.out);
}

/** Reads what a command printed with --json, and notes that it answered. */
export function answerIn(words: readonly string[], out: string): Record<string, unknown> {
  expect(out, words.join(" ")).to.match(/^\{.*\}\n$/);
  answered.add(commandOf(words));
  return JSON.parse(out) as Record<string, unknown>;
}

/** Runs a command that must fail with an exit code, with --json: the code of its error, which nothing accompanies. */
export async function errorOf(home: string, exit: number, ...words: string[]): Promise<string> {
  const ended = await runFarshore(dirname(home), ["--home", home, "--json", ...words]);
  expect(ended.code, `${words.join(" ")}: ${ended.err}${ended.out}`).to.equal(exit);
  expect(ended.out).to.equal("");
  const { error } = JSON.parse(ended.err) as { error: { code: string; remedy?: string } };
  expect(error.remedy ?? "", `remedy of ${error.code}`).to.match(/\w/);
  return error.code;
}

/** Runs a command whose words are wrong: exit code of bad input, and a line that says what is. */
export async function misused(home: string, says: RegExp, ...words: string[]): Promise<void> {
  const ended = await runFarshore(dirname(home), ["--home", home, ...words]);
  expect(ended.code, ended.err).to.equal(exitCodes.badInput);
  expect(ended.err).to.match(says);
}

/** Every command that the program's own help lists. */
export async function listedCommands(home: string): Promise<string[]> {
  const names = await namesIn(home);
  const inner = await Promise.all(
    names.map(async (name) =>
      groups.includes(name) ? (await namesIn(home, name)).map((n) => `${name} ${n}`) : [name],
    ),
  );
  return inner.flat();
}

async function namesIn(home: string, ...words: string[]): Promise<string[]> {
  const { code, out } = await runFarshore(home, [...words, "--help"]);
  expect(code).to.equal(exitCodes.done);
  const listed = out.slice(out.indexOf("\nCommands:"));
  return [...listed.matchAll(/^ {2}([a-z]+)/gm)].map((found) => found[1] as string).filter((name) => name !== "help");
}
