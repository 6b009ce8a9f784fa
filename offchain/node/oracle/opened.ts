import type { Hex } from "../../core/bytes.ts";
import type { ShareKind } from "../../core/tables/shareKinds.ts";
import { decodeShares } from "../../crypto/decodeShares.ts";
import type { FieldVector } from "../../crypto/field61.ts";
import type { JobSpec } from "../../protocol/jobSpec.ts";
import { expectedUpdate } from "../../protocol/newtonJob.ts";
import { keyElements } from "../../protocol/validationDelivery.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { type Release, releasedValues } from "./releases.ts";

/**
 * What m seats' released shares open to, or null while fewer than m consistent ones are there. Shares that do not lie on
 * the polynomial of the others are named by decoding, never by a majority (protocol, section 5); where decoding names nobody,
 * nobody is named.
 * @param degree of the polynomial: t, or 2t for a norm
 */
export function opened(
  ctx: NodeContext,
  job: JobView,
  spec: JobSpec,
  said: Omit<Release, "values">,
  length: number,
  degree = spec.committee.t,
): FieldVector | null {
  const shares = releasedValues(ctx, job, said, length);
  if (shares.size < spec.committee.m) return null;
  const decoded = decodeShares(shares, spec.committee, degree);
  if ("inconsistent" in decoded) {
    if (shares.size === job.seats.length) blame(ctx, job, said, "nobody", "shares of all seats are inconsistent");
    return null;
  }
  // Of m that agree t + 1 are honest, and their polynomial is the one. Fewer may be liars and those whom they would frame.
  if (shares.size - decoded.wrong.length < spec.committee.m) return null;
  for (const seat of decoded.wrong) {
    blame(ctx, job, said, job.seats[seat]?.operator ?? "nobody", "a released share is off the polynomial");
  }
  return decoded.secret;
}

/**
 * Looks at the shares of one kind and round once more when a seat's came last: m consistent ones may have opened it before, and
 * whoever lied afterwards is named all the same.
 */
export function examineLast(ctx: NodeContext, job: JobView, spec: JobSpec, kind: ShareKind, round: number): void {
  const roundsDigest = digestFor(job, kind, round);
  if (roundsDigest === undefined) return;
  const said = { kind, round, roundsDigest };
  const length = releasedLength(spec, kind, round);
  if (releasedValues(ctx, job, said, length).size < job.seats.length) return;
  opened(ctx, job, spec, said, length, kind === "norm" ? 2 * spec.committee.t : spec.committee.t);
}

/** Digest of the certified rounds that a release of one kind is for; undefined before they are certified. */
export function digestFor(job: JobView, kind: ShareKind, round: number): Hex | undefined {
  return (kind === "validationKey" ? job.sets.at(-1) : job.sets[round])?.digest;
}

/** How many field elements a release of one kind has. */
export function releasedLength(spec: JobSpec, kind: ShareKind, round: number): number {
  if (kind === "sum") return expectedUpdate(spec, round).length;
  return kind === "validationKey" ? keyElements : spec.assets.length;
}

function blame(
  ctx: NodeContext,
  job: JobView,
  { kind, round }: Omit<Release, "values">,
  party: string,
  detail: string,
): void {
  ctx.store.putFault(job.jobId, round, party, `share/${kind}`, detail);
}
