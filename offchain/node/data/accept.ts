import { FarshoreError } from "../../core/errors.ts";
import { type Consent, consentBits } from "../../core/tables/consents.ts";
import { releaseCodeHash } from "../../protocol/codeHash.ts";
import { decide, neededConsents, type PolicyCase, type PolicyDecision } from "../../protocol/decide.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { Policy } from "../../protocol/policy.ts";
import { rulesRefusal } from "../../protocol/rules.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { rulesOf } from "../rulesOf.ts";
import { specOf } from "../specOf.ts";
import { recorded } from "../steps.ts";
import type { StoredDecision } from "../store.ts";
import { cancelAcceptance, signAcceptance, signedAcceptance, spreadAcceptance } from "./acceptance.ts";
import { cohortOf, cohortRefusal, recordCohort } from "./cohort.ts";
import type { Datasets } from "./datasets.ts";
import { automatic, record, show } from "./decisions.ts";
import { type PolicyNow, policyNow } from "./policyNow.ts";

const thirtyDays = 30n * 86_400n;

/** Answers one open job for one of this institution's assets: by policy, by persons, or not yet. Every decision is recorded with its rule. */
export async function answerJob(ctx: NodeContext, datasets: Datasets, job: JobView, index: number): Promise<void> {
  const decided = () => ctx.store.decisions(job.jobId, index);
  const now = policyNow(ctx);
  if (decided().length === 0) await consider(ctx, datasets, job, now, index);
  if (decided().some((d) => d.verdict === "declined")) return cancelAcceptance(ctx, job, index);
  const asked = decided().find((d) => d.decider === automatic)?.verdict;
  const persons = decided().filter((d) => d.verdict === "accepted" && d.decider !== automatic);
  const needed = asked === "accept" ? 0 : asked === "two-persons" ? 2 : 1;
  if (persons.length < needed) return;
  const consents = await consentsGiven(ctx, datasets, job, now.policy, index, persons);
  if (consents === null || !(await boundToCohort(ctx, job, index))) return;
  if ((await signAcceptance(ctx, job, index, { consents, seconds: now.policy.acceptanceSeconds })) === "first") {
    const by = persons.length === 0 ? "inside every limit of the policy" : persons.map((d) => d.decider).join(", ");
    const rule = persons.length === 0 ? "all" : "person";
    show(ctx, job, index, { waitsFor: "accepted", rule, reason: `accepted and signed: ${by}` });
  }
  await spreadAcceptance(ctx, job, index);
}

/**
 * Consents (bits) that the acceptance states; null while one is missing. A signed acceptance keeps its own: what was agreed
 * to when it was given does not lapse with the file. What one person consented to and another did not is not consented to.
 */
async function consentsGiven(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  policy: Policy,
  index: number,
  persons: readonly StoredDecision[],
): Promise<number | null> {
  const signed = signedAcceptance(ctx, job, index);
  if (signed !== undefined) return signed.message.consents;
  const needed = consentBits(await needsOf(ctx, datasets, job, index));
  const said = persons.length === 0 ? 0 : persons.reduce((bits, d) => bits & d.consents, 0xffffffff) >>> 0;
  const given = (said | (consentBits(policy.consents) & needed)) >>> 0;
  return (needed & ~given) === 0 ? given : null;
}

/** Names of what the institution must agree to beyond this job's terms. */
async function needsOf(ctx: NodeContext, datasets: Datasets, job: JobView, index: number): Promise<Consent[]> {
  return neededConsents(await specOf(ctx, job), await datasets.rowsOf(assetIdOf(job, index)));
}

/** False, and the job declined, when its cohort is another than the asset's; else the cohort is recorded. */
async function boundToCohort(ctx: NodeContext, job: JobView, index: number): Promise<boolean> {
  const spec = await specOf(ctx, job);
  const cohort = await cohortOf(ctx, job);
  // From here on without a pause: of two jobs that are answered at once, the second sees what the first recorded.
  const reason = cohortRefusal(ctx, job, spec, cohort, index);
  if (reason === undefined) {
    await recorded(ctx, "data.recordCohort", () => recordCohort(ctx, job, spec, cohort, index));
  } else record(ctx, job, index, { verdict: "declined", rule: "cohort", reason });
  return reason === undefined;
}

async function consider(ctx: NodeContext, datasets: Datasets, job: JobView, now: PolicyNow, index: number) {
  const decision = (await refusedAlways(ctx, datasets, job, index)) ?? (await byPolicy(ctx, datasets, job, now, index));
  const { rule, reason } = decision;
  if (decision.verdict === "decline") return record(ctx, job, index, { verdict: "declined", rule, reason });
  const needed = await needsOf(ctx, datasets, job, index);
  const needs = needed.filter((consent) => !now.policy.consents.includes(consent));
  record(ctx, job, index, { verdict: decision.verdict, rule, reason }, needs);
}

async function byPolicy(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  { policy, wrong }: PolicyNow,
  index: number,
): Promise<PolicyDecision> {
  const decision = decide(policy, await caseOf(ctx, datasets, job, index));
  return wrong === undefined ? decision : { ...decision, rule: wrong.code, reason: wrong.message };
}

/**
 * What is declined whatever the policy says: terms that are not the specification's, a job that this node could not
 * compute, and one under rules that are not in force or that it breaks. What may change by itself (no board serves the
 * specification or the rules yet) is thrown and asked again.
 */
async function refusedAlways(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  index: number,
): Promise<PolicyDecision | undefined> {
  try {
    const spec = await specOf(ctx, job);
    if (spec.aggregation === "encrypted" || spec.noiseMilli !== 0) {
      return {
        verdict: "decline",
        rule: "release",
        reason: "this release trains with aggregation shares or clear, and without noise",
      };
    }
    const broken = rulesRefusal(await rulesOf(ctx, job), spec, await ctx.network.jurisdictionOf(ctx.me.account));
    if (broken !== undefined) return { verdict: "decline", rule: "rules", reason: broken };
    await datasets.compatible(spec, assetIdOf(job, index));
    const reason = cohortRefusal(ctx, job, spec, await cohortOf(ctx, job), index);
    return reason === undefined ? undefined : { verdict: "decline", rule: "cohort", reason };
  } catch (error) {
    if (!(error instanceof FarshoreError) || error.retryable) throw error;
    return { verdict: "decline", rule: error.code, reason: error.message };
  }
}

async function caseOf(ctx: NodeContext, datasets: Datasets, job: JobView, assetIndex: number): Promise<PolicyCase> {
  const since = ctx.clock.nowSeconds() - thirtyDays;
  const use = job.terms.assets[assetIndex];
  const population = await ctx.network.populationOf(use?.assetId ?? 0n, use?.version ?? 0);
  const rhoNanoThisMonth = ctx.ledger.spentSince(population, since);
  const spec: JobSpec = await specOf(ctx, job);
  const rows = await datasets.rowsOf(assetIdOf(job, assetIndex));
  return { spec, buyer: job.buyer, assetIndex, rows, codeHash: releaseCodeHash, rhoNanoThisMonth };
}

function assetIdOf(job: JobView, index: number): string {
  return String(job.terms.assets[index]?.assetId);
}
