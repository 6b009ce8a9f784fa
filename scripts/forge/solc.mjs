#!/usr/bin/env node
// npm's compiler (soljson, 0.8.30) under the two questions that forge asks of a native one: --version and --standard-json.
// Coverage is counted on code that is hardly optimized. Forge's own least (the pruner alone) leaves two of the market's functions
// too deep in the stack: joining and rematerializing expressions beside it is the least that compiles them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

if (process.argv.includes("--version")) {
  const version = solc.version().replace(".Emscripten.clang", ".Linux.g++");
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  const input = JSON.parse(readFileSync(0, "utf8"));
  const steps = input.settings.optimizer?.details?.yulDetails;
  if (input.settings.viaIR === true && steps !== undefined) steps.optimizerSteps = "uljmul jmul";
  process.stdout.write(solc.compile(JSON.stringify(input)));
}
