import type { Command } from "commander";
import { systemRandom } from "../../core/rng.ts";
import { addressOfKey } from "../../crypto/secp256k1.ts";
import { writeKeyFile } from "../../party/keys.ts";
import { globals } from "../globals.ts";

/** farshore person create. */
export function personCommands(root: Command): void {
  root
    .command("person")
    .description("people who decide on jobs for an institution")
    .command("create")
    .description("make the key with which a person signs decisions; each person runs this and keeps the file")
    .requiredOption("--out <file>", "where to write the key, readable by you only")
    .action(({ out }: { out: string }, command: Command) => {
      const { output } = globals(command);
      const key = systemRandom(32);
      writeKeyFile(out, key);
      const address = addressOfKey(key);
      output.answer({ out, key: address }, [
        `key in ${out}; its address is ${address}`,
        'the institution adds it to its policy file: "persons": [{ "name": "…", "key": "…" }]',
      ]);
    });
}
