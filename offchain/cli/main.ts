import { Command, CommanderError } from "commander";
import { FarshoreError } from "../core/errors.ts";
import { release } from "../core/release.ts";
import { releaseCodeHash } from "../protocol/codeHash.ts";
import { exitCodeOf, exitCodes } from "./exitCodes.ts";
import { failureText, terminal } from "./output.ts";

/** Where each command is defined; loaded when it is asked for, so that no command waits for what another one needs. */
const commands: Readonly<Record<string, () => Promise<(root: Command) => void>>> = {
  init: async () => (await import("./commands/init.ts")).initCommand,
  participant: async () => (await import("./commands/participant.ts")).participantCommands,
  person: async () => (await import("./commands/person.ts")).personCommands,
  asset: async () => (await import("./commands/asset.ts")).assetCommands,
  job: async () => (await import("./commands/job.ts")).jobCommands,
  model: async () => (await import("./commands/model.ts")).modelCommands,
  node: async () => (await import("./commands/node.ts")).nodeCommands,
  // balance, deposit and withdraw
  balance: async () => (await import("./commands/money.ts")).moneyCommands,
  oracle: async () => (await import("./commands/oracle.ts")).oracleCommands,
  validation: async () => (await import("./commands/validation.ts")).validationCommands,
  case: async () => (await import("./commands/case.ts")).caseCommands,
  rules: async () => (await import("./commands/rules.ts")).rulesCommands,
  vote: async () => (await import("./commands/vote.ts")).voteCommands,
  audit: async () => (await import("./commands/audit.ts")).auditCommand,
};
const elsewhere: Readonly<Record<string, string>> = { deposit: "balance", withdraw: "balance", version: "version" };

/** The command line that `argv` asks for; all of it where no known command is named, so that help is whole. */
async function program(argv: readonly string[]): Promise<Command> {
  const root = new Command("farshore")
    .description("a data marketplace in which data never leaves its owner")
    .version(`${release.name} ${release.version}\ncode ${releaseCodeHash}`)
    .option("--home <folder>", "folder of this party (keys, configuration, state)", process.env.FARSHORE_HOME ?? ".")
    .option("--json", "print one JSON object instead of lines", false)
    .exitOverride();
  // With --json the error is one object, printed where all failures are.
  if (argv.includes("--json")) root.configureOutput({ writeErr: () => undefined });
  root
    .command("version")
    .description("print release and code hash")
    .action(() => {
      const { json } = root.opts<{ json: boolean }>();
      terminal(json).answer({ ...release, codeHash: releaseCodeHash }, [
        `${release.name} ${release.version}`,
        `code ${releaseCodeHash}`,
      ]);
    });
  const asked = commandIn(argv);
  const wanted = asked === undefined ? Object.values(commands) : [commands[asked]];
  for (const load of wanted) (await load?.())?.(root);
  return root;
}

/** The file of commands that the first word names. */
function commandIn(argv: readonly string[]): string | undefined {
  const words = argv.slice(2).flatMap((word, i, all) => (all[i - 1] === "--home" ? [] : [elsewhere[word] ?? word]));
  const first = words.find((word) => !word.startsWith("-"));
  return first !== undefined && (first in commands || first === "version") ? first : undefined;
}

/** Runs the command line and sets the exit code: see exitCodes.ts. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await (await program(argv)).parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
      if (error.exitCode !== 0 && argv.includes("--json")) process.stderr.write(`${failureText(usage(error), true)}\n`);
      return;
    }
    process.stderr.write(`${failureText(error, argv.includes("--json"))}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

function usage({ message }: CommanderError): FarshoreError {
  return new FarshoreError({
    code: "cli/usage",
    message: message.replace(/^error: /, ""),
    remedy: "see farshore --help, or --help after the command",
  });
}
