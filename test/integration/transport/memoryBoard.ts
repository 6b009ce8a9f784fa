import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { bytesToHex, type Hex } from "../../../offchain/core/bytes.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import { keccak256 } from "../../../offchain/core/hash.ts";
import type { BoardHandler } from "../../../offchain/transport/board.ts";
import { encodeEnvelope } from "../../../offchain/transport/envelopeBytes.ts";

export const operator: Hex = `0x${"0a".repeat(20)}`;
export const market: Hex = `0x${"0b".repeat(20)}`;
export const jobId: Hex = `0x${"0c".repeat(32)}`;

/** An envelope as far as the wire is concerned: nobody opens it here. */
export function anyEnvelope(size = 200, fill = 7): Uint8Array {
  return encodeEnvelope(new Uint8Array(size).fill(fill), new Uint8Array(65).fill(27));
}

export interface MemoryBoard extends BoardHandler {
  readonly delivered: Uint8Array[];
  /** Signals of the calls that wait for a state. */
  readonly waits: AbortSignal[];
}

/** A board in memory: keeps what it is given, waits for round 9 for as long as it is asked to. */
export function memoryBoard(over: Partial<BoardHandler> = {}): MemoryBoard {
  const documents = new Map<Hex, Uint8Array>();
  const delivered: Uint8Array[] = [];
  const waits: AbortSignal[] = [];
  return {
    ...{ delivered, waits },
    status: async () => ({ operator, chainId: 1337, genesisHash: jobId, market, release: "0.1.0", codeHash: jobId }),
    putDocument: async (document) => {
      documents.set(bytesToHex(keccak256(document)), document);
      return keccak256(document);
    },
    getDocument: async (hash) => documents.get(bytesToHex(hash)) ?? missing(bytesToHex(hash)),
    deliver: async (bytes) => {
      const known = delivered.some((held) => Buffer.compare(held, bytes) === 0);
      delivered.push(bytes);
      return { known };
    },
    listAcceptances: async () => delivered,
    awaitState: async ({ round, waitMs }, { signal }) => {
      waits.push(signal);
      if (round === 9) await pause(waitMs, undefined, { signal }).catch(() => undefined);
      return { state: new TextEncoder().encode(`{"round":${round}}`), attestations: delivered };
    },
    inventory: async () =>
      delivered.map((bytes, round) => ({ kind: "update", round, sender: operator, hash: sha256(bytes) })),
    fetch: async (bytes) => bytes.slice().reverse(),
    ...over,
  };
}

function missing(hash: Hex): never {
  throw new FarshoreError({
    code: "board/no-document",
    message: `no document ${hash}`,
    facts: { hash },
    remedy: "ask another board",
  });
}

export function sha256(bytes: Uint8Array): Hex {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}

/** The error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<FarshoreError> {
  const error = await call.then(
    () => new Error("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (error instanceof FarshoreError) return error;
  throw error;
}
