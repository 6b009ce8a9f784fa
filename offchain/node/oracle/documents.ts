import type { Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { keccakHex } from "../../core/hash.ts";
import { parseSchema } from "../../data/schema.ts";
import { parseJobSpec } from "../../protocol/jobSpec.ts";
import { parseRules } from "../../protocol/rules.ts";
import type { NodeContext } from "../context.ts";

/** How much room there is for documents that nothing on the chain names. */
export interface DocumentRoom {
  readonly count: number;
  readonly bytes: number;
  /** A document comes before the job or listing that names it: it stays at least this long (ms). */
  readonly stayMs: number;
}

/** A specification has a few kB; who posts its job within a minute loses nothing to others' documents. */
export const documentRoom: DocumentRoom = { count: 512, bytes: 32 * 1024 * 1024, stayMs: 60_000 };

/**
 * Keeps a public document, a job's specification, a data set's schema or rules, and returns its keccak256. Anybody may bring one
 * before its job or listing is on the chain: those that nothing there names share a bounded room, the oldest are dropped
 * first. Throws `board/documents-full` when the room is full of fresh ones, and the parsers' errors.
 */
export async function putDocument(ctx: NodeContext, document: Uint8Array, room = documentRoom): Promise<Hex> {
  expectKnownDocument(parseJson(document));
  const hash = keccakHex(document);
  if (ctx.store.document(hash) !== undefined) return hash;
  const named = fits(ctx, document, room) ? new Set<Hex>() : await namedOnChain(ctx);
  // From here on nothing waits: two puts at once must not both take the last place.
  for (const { hash: loose } of ctx.store.looseDocuments()) if (named.has(loose)) ctx.store.keepDocument(loose);
  dropOldest(ctx, document, room);
  ctx.store.putLooseDocument(hash, document, ctx.clock.nowMs());
  return hash;
}

async function namedOnChain(ctx: NodeContext): Promise<Set<Hex>> {
  const named = new Set<Hex>(ctx.network.jobs().map((job) => job.terms.specHash));
  for (const hash of await ctx.network.listedDocuments()) named.add(hash);
  return named;
}

function fits(ctx: NodeContext, document: Uint8Array, room: DocumentRoom): boolean {
  const loose = ctx.store.looseDocuments();
  const bytes = loose.reduce((sum, d) => sum + d.bytes, document.length);
  return loose.length < room.count && bytes <= room.bytes;
}

function dropOldest(ctx: NodeContext, document: Uint8Array, room: DocumentRoom): void {
  const freshSince = ctx.clock.nowMs() - room.stayMs;
  while (!fits(ctx, document, room)) {
    const [oldest] = ctx.store.looseDocuments();
    if (oldest === undefined || oldest.at > freshSince) throw documentsFull(room);
    ctx.store.dropDocument(oldest.hash);
  }
}

function documentsFull(room: DocumentRoom): FarshoreError {
  return new FarshoreError({
    code: "board/documents-full",
    message: "this board has no room for another document that no job or listing names",
    facts: { count: room.count, bytes: room.bytes },
    remedy: "try again in a minute, or put the document on another board",
    retryable: true,
  });
}

// A board stores what the marketplace needs, job specifications, schemas of data sets and rules, not anybody's files.
function expectKnownDocument(value: unknown): void {
  const has = (field: string) => typeof value === "object" && value !== null && field in value;
  if (has("columns")) parseSchema(value);
  else if (has("legalBases")) parseRules(value);
  else parseJobSpec(value);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FarshoreError({ code: "job/bad-spec", message: "the document is not JSON", cause });
  }
}
