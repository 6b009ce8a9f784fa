import type { Consent } from "../../core/tables/consents.ts";
import { purposeName } from "../../core/tables/purposes.ts";
import { formatStable } from "../../core/units.ts";
import { type InboxItem, showInInbox, type Verdict } from "../../party/inbox.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";

/** Who decided, where no person did. */
export const automatic = "policy";

/** What the node itself decided, by which rule. */
type Recorded = { readonly verdict: "declined" | "accept" | "person" | "two-persons"; rule: string; reason: string };

/** Records what the node decided of a job, logs it with its rule, and shows it. */
export function record(
  ctx: NodeContext,
  job: JobView,
  index: number,
  { verdict, rule, reason }: Recorded,
  needs: Consent[] = [],
) {
  const time = Number(ctx.clock.nowSeconds());
  ctx.store.putDecision({ job: job.jobId, asset: index, verdict, rule, reason, decider: automatic, time, consents: 0 });
  ctx.log.info({ jobId: job.jobId, asset: index, verdict, rule, reason, needs }, "job considered");
  show(ctx, job, index, { waitsFor: verdict === "accept" ? "accepted" : verdict, rule, reason, needs });
}

/** Shows a job, or what became of it, in the inbox. */
export function show(
  ctx: NodeContext,
  job: JobView,
  index: number,
  decision: Pick<InboxItem, "waitsFor" | "rule" | "reason"> & Partial<Pick<InboxItem, "needs">>,
): void {
  const use = job.terms.assets[index];
  showInInbox(ctx.config.home, {
    needs: [],
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
