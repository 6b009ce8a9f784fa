import { bytesToHex } from "../../core/bytes.ts";
import { sha256Hex } from "../../core/hash.ts";
import { signDigest } from "../../crypto/secp256k1.ts";
import { acceptanceSignedBy, decodeAcceptance, type SignedAcceptance } from "../../protocol/acceptance.ts";
import type { Acceptance } from "../../protocol/chainStructs.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { envelope } from "../envelopes.ts";
import type { JobView } from "../network.ts";
import { timeoutFor } from "../peerCalls.ts";
import { recorded } from "../steps.ts";
import type { StoredMessage } from "../store.ts";

// Marks in the store that an acceptance was cancelled on the chain.
const cancelled = "acceptance-cancelled";

// An acceptance is signed again when less than this part of its life is left: boards and nodes may be away for a while.
const renewalPart = 2;

function ownAcceptance(ctx: NodeContext, job: JobView, index: number): StoredMessage | undefined {
  return ctx.store.messages(job.jobId, "own-acceptance").find((m) => m.slot === String(index));
}

/** What this node signed for one asset of a job; the newest, where it was renewed. */
export function signedAcceptance(ctx: NodeContext, job: JobView, index: number): SignedAcceptance | undefined {
  const stored = ownAcceptance(ctx, job, index);
  return stored === undefined ? undefined : decodeAcceptance(readEnvelope(stored.bytes).content);
}

/**
 * Signs the acceptance of one asset, and again before it expires; each is kept before it is sent. A renewal has the nonce
 * of the first: the contract's nonce only names what is cancelled, so that one cancellation takes all of them back.
 */
export async function signAcceptance(
  ctx: NodeContext,
  job: JobView,
  index: number,
  given: { readonly consents: number; readonly seconds: number },
): Promise<"first" | "renewed" | "stands"> {
  const { jobId } = job;
  const before = signedAcceptance(ctx, job, index)?.message;
  const now = BigInt(ctx.network.now());
  if (before !== undefined && before.expiry - now > BigInt(given.seconds) / BigInt(renewalPart)) return "stands";
  const message: Acceptance = {
    jobId,
    termsHash: job.termsHash,
    assetIndex: index,
    consents: given.consents,
    nonce: before?.nonce ?? BigInt(bytesToHex(ctx.random(16))),
    expiry: now + BigInt(given.seconds),
  };
  const bytes = await signedEnvelope(ctx, message);
  const stored = { job: jobId, kind: "own-acceptance", round: 0, sender: ctx.me.operator, slot: String(index) };
  await recorded(ctx, "data.keepAcceptance", () =>
    ctx.store.replaceMessage({ ...stored, hash: sha256Hex(bytes), bytes }),
  );
  if (before === undefined) return "first";
  ctx.log.info({ jobId, asset: index, expiry: Number(message.expiry) }, "acceptance renewed");
  return "renewed";
}

async function signedEnvelope(ctx: NodeContext, message: Acceptance): Promise<Uint8Array> {
  const content = acceptanceSignedBy(ctx.domain, message, (digest) => signDigest(ctx.keys.operator, digest));
  return envelope(ctx, { jobId: message.jobId, kind: "acceptance", round: 0, content });
}

/** Cancels the acceptance of an asset that was declined after it was signed: boards may hold it, the chain refuses it then. */
export async function cancelAcceptance(ctx: NodeContext, job: JobView, index: number): Promise<void> {
  const signed = signedAcceptance(ctx, job, index);
  if (signed === undefined || ctx.store.wasSent(job.jobId, cancelled, 0, String(index))) return;
  const { nonce } = signed.message;
  const { status, reason } = await ctx.network.cancelAcceptance(job, ctx.me.account, nonce);
  if (status === "done") ctx.store.markSent(job.jobId, cancelled, 0, String(index));
  ctx.log.info({ jobId: job.jobId, asset: index, status, reason }, "acceptance cancelled");
}

/** Brings this institution's acceptance of an asset to every oracle's board until each has it. */
export async function spreadAcceptance(ctx: NodeContext, job: JobView, index: number): Promise<void> {
  const own = ownAcceptance(ctx, job, index);
  if (own === undefined) return;
  const oracles = (await ctx.network.oracles()).filter((o) => o.endpoint !== "");
  // By its hash: a renewed one is brought again to boards that hold the one before.
  const kind = `acceptance:${index}:${own.hash}`;
  for (const { account, endpoint } of oracles) {
    if (ctx.store.wasSent(job.jobId, kind, 0, account)) continue;
    const run = async (signal: AbortSignal, patience: number) => {
      await recorded(ctx, "data.sendAcceptance", async () => {
        await ctx.board(endpoint).deliver(own.bytes, { signal, timeoutMs: patience * timeoutFor(own.bytes.length) });
        ctx.store.markSent(job.jobId, kind, 0, account);
      });
    };
    // Of one asset one call at a time to a board: an older acceptance never arrives after a newer one.
    ctx.calls.start({ jobId: job.jobId, about: `acceptance:${index}`, party: account, run });
  }
}
