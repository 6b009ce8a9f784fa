import type { Hex } from "../../core/bytes.ts";
import { rankOf } from "../../protocol/rank.ts";
import type { NodeContext } from "../context.ts";
import type { CallOutcome } from "../network.ts";

/**
 * Makes a call when it is this oracle's turn: rank 0 at once, each next rank one delay later, counted from when this
 * oracle first could. Ranks are an order, not a right: a call that came second is no error.
 * @param position this oracle's place among `count` callers; -1 = it has none and waits longest
 */
export async function inTurn(
  ctx: NodeContext,
  jobId: Hex,
  step: string,
  place: { position: number; count: number },
  call: () => Promise<CallOutcome>,
): Promise<void> {
  const key = `${jobId}:${step}`;
  const since = ctx.turns.get(key) ?? ctx.clock.nowMs();
  ctx.turns.set(key, since);
  const rank = place.position < 0 ? place.count : rankOf(jobId, step, place.position, place.count);
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
