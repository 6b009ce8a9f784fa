import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { repository } from "./checks/program.ts";

const commandLine = join(repository, "offchain", "cli");
// Parts in CommonJS (commander, pino) ask for Node's own modules at run time; ES modules have no `require`.
const requireOfNode =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);";

/**
 * Writes the program as few files instead of the thousand modules it is made of, so that a command starts in a third of
 * the time; what is not JavaScript, the database engine
 * and the curve, stays a package. Files that are there already are left alone: another
 * process may be starting from them. Returns the path of `farshore.js`.
 */
export async function bundleProgram(folder: string): Promise<string> {
  const { outputFiles } = await build({
    ...{ entryPoints: [join(commandLine, "main.ts")], outdir: folder, write: false, logLevel: "warning" },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node22.18" },
    external: ["@duckdb/node-api", "tiny-secp256k1"],
    banner: { js: requireOfNode },
  });
  mkdirSync(folder, { recursive: true });
  // What main.js names is there before it is.
  for (const { path, contents } of outputFiles.filter(({ path }) => basename(path) !== "main.js")) keep(path, contents);
  for (const { path, contents } of outputFiles.filter(({ path }) => basename(path) === "main.js")) keep(path, contents);
  const program = join(folder, "farshore.js");
  keep(program, readFileSync(join(commandLine, "farshore.js")));
  return program;
}

function keep(path: string, contents: Uint8Array): void {
  if (existsSync(path) && Buffer.compare(readFileSync(path), contents) === 0) return;
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}
