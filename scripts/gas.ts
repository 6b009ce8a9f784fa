import hre from "hardhat";
import { connect } from "../test/contracts/chain.ts";
import { gasOfEntryPoints } from "../test/contracts/gas/entryPoints.ts";
import { gasProblems, snapshot, writeSnapshot } from "../test/contracts/gas/snapshot.ts";

// Writes down what every entry point costs now, and prints what changed: `npm run gas`, when a change was meant.

await hre.tasks.getTask("build").run({ quiet: true });
const gas = await gasOfEntryPoints(await connect());
for (const problem of gasProblems(gas, snapshot())) process.stdout.write(`${problem}\n`);
writeSnapshot(gas);
process.stdout.write(`${gas.size} entry points in test/contracts/gas/snapshot.json\n`);
process.exit(0);
