import { readFileSync } from "node:fs";
import { FarshoreError } from "../../core/errors.ts";
import { purposeName } from "../../core/tables/purposes.ts";
import { formatStable } from "../../core/units.ts";
import { inHome } from "../../party/config.ts";
import { type InboxItem, showInInbox, type Verdict } from "../../party/inbox.ts";
import { releaseCodeHash } from "../../protocol/codeHash.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { decide, manualPolicy, type Policy, type PolicyDecision, parsePolicy } from "../../protocol/policy.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import { cancelAcceptance, signAcceptance, spreadAcceptance } from "./acceptance.ts";
import type { Datasets } from "./datasets.ts";

const thirtyDays = 30n * 86_400n;
const automatic = "policy";

/** Answers one open job for one of this institution's assets: by policy, by persons, or not yet. Every decision is recorded with its rule. */
export async function answerJob(ctx: NodeContext, datasets: Datasets, job: JobView, index: number): Promise<void> {
  const decided = () => ctx.store.decisions(job.jobId, index);
  const policy = readPolicy(ctx);
  if (decided().length === 0) await consider(ctx, datasets, job, policy, index);
  if (decided().some((d) => d.verdict === "declined")) return cancelAcceptance(ctx, job, index);
  const asked = decided().find((d) => d.decider === automatic)?.verdict;
  const persons = decided().filter((d) => d.verdict === "accepted" && d.decider !== automatic);
  const needed = asked === "accept" ? 0 : asked === "two-persons" ? 2 : 1;
  if (persons.length < needed) return;
  // What one person consented to and another did not is not consented to.
  const consents = persons.length === 0 ? 0 : persons.reduce((bits, d) => bits & d.consents, 0xffffffff) >>> 0;
  if (await signAcceptance(ctx, job, index, { consents, seconds: policy.acceptanceSeconds })) {
    const by = persons.length === 0 ? "inside every limit of the policy" : persons.map((d) => d.decider).join(", ");
    const rule = persons.length === 0 ? "all" : "person";
    show(ctx, job, index, { waitsFor: "accepted", rule, reason: `accepted and signed: ${by}` });
  }
  await spreadAcceptance(ctx, job, index);
}

async function consider(ctx: NodeContext, datasets: Datasets, job: JobView, policy: Policy, index: number) {
  const decision = (await refusedAlways(ctx, datasets, job, index)) ?? decide(policy, await caseOf(ctx, job, index));
  const verdict = decision.verdict === "decline" ? "declined" : decision.verdict;
  const { rule, reason } = decision;
  const time = Number(ctx.clock.nowSeconds());
  ctx.store.putDecision({ job: job.jobId, asset: index, verdict, rule, reason, decider: automatic, time, consents: 0 });
  ctx.log.info({ jobId: job.jobId, asset: index, verdict, rule, reason }, "job considered");
  show(ctx, job, index, { waitsFor: verdict === "accept" ? "accepted" : verdict, rule, reason });
}

/**
 * What is declined whatever the policy says: terms that are not the specification's, and a job that this node could not
 * compute. What may change by itself (no board serves the specification yet) is thrown and asked again.
 */
async function refusedAlways(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  index: number,
): Promise<PolicyDecision | undefined> {
  try {
    const spec = await specOf(ctx, job);
    if (spec.aggregation !== "clear" || spec.noiseMilli !== 0) {
      return {
        verdict: "decline",
        rule: "release",
        reason: "this release trains with aggregation clear and without noise",
      };
    }
    await datasets.compatible(spec, String(job.terms.assets[index]?.assetId));
    return undefined;
  } catch (error) {
    if (!(error instanceof FarshoreError) || error.retryable) throw error;
    return { verdict: "decline", rule: error.code, reason: error.message };
  }
}

async function caseOf(ctx: NodeContext, job: JobView, assetIndex: number) {
  const since = ctx.clock.nowSeconds() - thirtyDays;
  const use = job.terms.assets[assetIndex];
  const population = await ctx.network.populationOf(use?.assetId ?? 0n, use?.version ?? 0);
  const rhoNanoThisMonth = ctx.ledger.spentSince(population, since);
  const spec: JobSpec = await specOf(ctx, job);
  return { spec, buyer: job.buyer, assetIndex, codeHash: releaseCodeHash, rhoNanoThisMonth };
}

function readPolicy(ctx: NodeContext): Policy {
  if (ctx.config.policy === undefined) return manualPolicy;
  return parsePolicy(JSON.parse(readFileSync(inHome(ctx.config, ctx.config.policy), "utf8")));
}

function show(
  ctx: NodeContext,
  job: JobView,
  index: number,
  decision: Pick<InboxItem, "waitsFor" | "rule" | "reason">,
): void {
  const use = job.terms.assets[index];
  showInInbox(ctx.config.home, {
    ...{ jobId: job.jobId, assetIndex: index, assetId: String(use?.assetId), buyer: job.buyer },
    // Without a specification that fits its terms a job has no name.
    name: ctx.specs.get(job.jobId)?.name ?? "",
    ...{ purpose: purposeName(job.terms.purpose), price: formatStable(use?.price ?? 0n), rounds: job.terms.rounds },
    ...decision,
  });
}

/** A person's verdict from the command line: recorded with the name, then acted on. Too late once the job has started. */
export function recordVerdict(ctx: NodeContext, job: JobView, index: number, said: Verdict): void {
  const verdict = said.verdict === "accept" ? "accepted" : "declined";
  const { person, consents } = said;
  if (job.state !== "Open") {
    ctx.log.warn({ jobId: job.jobId, asset: index, verdict, person, state: job.state }, "a person decided too late");
    return;
  }
  const time = Number(ctx.clock.nowSeconds());
  const reason = "decided by a person";
  ctx.store.putDecision({
    ...{ job: job.jobId, asset: index, verdict, rule: "person", reason, decider: person, time, consents },
  });
  ctx.log.info({ jobId: job.jobId, asset: index, verdict, rule: "person", person }, "a person decided");
  if (verdict === "declined")
    show(ctx, job, index, { waitsFor: verdict, rule: "person", reason: `declined: ${person}` });
}
