import { bytesToHex, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { farshoreDomain, typedHash } from "../../../offchain/core/eip712.ts";
import { signDigest } from "../../../offchain/crypto/secp256k1.ts";
import { encodeAcceptance, type SignedAcceptance } from "../../../offchain/protocol/acceptance.ts";
import { boardsOf } from "../../../offchain/sdk/boards.ts";
import type { Session } from "../../../offchain/sdk/session.ts";
import { signEnvelope } from "../../../offchain/transport/envelope.ts";

/** What is signed of an acceptance, beside its job. */
export interface Given {
  readonly assetIndex: number;
  readonly nonce: bigint;
  /** Seconds since 1970. */
  readonly expiry: bigint;
}

/** An institution's acceptance, signed with its operator's key as its node would. */
export function acceptanceOf(bank: Session, jobId: Hex, termsHash: Hex, given: Given): SignedAcceptance {
  const { chainId, contracts } = bank.chain.manifest;
  const message = { jobId, termsHash, consents: 0, ...given };
  const digest = typedHash(farshoreDomain(chainId, contracts.JobMarket), "Acceptance", { ...message });
  return { message, signature: bytesToHex(signDigest(bank.keys.operator, hexToBytes(digest))) };
}

/** Brings an acceptance to every board as a message of `jobId`; throws what the first board answers when it refuses. */
export async function bringAcceptance(bank: Session, jobId: Hex, acceptance: SignedAcceptance): Promise<void> {
  const { chainId, contracts } = bank.chain.manifest;
  const parts = { chainId, market: contracts.JobMarket, jobId, sender: bank.operator, kind: "acceptance", round: 0 };
  const content = encodeAcceptance(acceptance);
  const bytes = await signEnvelope({ ...parts, time: bank.clock.nowSeconds(), content }, (digest) =>
    signDigest(bank.keys.operator, digest),
  );
  for (const { client } of await boardsOf(bank)) await client.deliver(bytes);
}
