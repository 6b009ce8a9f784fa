import type { Hex } from "../../core/bytes.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded, type Step } from "../steps.ts";

/** A message of this seat's for all others. `about` and `round` name it in the store's record of what was sent. */
export interface ToSeats {
  readonly about: string;
  readonly round: number;
  readonly step: Step;
  /** What one seat gets; called for each that lacks it. */
  readonly bytesFor: (seat: { operator: Hex; encryptionKey: Hex }) => Uint8Array | Promise<Uint8Array>;
}

/**
 * Brings a message to the other seats' boards, each by itself and waiting for none; one that is down gets it at a later step.
 * Once all have it this is remembered, and costs no look at the store again: steps are many, and rounds add up.
 */
export function bringToSeats(ctx: NodeContext, job: JobView, message: ToSeats): void {
  const { jobId } = job;
  const { about, round } = message;
  const key = doneKey(jobId, about, round);
  if (ctx.done.has(key)) return;
  const lacking = job.seats.filter(
    ({ account, operator }) => operator !== ctx.me.operator && !ctx.store.wasSent(jobId, about, round, account),
  );
  if (lacking.length === 0) ctx.done.add(key);
  for (const { account, operator } of lacking) {
    const run = async (signal: AbortSignal, patience: number) => {
      const { endpoint, encryptionKey } = await ctx.network.party(account);
      const bytes = await message.bytesFor({ operator, encryptionKey });
      await recorded(ctx, message.step, async () => {
        await ctx.board(endpoint).deliver(bytes, { signal, timeoutMs: patience * timeoutFor(bytes.length) });
        ctx.store.markSent(jobId, about, round, account);
      });
    };
    ctx.calls.start({ jobId, about: `${about}:${round}`, party: account, run });
  }
}

/** True once every other seat has a message. */
export function allHave(ctx: NodeContext, jobId: Hex, about: string, round: number): boolean {
  return ctx.done.has(doneKey(jobId, about, round));
}

function doneKey(jobId: Hex, about: string, round: number): string {
  return `${jobId}:${about}:${round}`;
}
