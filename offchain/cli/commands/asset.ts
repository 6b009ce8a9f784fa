import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { getListings } from "../../chain/reads/listing.ts";
import { formatStable, parseStable } from "../../core/units.ts";
import { checkDataset } from "../../data/check.ts";
import { readSchema } from "../../data/schema.ts";
import { configPath } from "../../party/config.ts";
import { latestListing, listAsset, revokeAsset } from "../../sdk/assets.ts";
import { assetId, wholeNumber } from "../arguments.ts";
import { reportLines } from "../datasetReport.ts";
import { exitCodes } from "../exitCodes.ts";
import { globals } from "../globals.ts";
import { tableLines } from "../output.ts";
import { writePrivate } from "../privateFile.ts";
import { withSession } from "../withSession.ts";

interface ListOptions {
  data: string;
  schema: string;
  population: string;
  price: string;
  purpose: string[];
  minimumCohort: string;
  maxJobs: string;
  maxRounds: string;
  rhoPerJob: string;
  populationCap: string;
  parent?: string[];
}

/** farshore asset check, list, show, revoke. */
export function assetCommands(root: Command): void {
  const asset = root.command("asset").description("data that this institution lists");
  asset
    .command("check")
    .description("profile a file against its schema and say what would be refused; nothing leaves this machine")
    .requiredOption("--data <file>", "CSV or Parquet")
    .requiredOption("--schema <file>", "schema, JSON")
    .action(async ({ data, schema }: { data: string; schema: string }, command: Command) => {
      const { output } = globals(command);
      const report = await checkDataset(data, readSchema(schema));
      output.answer(report, reportLines(report));
      if (!report.accepted) process.exitCode = exitCodes.badInput;
    });
  asset
    .command("list")
    .description("commit to a file's rows and list them; rows stay here")
    .requiredOption("--data <file>", "CSV or Parquet")
    .requiredOption("--schema <file>", "schema, JSON")
    .requiredOption("--population <name>", "whose records these are: versions and subsets share one privacy budget")
    .requiredOption("--price <amount>", "stable tokens per job")
    .requiredOption("--purpose <name...>", "allowed purposes, for example creditScoring")
    .option("--minimum-cohort <groups>", "groups of contributors at least", "3")
    .option("--max-jobs <n>", "0 = any", "0")
    .option("--max-rounds <n>", "0 = any", "0")
    .option("--rho-per-job <nanoRho>", "nano-rho that one job may spend", "0")
    .option("--population-cap <nanoRho>", "nano-rho that all jobs may spend", "1229714526")
    .option("--parent <assetId...>", "assets that it was made from: theirs are the people and the budget")
    .action((options: ListOptions, command: Command) =>
      withSession(command, async (session, output) => {
        const offer = {
          ...{ data: options.data, schema: options.schema, population: options.population, purposes: options.purpose },
          price: parseStable(options.price),
          minimumCohort: Number(wholeNumber("minimum-cohort", options.minimumCohort, 8)),
          maxJobs: Number(wholeNumber("max-jobs", options.maxJobs, 32)),
          maxRounds: Number(wholeNumber("max-rounds", options.maxRounds, 16)),
          rhoPerJob: wholeNumber("rho-per-job", options.rhoPerJob, 64),
          populationCap: wholeNumber("population-cap", options.populationCap, 64),
          parents: (options.parent ?? []).map(assetId),
        };
        const listed = await listAsset(session, offer);
        rememberAsset(session.config.home, String(listed.assetId), resolve(options.data), resolve(options.schema));
        output.answer(listed, [
          `asset ${listed.assetId}: ${listed.rows} rows, root ${listed.root}`,
          "farshore.json now names the file; start the node (again) so that it serves jobs on it",
        ]);
      }),
    );
  asset
    .command("show")
    .description("what is listed, or one asset")
    .argument("[assetId]")
    .action((id: string | undefined, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const all = id === undefined ? await getListings(session.chain) : [await latestListing(session, assetId(id))];
        const rows = all.map(({ assetId: listed, version, listing }) => [
          ...[String(listed), String(version), String(listing.version.rows), formatStable(listing.terms.price)],
          listing.version.datasetRoot,
        ]);
        output.answer({ listings: all }, tableLines([["asset", "version", "rows", "price", "dataset root"], ...rows]));
      }),
    );
  asset
    .command("revoke")
    .description("take a listing off the market; running jobs end by their own rules")
    .argument("<assetId>")
    .action((id: string, _options, command: Command) =>
      withSession(command, async (session, output) => {
        await revokeAsset(session, assetId(id));
        output.answer({ assetId: id, revoked: true }, [`asset ${id} is revoked: no new jobs`]);
      }),
    );
}

/** The node finds the rows of an asset by farshore.json. */
function rememberAsset(home: string, assetId: string, data: string, schema: string): void {
  const config = JSON.parse(readFileSync(configPath(home), "utf8"));
  const others = (config.assets ?? []).filter((a: { assetId: string }) => a.assetId !== assetId);
  const changed = { ...config, assets: [...others, { assetId, data, schema }] };
  writePrivate(configPath(home), `${JSON.stringify(changed, null, 2)}\n`);
}
