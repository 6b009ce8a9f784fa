import { createHmac } from "node:crypto";
import type { Address } from "../core/bytes.ts";
import { type HashChain, hashChain } from "../crypto/hashChain.ts";

/** Rounds that one commitment to the beacon serves: years of jobs, and a few thousand hashes to come to the first one. */
export const beaconChainLength = 4096;

/**
 * An oracle's chain for the beacon, made of its operator's key: after a crash, and from a backup of the keys alone, it is the same. The
 * key is behind an HMAC (RFC 2104), so that nothing that the beacon publishes tells of it.
 * @param commits commitments that this oracle made before: no chain serves twice
 */
export function beaconChain(
  operatorKey: Uint8Array,
  { chainId, beacon }: { chainId: number; beacon: Address },
  commits: number,
): HashChain {
  const domain = `farshore beacon chain\n${chainId}\n${beacon.toLowerCase()}\n${commits}`;
  const made = chains.get(operatorKey);
  if (made?.domain === domain) return made.chain;
  const seed = createHmac("sha256", operatorKey).update(domain).digest();
  const chain = hashChain(new Uint8Array(seed), beaconChainLength);
  chains.set(operatorKey, { domain, chain });
  return chain;
}

/** The chain last made of each key: a node asks for it several times a job. It lives as long as the key that it is made of. */
const chains = new WeakMap<Uint8Array, { readonly domain: string; readonly chain: HashChain }>();
