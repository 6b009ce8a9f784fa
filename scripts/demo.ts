import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJob } from "../offchain/chain/jobParts.ts";
import { shownUrl } from "../offchain/chain/rpcUrl.ts";
import { failureText } from "../offchain/cli/output.ts";
import type { Hex } from "../offchain/core/bytes.ts";
import { formatIncentive, formatStable } from "../offchain/core/units.ts";
import { type EmbeddedChain, startEmbeddedChain } from "./chain/embedded.ts";
import { compileContracts } from "./contracts.ts";
import { demoData, references } from "./demo/dataset.ts";
import { deployerKey } from "./demo/deployerKey.ts";
import { gasOf } from "./demo/gas.ts";
import { openMarket, runJob } from "./demo/job.ts";
import { admitParties, deployNetwork, makeParties } from "./demo/network.ts";
import { demoOptions } from "./demo/options.ts";
import { leaveRunning } from "./demo/processes.ts";
import { report } from "./demo/report.ts";
import { networkParameters } from "./demo/windows.ts";

const options = demoOptions(process.argv.slice(2));
let begun = performance.now();
const say = (line: string) => process.stdout.write(`${line}\n`);
const since = (from: number) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

const key = deployerKey(options.rpc);
const folder = mkdtempSync(join(tmpdir(), "farshore-demo-"));
let chain: EmbeddedChain | undefined;
// Interrupted, it ends as it does by itself: the handlers of `exit` stop what it started.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
process.once("exit", () => {
  if (!options.keep) rmSync(folder, { recursive: true, force: true });
});
say(`Farshore demo in ${folder}`);

try {
  const compiling = () => say("compiling the contracts (once; one to two minutes)");
  if (await compileContracts(compiling)) say(`compiled in ${since(begun)}`);
  begun = performance.now();
  const [started, data] = await Promise.all([
    options.rpc === undefined ? startEmbeddedChain({ log: join(folder, "chain.log") }) : undefined,
    demoData(folder, options.data, options.seed, writeFileSync),
  ]);
  chain = started;
  const rpcUrl = chain?.rpcUrl ?? (options.rpc as string);
  const shown = chain === undefined ? shownUrl(rpcUrl) : "embedded, rules of Berlin, gas price 0";
  say(`[${since(begun)}] chain      ${shown}`);
  const manifest = join(folder, "network.json");
  const [marketplace, parties] = await Promise.all([
    deployNetwork(folder, rpcUrl, key, options.rpc === undefined ? {} : networkParameters),
    makeParties(
      folder,
      rpcUrl,
      manifest,
      data.banks.map((b) => b.name),
    ),
  ]);
  say(`[${since(begun)}] contracts  deployed, manifest ${manifest}`);
  await admitParties(marketplace, parties, "1000000");
  say(`[${since(begun)}] parties    ${parties.length} admitted: ${parties.map((p) => p.name).join(", ")}`);

  const timed = (line: string) => say(`[${since(begun)}] ${line}`);
  const stage = { folder, rpcUrl, manifest, data, parties, options, say: timed };
  const market = await openMarket(stage);
  const [jobs, reference] = await Promise.all([
    Promise.all(options.aggregations.map((aggregation) => runJob(stage, market, aggregation))),
    references(data, 1),
  ]);
  const outcomes = await Promise.all(
    jobs.map(async (job) => {
      const record = await readJob(marketplace.chain, job.jobId as Hex);
      return { job, record, gas: await gasOf(marketplace.chain, record) };
    }),
  );
  const summary = report({ data, parties, outcomes, reference, say, formatStable, formatIncentive });
  const took = jobs.map(({ aggregation, seconds }) => `${aggregation} ${seconds.toFixed(1)} s`).join(", ");
  say(`set-up ${market.setupSeconds.toFixed(1)} s, job ${took} (post to audited), whole demo ${since(begun)}`);
  if (options.keep) {
    chain?.leave();
    const left = [...leaveRunning(), ...(chain === undefined ? [] : [chain.pid])];
    say(`left running: chain at ${rpcUrl}, nodes in ${folder}; stop them with`);
    say(`  kill ${left.join(" ")}`);
  }
  if (options.json) say(JSON.stringify(summary));
  if (summary.jobs.some(({ audit }) => audit.failed > 0)) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${failureText(error, false)}\n`);
  process.exitCode = 1;
} finally {
  if (!options.keep) await chain?.stop();
}
process.exit();
