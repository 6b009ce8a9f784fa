import { type Command, InvalidArgumentError } from "commander";
import type { RulesVersion } from "../../chain/reads/rules.ts";
import { listRules, putRules, rulesDocument } from "../../sdk/rules.ts";
import { withSession } from "../withSession.ts";

/** farshore rules show, put. */
export function rulesCommands(root: Command): void {
  const rules = root.command("rules").description("the marketplace's compliance rules, by version");
  rules
    .command("show")
    .description("versions on the chain; with a version, its document")
    .argument("[version]", "number", versionNumber)
    .action((version: number | undefined, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const versions = await listRules(session);
        if (version === undefined) return output.answer({ versions }, versions.map(line));
        const document = await rulesDocument(session, version);
        output.answer({ version, document }, [document.title, document.text]);
      }),
    );
  rules
    .command("put")
    .description("put a document on the boards and print the hash that a proposal to publish it names")
    .argument("<file>", "rules, JSON")
    .action((file: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const stored = await putRules(session, file);
        output.answer(stored, [`${stored.rulesHash} is on ${stored.boards} boards`]);
      }),
    );
}

function line({ version, valid, activatesAt, retiresAt, rulesHash }: RulesVersion): string {
  const date = (seconds: bigint) => new Date(Number(seconds) * 1000).toISOString();
  const until = retiresAt === 0n ? "" : `, retired ${date(retiresAt)}`;
  return `${version} ${valid ? "in force" : "not in force"}, since ${date(activatesAt)}${until}  ${rulesHash}`;
}

function versionNumber(text: string): number {
  if (/^[1-9][0-9]{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected the number of a version, from 1 on");
}
