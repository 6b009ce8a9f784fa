import { createPublicClient, http, type PublicClient, type Transport } from "viem";

/** Milliseconds that one JSON-RPC answer may take. */
const requestTimeoutMs = 10_000;

/**
 * A viem client for a Quorum-compatible chain. It holds no chain definition and caches no block number: blocks may come
 * late or not at all, and reads are at `latest` (`safe` and `finalized` are not served by GoQuorum).
 */
export function rpcClient(rpcUrl: string, pollMs: number): PublicClient<Transport> {
  return createPublicClient({
    transport: http(rpcUrl, { timeout: requestTimeoutMs, retryCount: 2, retryDelay: 100 }),
    pollingInterval: pollMs,
    cacheTime: 0,
  });
}
