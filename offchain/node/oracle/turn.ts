import type { Address, Hex } from "../../core/bytes.ts";
import { rankOf } from "../../protocol/rank.ts";
import type { NodeContext } from "../context.ts";
import type { CallOutcome, JobView } from "../network.ts";

/** Where this oracle stands among those that may make a call. */
export interface Place {
  /** In `callers`; -1 = it is none of them and waits longest. */
  readonly position: number;
  readonly callers: readonly Address[];
  /** How many others come before all of `callers`. */
  readonly behind: number;
}

/** A seat's place in its committee. */
export function seatPlace(job: JobView, seat: number): Place {
  return { position: seat, callers: job.seats.map((s) => s.account), behind: 0 };
}

/** Place among all active oracles: for steps before a committee is seated. */
export async function oraclePlace(ctx: NodeContext): Promise<Place> {
  const oracles = await ctx.network.oracles();
  const position = oracles.findIndex((o) => o.operator === ctx.me.operator);
  return { position, callers: oracles.map((o) => o.account), behind: 0 };
}

/** Place of an oracle without a seat, behind the whole committee: it acts when every seat let its turn pass. */
export async function bystanderPlace(ctx: NodeContext, job: JobView): Promise<Place> {
  const seated = new Set(job.seats.map((s) => s.account));
  const others = (await ctx.network.oracles()).filter((o) => !seated.has(o.account));
  const position = others.findIndex((o) => o.operator === ctx.me.operator);
  return { position, callers: others.map((o) => o.account), behind: job.seats.length };
}

/**
 * Makes a call when it is this oracle's turn: rank 0 at once, each next rank one delay later, counted from when this
 * oracle first could. Who does not answer this oracle has no turn to wait for. Ranks are an order, not a right: a call
 * that came second is no error.
 */
export async function inTurn(
  ctx: NodeContext,
  jobId: Hex,
  step: string,
  place: Place,
  call: () => Promise<CallOutcome>,
): Promise<void> {
  const key = `${jobId}:${step}`;
  const since = ctx.turns.get(key) ?? ctx.clock.nowMs();
  ctx.turns.set(key, since);
  const rank = rankAmong(ctx, jobId, step, place);
  if (ctx.clock.nowMs() < since + rank * ctx.config.rankDelayMs || !ctx.retry.due(key)) return;
  const outcome = await call();
  if (outcome.status === "done") {
    ctx.retry.succeeded(key);
    ctx.log.info({ jobId, step }, "called");
    // The block is there: the next step must see it, or it would make the same call again.
    await ctx.network.sync();
    return;
  }
  ctx.retry.failed(key);
  ctx.log.debug({ jobId, step, ...outcome }, "call came second or too early");
}

function rankAmong(ctx: NodeContext, jobId: Hex, step: string, { position, callers, behind }: Place): number {
  if (position < 0) return behind + callers.length;
  const rank = (index: number) => rankOf(jobId, step, index, callers.length);
  const own = rank(position);
  const before = callers.filter((account, index) => rank(index) < own && !ctx.calls.isAway(account));
  return behind + before.length;
}
