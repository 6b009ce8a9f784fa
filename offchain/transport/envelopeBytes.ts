import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { MessageParts } from "./envelope.ts";
import { type Body, BodySchema, EnvelopeSchema } from "./generated/board_pb.ts";

const signatureLength = 65;
// Field number × 8 + wire type 2 (bytes).
const bodyTag = 0x0a;
const signatureTag = 0x12;
const kindPattern = /^[a-z][a-z0-9:-]{0,31}$/;

/** Serialised Body; throws `transport/malformed` when a part does not fit its field. */
export function encodeBody(parts: MessageParts, sender?: Address): Uint8Array {
  try {
    const body = {
      chainId: BigInt(parts.chainId),
      market: fixedBytes(parts.market, 20, "market"),
      jobId: fixedBytes(parts.jobId, 32, "job_id"),
      sender: sender === undefined ? new Uint8Array() : fixedBytes(sender, 20, "sender"),
      recipient: parts.recipient === undefined ? new Uint8Array() : fixedBytes(parts.recipient, 20, "recipient"),
      ...{ kind: expectKind(parts.kind), round: parts.round, time: BigInt(parts.time), content: parts.content },
    };
    return toBinary(BodySchema, create(BodySchema, body));
  } catch (cause) {
    throw cause instanceof FarshoreError ? cause : malformed("a part does not fit its field", cause);
  }
}

/** Body as signed, with the lengths of its fields and its kind checked. */
export function decodeBody(
  bytes: Uint8Array,
): Omit<MessageParts, "sender"> & { chainId: number; sender: Address; time: bigint } {
  const body: Body = decode(() => fromBinary(BodySchema, bytes), "the body is not a Body");
  const chainId = Number(body.chainId);
  if (!Number.isSafeInteger(chainId)) throw malformed("chain id above 2^53");
  return {
    ...{ chainId, kind: expectKind(body.kind), round: body.round, time: body.time, content: body.content },
    market: fixedHex(body.market, 20, "market"),
    jobId: fixedHex(body.jobId, 32, "job_id"),
    sender: fixedHex(body.sender, 20, "sender"),
    recipient: body.recipient.length === 0 ? undefined : fixedHex(body.recipient, 20, "recipient"),
  };
}

/** Serialised Envelope. */
export function encodeEnvelope(body: Uint8Array, signature: Uint8Array): Uint8Array {
  expectSignature(signature);
  return toBinary(EnvelopeSchema, create(EnvelopeSchema, { body, signature }));
}

/**
 * Body and signature of a serialised Envelope. One envelope has one encoding (field 1, then field 2, nothing else), so
 * that a carrier cannot change its hash.
 */
export function decodeEnvelope(bytes: Uint8Array): { body: Uint8Array; signature: Uint8Array } {
  const { body, signature } = decode(() => fromBinary(EnvelopeSchema, bytes), "not an Envelope");
  expectSignature(signature);
  // Any other encoding of the two fields is longer or has other tags; the decoder itself is lax about a tag's wire type.
  const first = encodedLength(body.length);
  const tags = bytes[0] === bodyTag && bytes[first] === signatureTag;
  if (!tags || bytes.length !== first + encodedLength(signatureLength)) throw malformed("not the one encoding");
  return { body, signature };
}

// v is 27 or 28: other numbers that some libraries take for the same would give one message several hashes.
function expectSignature(signature: Uint8Array): void {
  if (signature.length !== signatureLength) throw malformed(`signature of ${signature.length} bytes`);
  if (signature[64] !== 27 && signature[64] !== 28) throw malformed("v of the signature is neither 27 nor 28");
}

/** Length of a protobuf field of `length` bytes with a field number below 16: tag, varint, bytes. */
function encodedLength(length: number): number {
  let varint = 1;
  for (let rest = length; rest >= 128; rest = Math.floor(rest / 128)) varint += 1;
  return 1 + varint + length;
}

function decode<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (cause) {
    throw malformed(what, cause);
  }
}

function expectKind(kind: string): string {
  if (kindPattern.test(kind)) return kind;
  throw malformed("the kind is no short lower-case word");
}

function fixedHex(bytes: Uint8Array, length: number, field: string): Hex {
  if (bytes.length !== length) throw malformed(`${field} has ${bytes.length} bytes instead of ${length}`);
  return bytesToHex(bytes);
}

function fixedBytes(hex: Hex, length: number, field: string): Uint8Array {
  const bytes = hexToBytes(hex);
  if (bytes.length !== length) throw malformed(`${field} has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

// Nobody is named: anybody can write another's address into a message.
function malformed(why: string, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "transport/malformed",
    message: `malformed message: ${why}`,
    remedy: "ask the sender for the message again",
    party: "nobody",
    cause,
  });
}
