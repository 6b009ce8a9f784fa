import type { Address, Hex } from "../core/bytes.ts";

/** Who answers, on which chain, which release. */
export interface BoardStatus {
  readonly operator: Address;
  readonly chainId: number;
  readonly genesisHash: Hex;
  readonly market: Address;
  readonly release: string;
  readonly codeHash: Hex;
}

/** One message that a board holds. `hash`: SHA-256 of the envelope's bytes. */
export interface Held {
  readonly kind: string;
  readonly round: number;
  readonly sender: Address;
  readonly hash: Hex;
}

/** `waitMs`: how long to wait for the state and m attestations of it, in milliseconds; 0 asks once. */
export interface StateRequest {
  readonly jobId: Hex;
  readonly round: number;
  readonly waitMs: number;
}

/** `state`: canonical JSON, empty when there is none yet. `attestations`: serialised envelopes. */
export interface StateAnswer {
  readonly state: Uint8Array;
  readonly attestations: readonly Uint8Array[];
}

/** What a served call may look at. `signal` aborts when the caller is gone, the deadline is over or the board closes. */
export interface ServedCall {
  readonly signal: AbortSignal;
}

/**
 * What a board answers, one method per rpc of proto/board.proto; implemented by a node, served by server.ts, and called
 * through client.ts. Envelopes travel as their serialised bytes.
 */
export interface BoardHandler {
  status(call: ServedCall): Promise<BoardStatus>;
  /** Stores a document and gives its keccak256, 32 bytes. */
  putDocument(document: Uint8Array, call: ServedCall): Promise<Uint8Array>;
  getDocument(hash: Uint8Array, call: ServedCall): Promise<Uint8Array>;
  /** `known`: the board already held these exact bytes. */
  deliver(envelope: Uint8Array, call: ServedCall): Promise<{ readonly known: boolean }>;
  listAcceptances(jobId: Hex, call: ServedCall): Promise<readonly Uint8Array[]>;
  awaitState(request: StateRequest, call: ServedCall): Promise<StateAnswer>;
  inventory(jobId: Hex, call: ServedCall): Promise<readonly Held[]>;
  /** Takes a signed request, gives bytes sealed to its sender. */
  fetch(envelope: Uint8Array, call: ServedCall): Promise<Uint8Array>;
}
