import { Command, CommanderError } from "commander";
import { release } from "../core/release.ts";
import { releaseCodeHash } from "../protocol/codeHash.ts";
import { assetCommands } from "./commands/asset.ts";
import { auditCommand } from "./commands/audit.ts";
import { initCommand } from "./commands/init.ts";
import { jobCommands } from "./commands/job.ts";
import { modelCommands } from "./commands/model.ts";
import { moneyCommands } from "./commands/money.ts";
import { nodeCommands } from "./commands/node.ts";
import { oracleCommands } from "./commands/oracle.ts";
import { participantCommands } from "./commands/participant.ts";
import { exitCodeOf, exitCodes } from "./exitCodes.ts";
import { failureText, terminal } from "./output.ts";

/** The whole command line; each command is defined once, and help is printed from the definitions. */
export function program(): Command {
  const root = new Command("farshore")
    .description("a data marketplace in which data never leaves its owner")
    .version(`${release.name} ${release.version}\ncode ${releaseCodeHash}`)
    .option("--home <folder>", "folder of this party (keys, configuration, state)", process.env.FARSHORE_HOME ?? ".")
    .option("--json", "print one JSON object instead of lines", false)
    .exitOverride();
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
  initCommand(root);
  participantCommands(root);
  assetCommands(root);
  jobCommands(root);
  modelCommands(root);
  nodeCommands(root);
  moneyCommands(root);
  oracleCommands(root);
  auditCommand(root);
  return root;
}

/** Runs the command line and sets the exit code: see exitCodes.ts. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
      return;
    }
    process.stderr.write(`${failureText(error, argv.includes("--json"))}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
