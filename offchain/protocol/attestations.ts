import { z } from "zod/v4";
import type { Address, Hex } from "../core/bytes.ts";
import { hexToBytes } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { farshoreDomain, typedHash } from "../core/eip712.ts";
import { FarshoreError } from "../core/errors.ts";
import { recoverAddress } from "../crypto/secp256k1.ts";
import type { Finish, JobResult, RoundSet, ShareStatement, StateAttestation } from "./chainStructs.ts";

/** What oracles sign (EIP-712), by primary type. */
export interface Attestable {
  readonly RoundSet: RoundSet;
  readonly StateAttestation: StateAttestation;
  readonly ShareStatement: ShareStatement;
  readonly Finish: Finish;
  readonly JobResult: JobResult;
}
export type AttestationKind = keyof Attestable;

/** A signed statement of one seat. `signature` has 65 bytes: r, s, v. */
export type Attestation = {
  [K in AttestationKind]: { readonly kind: K; readonly message: Attestable[K]; readonly signature: Hex };
}[AttestationKind];

/** The chain and contract that signatures are bound to. */
export interface SigningDomain {
  readonly chainId: number;
  readonly market: Address;
}

/** EIP-712 digest that a seat's operator signs. */
export function attestationDigest(domain: SigningDomain, kind: AttestationKind, message: object): Hex {
  const known = digests.get(message);
  if (known?.domain === domain && known.kind === kind) return known.digest;
  const digest = typedHash(farshoreDomain(domain.chainId, domain.market), kind, message as Record<string, unknown>);
  digests.set(message, { domain, kind, digest });
  return digest;
}

// A seat's statement is counted again at every step and for every reader; nobody changes a message once it is one.
const digests = new WeakMap<object, { domain: SigningDomain; kind: AttestationKind; digest: Hex }>();

/** The operator that signed; throws when the signature is malformed. */
export function signerOf(domain: SigningDomain, attestation: Attestation): Address {
  const digest = hexToBytes(attestationDigest(domain, attestation.kind, attestation.message));
  return recoverAddress(digest, hexToBytes(attestation.signature));
}

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const round = z.int().min(0).max(65_535);
const small = z.int().min(0).max(255);
const integer = z
  .string()
  .regex(/^-?[0-9]{1,78}$/)
  .transform(BigInt);
const signature = z.string().regex(/^0x[0-9a-f]{130}$/);

const messages = {
  RoundSet: z.strictObject({ jobId: hex32, round, stateHash: hex32, bitmap: integer, dealingsRoot: hex32 }),
  StateAttestation: z.strictObject({ jobId: hex32, round, stateHash: hex32, roundsDigest: hex32 }),
  ShareStatement: z.strictObject({
    jobId: hex32,
    round,
    kind: z.int().min(0).max(3),
    roundsDigest: hex32,
    valuesHash: hex32,
  }),
  Finish: z.strictObject({ jobId: hex32, round, stateHash: hex32, reason: small }),
  JobResult: z.strictObject({
    jobId: hex32,
    termsHash: hex32,
    kind: small,
    roundsDigest: hex32,
    modelRoot: hex32,
    evidenceRoot: hex32,
    deliveryRoot: hex32,
    utilityStart: integer,
    utilityEnd: integer,
    scoreTotal: integer,
    removed: integer,
    ridgeTerm: integer,
    wordsHash: hex32,
  }),
};

const attestationSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("RoundSet"), message: messages.RoundSet, signature }),
  z.strictObject({ kind: z.literal("StateAttestation"), message: messages.StateAttestation, signature }),
  z.strictObject({ kind: z.literal("ShareStatement"), message: messages.ShareStatement, signature }),
  z.strictObject({ kind: z.literal("Finish"), message: messages.Finish, signature }),
  z.strictObject({ kind: z.literal("JobResult"), message: messages.JobResult, signature }),
]);

/** Plain JSON of an attestation: integers beyond 48 bits as decimal strings. */
export function attestationJson(attestation: Attestation): unknown {
  const message = Object.fromEntries(
    Object.entries(attestation.message).map(([key, value]) => [key, typeof value === "bigint" ? String(value) : value]),
  );
  return { kind: attestation.kind, message, signature: attestation.signature };
}

/** Reverse of `attestationJson`; throws `attestation/malformed`. */
export function parseAttestation(value: unknown): Attestation {
  const parsed = attestationSchema.safeParse(value);
  if (parsed.success) return parsed.data as Attestation;
  throw new FarshoreError({
    code: "attestation/malformed",
    message: `an attestation is malformed: ${parsed.error.issues[0]?.path.join(".") ?? ""}`,
    cause: parsed.error,
  });
}

/** Bytes that travel between oracles. */
export function encodeAttestation(attestation: Attestation): Uint8Array {
  return new TextEncoder().encode(canonicalJson(attestationJson(attestation)));
}

/** Reverse of `encodeAttestation`. */
export function decodeAttestation(bytes: Uint8Array): Attestation {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new FarshoreError({ code: "attestation/malformed", message: "an attestation is not JSON", cause });
  }
  return parseAttestation(value);
}
