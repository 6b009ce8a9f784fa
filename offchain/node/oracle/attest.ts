import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { sha256Hex } from "../../core/hash.ts";
import { signDigest } from "../../crypto/secp256k1.ts";
import {
  type Attestable,
  type Attestation,
  type AttestationKind,
  attestationDigest,
  decodeAttestation,
  encodeAttestation,
} from "../../protocol/attestations.ts";
import { readEnvelope } from "../../transport/envelope.ts";
import type { NodeContext } from "../context.ts";
import { envelope } from "../envelopes.ts";
import type { AttestationCall, JobView } from "../network.ts";
import { recorded } from "../steps.ts";
import type { StoredMessage } from "../store.ts";

/**
 * Signs one statement, once: the digest is recorded before the signature exists, and a second statement of the same kind
 * for the same round is refused (`guard/equivocation`), also after a restart. Finish is one statement a job and round.
 */
export async function attest<K extends AttestationKind>(
  ctx: NodeContext,
  kind: K,
  round: number,
  message: Attestable[K],
): Promise<void> {
  const digest = attestationDigest(ctx.domain, kind, message);
  const record = () => recordStatement(ctx, message.jobId, kind, round, digest);
  if (ownAttestation(ctx, message.jobId, kind, round) !== undefined) return record();
  await recorded(ctx, "oracle.recordStatement", record);
  const content = signedStatement(ctx, kind, message, digest);
  const bytes = await envelope(ctx, { jobId: message.jobId, kind: "attestation", round, content });
  await recorded(ctx, "oracle.keepStatement", () => keep(ctx, message.jobId, kind, round, ctx.me.operator, bytes));
}

/** Notes the digest that is about to be signed; throws `guard/equivocation` where another one stands for this job, kind and round. */
export function recordStatement(ctx: NodeContext, jobId: Hex, kind: string, round: number, digest: Hex): void {
  const stands = ctx.store.recordSigned(jobId, kind, round, digest);
  if (stands !== digest) throw equivocation(jobId, kind, round, stands, digest);
}

/** A statement with this node's signature, as it travels. Only for a digest that was recorded. */
export function signedStatement<K extends AttestationKind>(
  ctx: NodeContext,
  kind: K,
  message: Attestable[K],
  digest: Hex,
): Uint8Array {
  const signature = bytesToHex(signDigest(ctx.keys.operator, hexToBytes(digest)));
  return encodeAttestation({ kind, message, signature } as Attestation);
}

function equivocation(jobId: Hex, kind: string, round: number, had: Hex, wanted: Hex): FarshoreError {
  return new FarshoreError({
    code: "guard/equivocation",
    message: `refused to sign a second ${kind} of round ${round}`,
    facts: { jobId, kind, round, had, wanted },
    remedy: "compare this node's state with the other oracles'; two signatures would cost the whole stake",
  });
}

/** Keeps an attestation's envelope; returns false when the sender made another statement before. */
export function keep(
  ctx: NodeContext,
  job: Hex,
  kind: AttestationKind,
  round: number,
  sender: Hex,
  bytes: Uint8Array,
): boolean {
  const hash = sha256Hex(bytes);
  const stands = ctx.store.putMessage({ job, kind: "attestation", round, sender, slot: kind, hash, bytes });
  return stands.hash === hash;
}

/** This node's own envelope of a statement, to be spread; undefined when it signed none. */
export function ownAttestation(
  ctx: NodeContext,
  job: Hex,
  kind: AttestationKind,
  round: number,
): Uint8Array | undefined {
  return attestationOf(ctx, job, kind, round, ctx.me.operator)?.bytes;
}

/** What this node itself stated, or undefined. */
export function ownStatement(
  ctx: NodeContext,
  job: JobView,
  kind: AttestationKind,
  round: number,
): Attestation | undefined {
  const own = attestationOf(ctx, job.jobId, kind, round, ctx.me.operator);
  return own === undefined ? undefined : parsed(ctx, own.hash, own.bytes);
}

/** The envelope that stands for a sender's statement of one kind and round. */
export function attestationOf(
  ctx: NodeContext,
  job: Hex,
  kind: AttestationKind,
  round: number,
  sender: Hex,
): StoredMessage | undefined {
  return ctx.store.message({ job, kind: "attestation", round, sender, slot: kind });
}

/** Statements of one kind and round with at least m equal digests, as the contract takes them; undefined before. */
export function agreed<K extends AttestationKind>(
  ctx: NodeContext,
  job: JobView,
  kind: K,
  round: number,
): { message: Attestable[K]; call: AttestationCall; envelopes: Uint8Array[] } | undefined {
  const bySeat = heldStatements(ctx, job, kind, round);
  const groups = grouped(bySeat, ({ attestation }) => attestationDigest(ctx.domain, kind, attestation.message));
  const group = groups.find((g) => g.length >= job.terms.m);
  if (group === undefined) return undefined;
  const first = group[0] as (typeof group)[number];
  return {
    message: first.attestation.message as Attestable[K],
    call: { signatures: new Map(group.map(({ seat, attestation }) => [seat, attestation.signature])) },
    envelopes: group.map(({ bytes }) => bytes),
  };
}

/** Statements that say the same, by what `key` makes of each. */
export function grouped<T>(statements: readonly T[], key: (statement: T) => Hex): T[][] {
  const groups = new Map<Hex, T[]>();
  for (const statement of statements) {
    const said = key(statement);
    groups.set(said, [...(groups.get(said) ?? []), statement]);
  }
  return [...groups.values()];
}

/** One seat's statement. */
export interface HeldStatement {
  readonly seat: number;
  readonly attestation: Attestation;
  readonly bytes: Uint8Array;
}

/** The statements of one kind and round that this node holds, by seat. */
export function heldStatements(ctx: NodeContext, job: JobView, kind: AttestationKind, round: number): HeldStatement[] {
  const held = ctx.store.messages(job.jobId, "attestation", round).filter((m) => m.slot === kind);
  return job.seats.flatMap((s, seat) => {
    const message = held.find((m) => m.sender === s.operator);
    if (message === undefined) return [];
    return [{ seat, attestation: parsed(ctx, message.hash, message.bytes), bytes: message.bytes }];
  });
}

// Opening an envelope recovers a key; steps look at the same few envelopes again and again.
function parsed(ctx: NodeContext, hash: Hex, bytes: Uint8Array): Attestation {
  const known = ctx.attestations.get(hash);
  if (known !== undefined) return known;
  const attestation = decodeAttestation(readEnvelope(bytes).content);
  ctx.attestations.set(hash, attestation);
  return attestation;
}
