import type { Hex } from "../../core/bytes.ts";
import { validatorIndex } from "../../protocol/aggregation.ts";
import type { RoundSet } from "../../protocol/chainStructs.ts";
import { dealingsRoot } from "../../protocol/dealingsRoot.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { type Dealing, dealingOf, fullSet, secondDealings } from "./dealings.ts";

/**
 * The dealings of a certified round as this seat holds them: the full set, or one in which second dealings that it got too stand
 * instead of the first; those are then what it holds. Null when what it holds does not make the certified root.
 */
export function certifiedSet(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  round: number,
  root: Hex,
): readonly Dealing[] | null {
  const key = `${job.jobId}:${round}`;
  const known = ctx.certified.get(key);
  if (known !== undefined) return known;
  const found = search(ctx, job, spec, round, root);
  if (found !== null) ctx.certified.set(key, found);
  return found;
}

/** True when this seat holds its part of every dealing of all certified rounds before `round`. */
export function holdsAllBefore(ctx: NodeContext, job: JobView, spec: JobSpec, round: number): boolean {
  return job.sets.slice(0, round).every(({ set }) => isHeld(ctx, job, spec, set));
}

function isHeld(ctx: NodeContext, job: JobView, spec: JobSpec, { round, dealingsRoot: root }: RoundSet): boolean {
  if (ctx.done.has(heldKey(job.jobId, round))) return true;
  if (certifiedSet(ctx, job, spec, round, root) === null) return false;
  markHeld(ctx, job.jobId, round);
  return true;
}

/** Remembers that this seat holds its part of every dealing of a certified round: what it keeps it keeps until the job is closed. */
export function markHeld(ctx: NodeContext, jobId: Hex, round: number): void {
  ctx.done.add(heldKey(jobId, round));
}

function heldKey(jobId: Hex, round: number): string {
  return `${jobId}:held:${round}`;
}

/** The contributors' dealings of a set, without the validation key of round 0. */
export function contributions(set: readonly Dealing[]): Dealing[] {
  return set.filter(({ index }) => index !== validatorIndex);
}

function search(ctx: NodeContext, job: JobView, spec: JobSpec, round: number, root: Hex): readonly Dealing[] | null {
  const held = fullSet(ctx, job, spec, round);
  if (held === null) return null;
  const messages = secondDealings(ctx, job, round);
  const seconds = messages.flatMap((message) => {
    const dealing = dealingOf(ctx, job, spec, message);
    return dealing === null ? [] : [{ message, dealing }];
  });
  const choices = alternatives(
    held,
    seconds.map(({ dealing }) => dealing),
  );
  const set = choices.find((choice) => dealingsRoot(choice.map(({ leaf }) => leaf)) === root);
  if (set === undefined) return null;
  for (const { message, dealing } of seconds) {
    if (set.includes(dealing)) {
      ctx.store.replaceMessage({ ...message, kind: "dealing", slot: String(dealing.index) });
    }
  }
  return set;
}

// Dealers that cheat are few; beyond this many sets the search is given up.
const mostSets = 256;

/** Every set that takes one of each dealer's dealings, the one held first. */
function alternatives(held: readonly Dealing[], seconds: readonly Dealing[]): Dealing[][] {
  const choices = held.map((first) => [first, ...seconds.filter(({ index }) => index === first.index)]);
  return choices.reduce<Dealing[][]>(
    (sets, choice) => choice.flatMap((dealing) => sets.map((set) => [...set, dealing])).slice(0, mostSets),
    [[]],
  );
}
