#!/usr/bin/env node
// Plain JavaScript without imports that could fail on an old Node: the check must run before anything else is parsed.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `farshore needs Node 22.18 or newer, this is ${process.version}. Install Node 24 LTS and try again.\n`,
  );
  process.exit(2);
}
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning.name}: ${warning.message}\n`);
});
// Compiled code is kept between runs, in the user's own folder: in a shared one another user could plant code.
const [{ existsSync }, { enableCompileCache }, { homedir }, { join }] = await Promise.all(
  ["node:fs", "node:module", "node:os", "node:path"].map((name) => import(name)),
);
enableCompileCache(join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "farshore"));
// The installed package has the built main.js beside this file; a checkout runs its TypeScript.
const built = new URL("./main.js", import.meta.url);
const { main } = await import(existsSync(built) ? built.href : new URL("./main.ts", import.meta.url).href);
await main(process.argv);
