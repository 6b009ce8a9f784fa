import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { bytesToHex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { systemRandom } from "../../core/rng.ts";
import { configPath, nodeConfigSchema } from "../../party/config.ts";
import { addressesOf, createKeys, readKeys } from "../../party/keys.ts";
import { globals } from "../globals.ts";

interface Options {
  name: string;
  rpc: string;
  manifest: string;
  role: string[];
  port: string;
  pollMs: string;
}

/** farshore init: keys and configuration of a new party. */
export function initCommand(root: Command): void {
  root
    .command("init")
    .description("make this folder a party's: fresh keys, readable by you only, and farshore.json")
    .requiredOption("--name <name>", "name of the party")
    .requiredOption("--rpc <url>", "JSON-RPC of the chain")
    .requiredOption("--manifest <file>", "manifest of the deployment")
    .option("--role <role...>", "what the node does: data, oracle", [])
    .option("--port <port>", "port of an oracle's board, 0 = a free one", "0")
    .option("--poll-ms <ms>", "milliseconds between looks at the chain", "1000")
    .action(async (options: Options, command: Command) => {
      const { home, output } = globals(command);
      if (existsSync(configPath(home))) throw alreadyThere(home);
      const config = checked(options);
      mkdirSync(home, { recursive: true, mode: 0o700 });
      await createKeys(home, systemRandom);
      writeFileSync(configPath(home), `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
      const keys = readKeys(home);
      const { account, operator } = addressesOf(keys);
      const encryptionKey = bytesToHex(keys.encryption.publicKey);
      output.answer({ home, account, operator, encryptionKey }, [
        `party ${options.name} in ${home}`,
        `  account         ${account}   (treasury: keep its key offline where you can)`,
        `  operator        ${operator}   (hot key of the node)`,
        `  encryption key  ${encryptionKey}`,
        "next: have the operator of the marketplace admit you with these three values",
      ]);
    });
}

function checked({ name, rpc, manifest, role, port, pollMs }: Options) {
  const listen = { host: "127.0.0.1", port: Number(port) };
  const parsed = nodeConfigSchema.safeParse({
    version: 1,
    name,
    rpcUrl: rpc,
    manifest,
    roles: role,
    listen,
    pollMs: Number(pollMs),
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new FarshoreError({
    code: "init/bad-option",
    message: `${field}: ${issue?.message}`,
    facts: { field },
    remedy: "see farshore init --help",
  });
}

function alreadyThere(home: string): FarshoreError {
  return new FarshoreError({
    code: "init/exists",
    message: `${home} is a party's folder already`,
    remedy: "choose another folder with --home; nothing was changed",
  });
}
