import { bytesToHex, hexToBytes } from "../../core/bytes.ts";
import { farshoreDomain, typedHash } from "../../core/eip712.ts";
import { sha256Hex } from "../../core/hash.ts";
import { signDigest } from "../../crypto/secp256k1.ts";
import { decodeAcceptance, encodeAcceptance } from "../../protocol/acceptance.ts";
import type { Acceptance } from "../../protocol/chainStructs.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { envelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";

// Marks in the store that an acceptance was cancelled on the chain.
const cancelled = "acceptance-cancelled";

function ownAcceptance(ctx: NodeContext, job: JobView, index: number): Uint8Array | undefined {
  return ctx.store.messages(job.jobId, "own-acceptance").find((m) => m.slot === String(index))?.bytes;
}

/** Signs the acceptance of one asset, once: kept before it is sent. Returns false when it was signed before. */
export async function signAcceptance(
  ctx: NodeContext,
  job: JobView,
  index: number,
  given: { readonly consents: number; readonly seconds: number },
): Promise<boolean> {
  const { jobId } = job;
  if (ownAcceptance(ctx, job, index) !== undefined) return false;
  const message: Acceptance = {
    jobId,
    termsHash: job.termsHash,
    assetIndex: index,
    consents: given.consents,
    nonce: BigInt(bytesToHex(ctx.random(16))),
    expiry: ctx.clock.nowSeconds() + BigInt(given.seconds),
  };
  const digest = typedHash(farshoreDomain(ctx.domain.chainId, ctx.domain.market), "Acceptance", { ...message });
  const signature = bytesToHex(signDigest(ctx.keys.operator, hexToBytes(digest)));
  const content = encodeAcceptance({ message, signature });
  const bytes = await envelope(ctx, { jobId, kind: "acceptance", round: 0, content });
  const stored = { job: jobId, kind: "own-acceptance", round: 0, sender: ctx.me.operator, slot: String(index) };
  ctx.store.putMessage({ ...stored, hash: sha256Hex(bytes), bytes });
  return true;
}

/** Cancels the acceptance of an asset that was declined after it was signed: boards may hold it, the chain refuses it then. */
export async function cancelAcceptance(ctx: NodeContext, job: JobView, index: number): Promise<void> {
  const bytes = ownAcceptance(ctx, job, index);
  if (bytes === undefined || ctx.store.wasSent(job.jobId, cancelled, 0, String(index))) return;
  const { nonce } = decodeAcceptance(openEnvelope(bytes).content).message;
  const { status, reason } = await ctx.network.cancelAcceptance(job, ctx.me.account, nonce);
  if (status === "done") ctx.store.markSent(job.jobId, cancelled, 0, String(index));
  ctx.log.info({ jobId: job.jobId, asset: index, status, reason }, "acceptance cancelled");
}

/** Brings this institution's acceptance of an asset to every oracle's board until each has it. */
export async function spreadAcceptance(ctx: NodeContext, job: JobView, index: number): Promise<void> {
  const bytes = ownAcceptance(ctx, job, index);
  if (bytes === undefined) return;
  const oracles = (await ctx.network.oracles()).filter((o) => o.endpoint !== "");
  await Promise.all(
    oracles.map(async ({ account, endpoint }) => {
      const kind = `acceptance:${index}`;
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
