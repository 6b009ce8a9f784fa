import { sha256Hex } from "../../core/hash.ts";
import type { Dealt } from "../../protocol/aggregation.ts";
import { aggregationOf } from "../../protocol/aggregations.ts";
import { encodeFrames } from "../../protocol/frames.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { localUpdate, type ModelState } from "../../protocol/newtonJob.ts";
import { encodeUpdate } from "../../protocol/updateContent.ts";
import type { NodeContext } from "../context.ts";
import { envelope, sealedEnvelope } from "../envelopes.ts";
import type { JobView, Seat } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded } from "../steps.ts";
import { attestedState } from "./attestedState.ts";
import type { Datasets } from "./datasets.ts";

/**
 * Trains as far as this node knows attested states: for each round it deals once (stored before it is sent), brings the
 * same bytes to every seat until each has them, waiting for none, and goes on when the next state is attested by m seats.
 */
export async function trainRounds(
  ctx: NodeContext,
  datasets: Datasets,
  job: JobView,
  spec: JobSpec,
  index: number,
): Promise<void> {
  const rounds = job.finished?.completed ?? job.terms.rounds;
  for (let round = 0; round < rounds; round++) {
    const state = attestedState(ctx, job, spec, round);
    if (state === null) return;
    const dealing = await dealOnce(ctx, datasets, { job, spec, index, round, state });
    for (const seat of job.seats) bring(ctx, job, seat, index, round, dealing);
  }
}

interface Round {
  readonly job: JobView;
  readonly spec: JobSpec;
  readonly index: number;
  readonly round: number;
  readonly state: ModelState;
}

/**
 * What each seat gets in one round, the signed envelope that all get and its own part; made once and kept: a fresh dealing
 * after a restart would mix polynomials.
 */
async function dealOnce(ctx: NodeContext, datasets: Datasets, r: Round): Promise<Uint8Array[]> {
  const slot = (seat: number) => `${r.index}:${seat}`;
  const kept = new Map(ctx.store.messages(r.job.jobId, "own-dealing", r.round).map((m) => [m.slot, m.bytes]));
  const all = r.job.seats.map((_, seat) => kept.get(slot(seat)));
  if (all.every((bytes) => bytes !== undefined)) return all as Uint8Array[];
  const { common, parts } = await computeDealing(ctx, datasets, r);
  const content = encodeUpdate(r.index, common);
  const signed = await envelope(ctx, { jobId: r.job.jobId, kind: "update", round: r.round, content });
  const dealings = parts.map((part) => encodeFrames([signed, part]));
  const sender = ctx.me.operator;
  // Half of them kept and the other half dealt anew after a restart would give seats different polynomials: no root is agreed.
  await recorded(ctx, "data.keepDealing", () =>
    ctx.store.putTogether(
      dealings.map((bytes, seat) => ({
        ...{ job: r.job.jobId, kind: "own-dealing", round: r.round, sender, slot: slot(seat) },
        ...{ hash: sha256Hex(bytes), bytes },
      })),
    ),
  );
  return dealings;
}

async function computeDealing(ctx: NodeContext, datasets: Datasets, r: Round): Promise<Dealt> {
  const contributor = r.job.contributors[r.index];
  const assetId = r.job.terms.assets[r.index]?.assetId;
  if (contributor === undefined || assetId === undefined) throw new Error("no such contributor");
  const rows = await datasets.rows(r.spec, String(assetId), contributor.datasetRoot);
  const values = localUpdate(r.spec, r.round, r.state, rows);
  const population = await ctx.network.populationOf(assetId, r.job.terms.assets[r.index]?.version ?? 0);
  const { jobId } = r.job;
  await recorded(ctx, "data.recordRelease", () =>
    ctx.ledger.record({
      population,
      ...{ jobId, round: r.round, rhoNano: 0n, time: ctx.clock.nowSeconds() },
      digest: sha256Hex(new Uint8Array(values.buffer)),
    }),
  );
  const scope = { chainId: ctx.domain.chainId, jobId, round: r.round, kind: "update", dealer: r.index };
  return aggregationOf(r.spec.aggregation).deal(scope, values, r.spec.committee, ctx.random);
}

function bring(ctx: NodeContext, job: JobView, seat: Seat, index: number, round: number, dealings: Uint8Array[]): void {
  const { jobId } = job;
  const kind = `update:${index}`;
  if (ctx.store.wasSent(jobId, kind, round, seat.account)) return;
  const plaintext = dealings[job.seats.indexOf(seat)] as Uint8Array;
  const run = async (signal: AbortSignal, patience: number) => {
    const { endpoint, encryptionKey } = await ctx.network.party(seat.account);
    const to = { operator: seat.operator, encryptionKey };
    const bytes = await sealedEnvelope(ctx, to, { jobId, kind: "update", round, plaintext });
    await recorded(ctx, "data.sendDealing", async () => {
      await ctx.board(endpoint).deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
      ctx.store.markSent(jobId, kind, round, seat.account);
    });
  };
  ctx.calls.start({ jobId, about: `${kind}:${round}`, party: seat.account, run });
}
