import { type Hex, hexToBytes } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { recoverAddress } from "../../crypto/secp256k1.ts";
import { takeVerdicts, type Verdict } from "../../party/inbox.ts";
import { expectPerson } from "../../protocol/verdict.ts";
import type { NodeContext } from "../context.ts";
import { recordVerdict } from "./decisions.ts";
import { policyNow } from "./policyNow.ts";

/** Takes the verdicts that persons left in the inbox: recorded first, then acted on by the job's next step. */
export async function takeInbox(ctx: NodeContext): Promise<void> {
  await takeVerdicts(ctx.config.home, async (verdict) => {
    const job = ctx.network.job(verdict.jobId as Hex);
    if (job === undefined || !mayDecide(ctx, verdict)) return;
    const mine = new Set(ctx.config.assets.map((a) => a.assetId));
    for (const [index, use] of job.terms.assets.entries()) {
      if (mine.has(String(use.assetId))) recordVerdict(ctx, job, index, verdict);
    }
    ctx.wake(job.jobId);
  });
}

/** The command line checked the same before; what lies in the folder may have been written by anything. */
function mayDecide(ctx: NodeContext, verdict: Verdict): boolean {
  try {
    expectPerson(policyNow(ctx).policy, verdict, (digest, signature) => recoverAddress(digest, hexToBytes(signature)));
    return true;
  } catch (error) {
    if (!(error instanceof FarshoreError)) throw error;
    const { code, message } = error;
    ctx.log.warn({ jobId: verdict.jobId, person: verdict.person, code, error: message }, "a verdict is not taken");
    return false;
  }
}
