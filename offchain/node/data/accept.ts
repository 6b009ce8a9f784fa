import { readFileSync } from "node:fs";
import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { farshoreDomain, typedHash } from "../../core/eip712.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { formatStable } from "../../core/units.ts";
import { signDigest } from "../../crypto/secp256k1.ts";
import { inHome } from "../../party/config.ts";
import { showInInbox, type Verdict } from "../../party/inbox.ts";
import { encodeAcceptance } from "../../protocol/acceptance.ts";
import type { Acceptance } from "../../protocol/chainStructs.ts";
import { releaseCodeHash } from "../../protocol/codeHash.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { decide, manualPolicy, type Policy, type PolicyDecision, parsePolicy } from "../../protocol/policy.ts";
import type { NodeContext } from "../context.ts";
import { envelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { specOf } from "../specOf.ts";
import type { Datasets } from "./datasets.ts";

const thirtyDays = 30n * 86_400n;
const automatic = "policy";

/** Answers one open job for one of this institution's assets: by policy, by persons, or not yet. Every decision is recorded with its rule. */
export async function answerJob(ctx: NodeContext, datasets: Datasets, job: JobView, index: number): Promise<void> {
  const decisions = ctx.store.decisions(job.jobId, index);
  if (decisions.some((d) => d.verdict === "declined")) return;
  const spec = await specOf(ctx, job);
  const policy = readPolicy(ctx);
  if (!decisions.some((d) => d.decider === automatic)) {
    await consider(ctx, datasets, job, spec, policy, index);
  }
  const said = ctx.store.decisions(job.jobId, index);
  const asked = said.find((d) => d.decider === automatic)?.verdict;
  const persons = said.filter((d) => d.verdict === "accepted" && d.decider !== automatic);
  const needed = asked === "accept" ? 0 : asked === "two-persons" ? 2 : 1;
  if (asked === undefined || asked === "declined" || persons.length < needed) return;
  // What one person consented to and another did not is not consented to.
  const consents = persons.length === 0 ? 0 : persons.reduce((bits, d) => bits & d.consents, 0xffffffff) >>> 0;
  await signAcceptance(ctx, job, spec, policy, index, consents);
}

async function consider(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  spec: JobSpec,
  policy: Policy,
  index: number,
) {
  const decision =
    (await refusedByData(datasets, job, spec, index)) ?? decide(policy, await caseOf(ctx, job, spec, index));
  const verdict = decision.verdict === "decline" ? "declined" : decision.verdict;
  const { rule, reason } = decision;
  const time = Number(ctx.clock.nowSeconds());
  ctx.store.putDecision({ job: job.jobId, asset: index, verdict, rule, reason, decider: automatic, time, consents: 0 });
  ctx.log.info({ jobId: job.jobId, asset: index, verdict, rule, reason }, "job considered");
  const waitsFor = verdict === "accept" ? "accepted" : (verdict as "declined" | "person" | "two-persons");
  showInInbox(ctx.config.home, itemOf(job, spec, index, waitsFor, rule, reason));
}

// A job that this node could not compute is declined whatever the policy says.
async function refusedByData(
  datasets: Datasets,
  job: JobView,
  spec: JobSpec,
  index: number,
): Promise<PolicyDecision | undefined> {
  const use = job.terms.assets[index];
  try {
    if (spec.aggregation !== "clear" || spec.noiseMilli !== 0) {
      return {
        verdict: "decline",
        rule: "release",
        reason: "this release trains with aggregation clear and without noise",
      };
    }
    await datasets.compatible(spec, String(use?.assetId));
    return undefined;
  } catch (error) {
    if (!(error instanceof FarshoreError)) throw error;
    return { verdict: "decline", rule: error.code, reason: error.message };
  }
}

async function caseOf(ctx: NodeContext, job: JobView, spec: JobSpec, assetIndex: number) {
  const since = ctx.clock.nowSeconds() - thirtyDays;
  const use = job.terms.assets[assetIndex];
  const population = await ctx.network.populationOf(use?.assetId ?? 0n, use?.version ?? 0);
  const rhoNanoThisMonth = ctx.ledger.spentSince(population, since);
  return { spec, buyer: job.buyer, assetIndex, codeHash: releaseCodeHash, rhoNanoThisMonth };
}

function readPolicy(ctx: NodeContext): Policy {
  if (ctx.config.policy === undefined) return manualPolicy;
  return parsePolicy(JSON.parse(readFileSync(inHome(ctx.config, ctx.config.policy), "utf8")));
}

function itemOf(
  job: JobView,
  spec: JobSpec,
  index: number,
  waitsFor: Parameters<typeof showInInbox>[1]["waitsFor"],
  rule: string,
  reason: string,
) {
  const use = job.terms.assets[index];
  return {
    ...{ jobId: job.jobId, assetIndex: index, assetId: String(use?.assetId), buyer: job.buyer, name: spec.name },
    ...{ purpose: spec.purpose, price: formatStable(use?.price ?? 0n), rounds: spec.algorithm.rounds },
    ...{ waitsFor, rule, reason },
  };
}

/** A person's verdict from the command line: recorded with the name, then acted on. */
export function recordVerdict(ctx: NodeContext, job: JobView, index: number, verdict: Verdict): void {
  const accepted = verdict.verdict === "accept" ? "accepted" : "declined";
  const time = Number(ctx.clock.nowSeconds());
  const { person, consents } = verdict;
  const said = { verdict: accepted, rule: "person", reason: "decided by a person", decider: person };
  ctx.store.putDecision({ job: job.jobId, asset: index, ...said, time, consents });
  ctx.log.info({ jobId: job.jobId, asset: index, verdict: accepted, person: verdict.person }, "a person decided");
}

async function signAcceptance(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  policy: Policy,
  index: number,
  consents: number,
): Promise<void> {
  const held = ctx.store.messages(job.jobId, "own-acceptance").find((m) => m.slot === String(index));
  if (held !== undefined) return;
  const message: Acceptance = {
    jobId: job.jobId,
    termsHash: job.termsHash,
    assetIndex: index,
    consents,
    nonce: BigInt(bytesToHex(ctx.random(16))),
    expiry: ctx.clock.nowSeconds() + BigInt(policy.acceptanceSeconds),
  };
  const digest = typedHash(farshoreDomain(ctx.domain.chainId, ctx.domain.market), "Acceptance", { ...message });
  const signature = bytesToHex(signDigest(ctx.keys.operator, hexToBytes(digest)));
  const bytes = await envelope(ctx, {
    jobId: job.jobId,
    kind: "acceptance",
    round: 0,
    content: encodeAcceptance({ message, signature }),
  });
  keepOwn(ctx, job.jobId, index, bytes);
  showInInbox(ctx.config.home, itemOf(job, spec, index, "accepted", "all", "accepted and signed"));
}

function keepOwn(ctx: NodeContext, job: Hex, index: number, bytes: Uint8Array): void {
  const hash = sha256Hex(bytes);
  ctx.store.putMessage({
    job,
    kind: "own-acceptance",
    round: 0,
    sender: ctx.me.operator,
    slot: String(index),
    hash,
    bytes,
  });
}

/** Brings this institution's acceptances to every oracle's board until each has them. */
export async function spreadAcceptances(ctx: NodeContext, job: JobView): Promise<void> {
  for (const { slot, bytes } of ctx.store.messages(job.jobId, "own-acceptance")) {
    const oracles = (await ctx.network.oracles()).filter((o) => o.endpoint !== "");
    await Promise.all(
      oracles.map(async ({ account, endpoint }) => {
        const kind = `acceptance:${slot}`;
        if (ctx.store.wasSent(job.jobId, kind, 0, account) || !ctx.retry.due(`${kind}:${account}`)) return;
        try {
          await ctx.board(endpoint).deliver(bytes);
          ctx.store.markSent(job.jobId, kind, 0, account);
        } catch (cause) {
          ctx.retry.failed(`${kind}:${account}`);
          ctx.log.debug({ jobId: job.jobId, to: account, cause: String(cause) }, "acceptance not delivered");
        }
      }),
    );
  }
}
