import { type Address, bytesToHex, concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { type ErrorParts, FarshoreError } from "../core/errors.ts";
import { keccak256, sha256 } from "../core/hash.ts";
import { recoverAddress } from "../crypto/secp256k1.ts";
import { decodeBody, decodeEnvelope, encodeBody, encodeEnvelope } from "./envelopeBytes.ts";

// The signature covers the exact bytes of the body, because protobuf has many encodings of one message.
const signingPrefix = new TextEncoder().encode("Farshore message v1\n");

/** What a message says. `round`: uint32. `time`: seconds since 1970. No `recipient`: for everybody. */
export interface MessageParts {
  readonly chainId: number | bigint;
  /** Address of JobMarket. */
  readonly market: Address;
  readonly jobId: Hex;
  /** Operator address of the signer; found from a first signature when absent, which costs one more. */
  readonly sender?: Address | undefined;
  readonly recipient?: Address | undefined;
  readonly kind: string;
  readonly round: number;
  readonly time: number | bigint;
  readonly content: Uint8Array;
}

/** A message whose signature is `sender`'s. Addresses and hashes are lower-case hex. */
export interface SignedMessage {
  readonly chainId: number;
  readonly market: Address;
  readonly jobId: Hex;
  readonly sender: Address;
  readonly recipient?: Address | undefined;
  readonly kind: string;
  readonly round: number;
  readonly time: bigint;
  readonly content: Uint8Array;
  /** The serialised envelope as it came: what is stored, sent on and hashed. */
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly hash: Hex;
}

export type Sign = (digest: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/**
 * Serialised Envelope of one message. `sign` gets a digest of 32 bytes and gives r‖s‖v (65 bytes, low s).
 * Throws `transport/malformed` when a part does not fit its field.
 */
export async function signEnvelope(parts: MessageParts, sign: Sign): Promise<Uint8Array> {
  const body = encodeBody(parts, parts.sender ?? (await senderOf(parts, sign)));
  return encodeEnvelope(body, await sign(messageDigest(parts.chainId, parts.market, body)));
}

// A body without a sender is refused by every reader, so this first signature is of no use to anybody else.
async function senderOf(parts: MessageParts, sign: Sign): Promise<Address> {
  const digest = messageDigest(parts.chainId, parts.market, encodeBody({ ...parts, content: new Uint8Array() }));
  return recoverAddress(digest, await sign(digest));
}

/** keccak256("Farshore message v1\n" ‖ uint64 chainId, big endian ‖ market ‖ sha256(body)); 32 bytes. */
export function messageDigest(chainId: number | bigint, market: Address, body: Uint8Array): Uint8Array {
  const chain = new Uint8Array(8);
  new DataView(chain.buffer).setBigUint64(0, BigInt(chainId));
  return keccak256(concatBytes(signingPrefix, chain, hexToBytes(market), sha256(body)));
}

/**
 * The message in a serialised Envelope, its signature checked over the exact bytes of its body.
 * Throws `transport/malformed` (also for a second encoding of the same envelope) and `transport/bad-signature`; neither
 * names a party, for anybody can write another's address into a message.
 */
export function openEnvelope(bytes: Uint8Array): SignedMessage {
  const known = opened.get(bytes);
  if (known !== undefined) return known;
  const message = checkEnvelope(bytes);
  opened.set(bytes, message);
  return message;
}

/** The message in an Envelope that was opened before it was kept: who signed it is not asked again. Throws `transport/malformed`. */
export function readEnvelope(bytes: Uint8Array): Omit<SignedMessage, "hash"> {
  return opened.get(bytes) ?? { ...decodeBody(decodeEnvelope(bytes).body), bytes };
}

// One message passes through several readers on its way; recovering its signer is most of what reading it costs.
const opened = new WeakMap<Uint8Array, SignedMessage>();

function checkEnvelope(bytes: Uint8Array): SignedMessage {
  const { body, signature } = decodeEnvelope(bytes);
  const message = decodeBody(body);
  if (signerOf(messageDigest(message.chainId, message.market, body), signature) !== message.sender) {
    throw new FarshoreError({
      code: "transport/bad-signature",
      message: "the message is not signed by the sender that it names",
      facts: { claimed: message.sender },
      remedy: "ask the sender for the message again",
      party: "nobody",
    });
  }
  return { ...message, bytes, hash: bytesToHex(sha256(bytes)) };
}

function signerOf(digest: Uint8Array, signature: Uint8Array): string | undefined {
  try {
    return recoverAddress(digest, signature).toLowerCase();
  } catch {
    return undefined;
  }
}

/** What a reader expects of a message. What is absent is not checked; addresses in any case. */
export interface Expected {
  readonly chainId: number | bigint;
  readonly market: Address;
  readonly jobId?: Hex | undefined;
  /** The reader; a message for everybody passes too. */
  readonly recipient?: Address | undefined;
  readonly kinds: readonly string[];
  readonly senders?: readonly Address[] | undefined;
  /** Seconds since 1970 at the reader, and how far a message's time may be from it in seconds. */
  readonly age?: { readonly now: bigint; readonly most: bigint } | undefined;
}

/**
 * Throws unless the message is what the reader expects: `transport/wrong-chain`, `transport/wrong-job`,
 * `transport/wrong-recipient`, `transport/unknown-kind`, `transport/not-allowed`, `transport/stale`. Each names the sender.
 */
export function expectMessage(message: SignedMessage, expected: Expected): void {
  const { jobId, recipient, senders, age, kinds } = expected;
  if (message.chainId !== Number(expected.chainId) || !same(message.market, expected.market)) {
    throw refused(message, "wrong-chain", "for another chain or market", {
      chainId: message.chainId,
      market: message.market,
    });
  }
  if (jobId !== undefined && !same(message.jobId, jobId))
    throw refused(message, "wrong-job", "for another job", { jobId });
  if (recipient !== undefined && message.recipient !== undefined && !same(message.recipient, recipient)) {
    throw refused(message, "wrong-recipient", "for another party", { recipient: message.recipient });
  }
  if (!kinds.includes(message.kind))
    throw refused(message, "unknown-kind", `a ${message.kind}, not ${kinds.join(" or ")}`);
  if (senders?.some((sender) => same(sender, message.sender)) === false) {
    throw refused(message, "not-allowed", "of a party that may not send it");
  }
  if (age !== undefined && distance(age.now, message.time) > age.most) {
    throw refused(message, "stale", `from ${message.time}, too far from ${age.now}`, {
      time: message.time,
      now: age.now,
    });
  }
}

function distance(a: bigint, b: bigint): bigint {
  return a > b ? a - b : b - a;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const remedies: Readonly<Record<string, string>> = {
  "wrong-chain": "check the manifest that the sender uses",
  stale: "sign the message again; check the clocks",
};

function refused(message: SignedMessage, reason: string, why: string, facts: ErrorParts["facts"] = {}): FarshoreError {
  return new FarshoreError({
    code: `transport/${reason}`,
    message: `the message is ${why}`,
    facts: { kind: message.kind, round: message.round, ...facts },
    remedy: remedies[reason] ?? "send the message to those that it is for",
    party: message.sender,
  });
}
