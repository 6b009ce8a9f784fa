import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { openEnvelope } from "../../transport/envelope.ts";
import type { BoardHandler } from "../../transport/server.ts";
import type { NodeContext } from "../context.ts";
import { specOf } from "../specOf.ts";
import { agreed } from "./attest.ts";
import { deliver } from "./deliver.ts";
import { putDocument } from "./documents.ts";
import { serveFetch } from "./fetch.ts";

// A long poll ends after this, whatever the caller asked for: a dead caller must not hold a request for long.
const longestWaitMs = 10_000;

// What anybody may know that a board holds; parts, shares and rows are its own business.
const listed = new Set(["acceptance", "dealing", "attestation"]);

/** What this oracle's board answers. Everything it serves is checked by the reader against a hash or a signature. */
export function boardHandler(ctx: NodeContext, identity: Identity, arrivals: Arrivals): BoardHandler {
  return {
    status: async () => ({ ...identity, operator: ctx.me.operator, ...ctx.domain }),
    putDocument: async (document) => hexToBytes(await putDocument(ctx, document)),
    getDocument: async (hash) => documentOf(ctx, bytesToHex(hash)),
    deliver: async (bytes) => deliver(ctx, bytes),
    listAcceptances: async (jobId) => ctx.store.messages(jobId, "acceptance").map((m) => m.bytes),
    awaitState: async ({ jobId, round, waitMs }) => awaitState(ctx, arrivals, jobId, round, waitMs),
    inventory: async (jobId) =>
      ctx.store
        .inventory(jobId)
        .filter(({ kind }) => listed.has(kind))
        .map(({ kind, round, sender, hash }) => ({ kind, round, sender, hash })),
    fetch: async (bytes) => serveFetch(ctx, openEnvelope(bytes)),
  };
}

/** Release and chain that a board reports. */
export interface Identity {
  readonly genesisHash: Hex;
  readonly release: string;
  readonly codeHash: Hex;
}

/** Resolves when something arrived for a job, or after a time. */
export interface Arrivals {
  wait(jobId: Hex, ms: number): Promise<void>;
}

function documentOf(ctx: NodeContext, hash: Hex): Uint8Array {
  const document = ctx.store.document(hash);
  if (document !== undefined) return document;
  throw new FarshoreError({
    code: "board/no-document",
    message: `no document ${hash}`,
    facts: { hash },
    remedy: "ask another board",
  });
}

async function awaitState(ctx: NodeContext, arrivals: Arrivals, jobId: Hex, round: number, waitMs: number) {
  const until = ctx.clock.nowMs() + Math.min(waitMs, longestWaitMs);
  for (;;) {
    const held = await stateHeld(ctx, jobId, round);
    if (held !== null) return held;
    const left = until - ctx.clock.nowMs();
    if (left <= 0) return { state: new Uint8Array(), attestations: [] };
    await arrivals.wait(jobId, left);
  }
}

async function stateHeld(ctx: NodeContext, jobId: Hex, round: number) {
  const job = ctx.network.job(jobId);
  const state = ctx.store.state(jobId, round);
  if (job === undefined || state === undefined) return null;
  await specOf(ctx, job);
  const held = agreed(ctx, job, "StateAttestation", round);
  return held === undefined ? null : { state, attestations: held.envelopes };
}
