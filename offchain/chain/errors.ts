import { HttpRequestError, type PublicClient, RpcError, RpcRequestError, TimeoutError } from "viem";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { decodeRevert, revertError } from "./revert.ts";
import { shownUrl } from "./rpcUrl.ts";

/**
 * What a failed JSON-RPC question means, as a FarshoreError: `chain/revert` (a contract refused), `chain/unreachable`
 * (no answer), `chain/rpc-refused` (the node answered with an error). viem's error is not kept as a cause: its message
 * shows the URL, which may hold credentials. Errors that are none of the chain's come back unchanged.
 */
export function chainError(error: unknown, client: PublicClient): unknown {
  if (error instanceof FarshoreError) return error;
  const causes = [...causesOf(error)];
  const data = revertData(causes);
  if (data !== undefined) return revertError(decodeRevert(data));
  const url = shownUrl((client.transport as { url?: string }).url ?? "");
  const transport = causes.find((c) => c instanceof HttpRequestError || c instanceof TimeoutError);
  if (transport !== undefined) return unreachable(url, transport);
  const refused = causes.find((c) => c instanceof RpcRequestError || c instanceof RpcError);
  return refused === undefined ? error : rpcRefused(url, refused as { code?: number; details?: string });
}

function* causesOf(error: unknown): Generator<unknown> {
  for (let at = error, depth = 0; at instanceof Error && depth < 20; at = at.cause, depth++) yield at;
}

/** Revert data, wherever the node put it: in the error's data, or one object deeper (Hardhat). */
function revertData(causes: readonly unknown[]): Hex | undefined {
  for (const cause of causes) {
    const { data } = cause as { data?: unknown };
    const inner = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
    if (typeof inner === "string" && /^0x([0-9a-f]{2})*$/i.test(inner)) return inner as Hex;
  }
  return undefined;
}

function unreachable(url: string, cause: unknown): FarshoreError {
  const { status, details } = cause as { status?: number; details?: string };
  const reason = status === undefined ? transportReason(cause, details) : `HTTP ${status}`;
  return new FarshoreError({
    code: "chain/unreachable",
    message: `the chain's node at ${url} does not answer (${reason})`,
    facts: { url, reason },
    remedy: "check that the node runs and that the RPC URL is right",
    retryable: true,
  });
}

/** Short reason without an address in it: fetch's own code (ECONNREFUSED, ENOTFOUND…) or viem's word. */
function transportReason(cause: unknown, details: string | undefined): string {
  if (cause instanceof TimeoutError) return "time-out";
  const codes = [...causesOf(cause)].map((c) => (c as { code?: unknown }).code);
  const code = codes.find((c) => typeof c === "string");
  return typeof code === "string" ? code : ((details ?? "no answer").split("http")[0] ?? "no answer");
}

function rpcRefused(url: string, { code, details }: { code?: number; details?: string }): FarshoreError {
  const reason = details ?? "no reason given";
  return new FarshoreError({
    code: "chain/rpc-refused",
    message: `the chain's node at ${url} refused: ${reason}`,
    facts: { url, rpcCode: code ?? null, reason },
    remedy: "check the node's version and, where permissioning is on, that this account has a role",
  });
}
