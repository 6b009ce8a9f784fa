#!/usr/bin/env node
// npm's compiler (soljson, 0.8.30) under the questions that Slither asks of a native one: --version and --standard-json. Slither
// looks for files at the top of a folder only: the sources are all contracts, whatever it names. It reads syntax trees alone, so no code is
// made, which takes a second where code takes minutes; it wants the fields of code to be there.
import { existsSync, globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

const solc = createRequire(import.meta.url)("solc");

/** A library imported under another name, because a struct has its own: Slither 0.11.6 takes the one for the other. Same length. */
function withoutAlias(text) {
  return text
    .replace("{Attestation as SeatSignatures}", "{               SeatSignatures}")
    .replace("/// @title Attestation", "/// @title Attestat")
    .replace("library Attestation {", "library SeatSignatures {");
}

if (process.argv.includes("--version")) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else {
  const input = JSON.parse(readFileSync(0, "utf8"));
  const paths = globSync("contracts/**/*.sol").map((path) => path.replaceAll("\\", "/"));
  input.sources = Object.fromEntries(
    paths.map((path) => [path, { content: withoutAlias(readFileSync(path, "utf8")) }]),
  );
  input.settings = {
    evmVersion: "berlin",
    remappings: ["@openzeppelin/=node_modules/@openzeppelin/"],
    outputSelection: { "*": { "*": ["abi", "devdoc", "userdoc"], "": ["ast"] } },
  };
  const contents = (path) => (existsSync(path) ? { contents: readFileSync(path, "utf8") } : { error: `no ${path}` });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: contents }));
  const none = { object: "", sourceMap: "", opcodes: "", linkReferences: {}, generatedSources: [] };
  for (const contract of Object.values(output.contracts ?? {}).flatMap(Object.values)) {
    contract.evm = { bytecode: none, deployedBytecode: none, methodIdentifiers: {} };
  }
  process.stdout.write(JSON.stringify(output));
}
