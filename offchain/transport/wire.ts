import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { BoardStatus, Held } from "./board.ts";
import {
  type Envelope,
  EnvelopeSchema,
  type Held as HeldMessage,
  HeldSchema,
  type StatusResponse,
  StatusResponseSchema,
} from "./generated/board_pb.ts";

// Between the plain objects of board.ts and protobuf's messages. Both ends check lengths: neither trusts the other.

/** Serialised envelope as a message; throws `transport/malformed`. */
export function envelopeToWire(bytes: Uint8Array): Envelope {
  try {
    return fromBinary(EnvelopeSchema, bytes);
  } catch (cause) {
    throw malformed("the bytes are no Envelope", cause);
  }
}

/** The bytes of an envelope, what its signer serialised: unknown fields stay, for openEnvelope to refuse. */
export function envelopeFromWire(envelope: Envelope | undefined): Uint8Array {
  if (envelope === undefined) throw malformed("the envelope is missing");
  return toBinary(EnvelopeSchema, envelope);
}

/** Bytes of exactly `length`, as they are; throws `transport/malformed`. */
export function exactly(bytes: Uint8Array, length: number, field: string): Uint8Array {
  if (bytes.length !== length) throw malformed(`${field} has ${bytes.length} bytes instead of ${length}`);
  return bytes;
}

/** Hex of exactly `length` bytes; throws `transport/malformed`. */
export function hexFromWire(bytes: Uint8Array, length: number, field: string): Hex {
  return bytesToHex(exactly(bytes, length, field));
}

export function statusToWire(status: BoardStatus): StatusResponse {
  return create(StatusResponseSchema, {
    operator: hexToBytes(status.operator),
    chainId: BigInt(status.chainId),
    genesisHash: hexToBytes(status.genesisHash),
    market: hexToBytes(status.market),
    release: status.release,
    codeHash: hexToBytes(status.codeHash),
  });
}

export function statusFromWire(status: StatusResponse): BoardStatus {
  const chainId = Number(status.chainId);
  if (!Number.isSafeInteger(chainId)) throw malformed("chain_id above 2^53");
  return {
    chainId,
    operator: hexFromWire(status.operator, 20, "operator"),
    genesisHash: hexFromWire(status.genesisHash, 32, "genesis_hash"),
    market: hexFromWire(status.market, 20, "market"),
    release: status.release,
    codeHash: hexFromWire(status.codeHash, 32, "code_hash"),
  };
}

export function heldToWire({ kind, round, sender, hash }: Held): HeldMessage {
  return create(HeldSchema, { kind, round, sender: hexToBytes(sender), hash: hexToBytes(hash) });
}

export function heldFromWire({ kind, round, sender, hash }: HeldMessage): Held {
  return { kind, round, sender: hexFromWire(sender, 20, "sender"), hash: hexFromWire(hash, 32, "hash") };
}

function malformed(why: string, cause?: unknown): FarshoreError {
  return new FarshoreError({ code: "transport/malformed", message: `malformed: ${why}`, cause });
}
