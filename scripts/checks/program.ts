import { spawn } from "node:child_process";
import { join } from "node:path";

/** The repository whose installed programs the checks use, whatever folder they look at. */
export const repository = join(import.meta.dirname, "..", "..");

/** Path of an installed program, to be run with Node. */
export function installed(name: string): string {
  return join(repository, "node_modules", ".bin", name);
}

/**
 * Runs a JavaScript or TypeScript program under this Node in `folder`. No lines when it ends with 0; else what it wrote,
 * or its exit code where it wrote nothing.
 */
export async function complaintsOf(
  program: string,
  args: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", NODE_NO_WARNINGS: "1" },
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status === 0) return [];
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  const said = lines.map((line) => line.trimEnd()).filter((line) => line !== "");
  return said.length > 0 ? said : [`${program} ended with ${status}`];
}
