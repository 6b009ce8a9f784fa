import { bytesToHex, hexToBytes } from "../../offchain/core/bytes.ts";
import { signDigest } from "../../offchain/crypto/secp256k1.ts";
import { type Attestation, attestationDigest, encodeAttestation } from "../../offchain/protocol/attestations.ts";
import {
  type MessageParts,
  openEnvelope,
  type SignedMessage,
  signEnvelope,
} from "../../offchain/transport/envelope.ts";
import { openSealed, sealTo } from "../../offchain/transport/sealedMessage.ts";
import type { Delivery } from "./boards.ts";
import type { SimulatedMarket } from "./market.ts";
import type { SimulatedParty } from "./parties.ts";

/** The message that a delivery carries, or undefined for what is none. */
export function messageIn({ rpc, bytes }: Delivery): SignedMessage | undefined {
  return rpc === "deliver" && bytes !== null ? openEnvelope(bytes) : undefined;
}

/** The same message with other content, signed again by the party that sent it. */
export function resigned(party: SimulatedParty, message: SignedMessage, content: Uint8Array): Promise<Uint8Array> {
  const { chainId, market, jobId, sender, recipient, kind, round, time } = message;
  const parts: MessageParts = { chainId, market, jobId, sender, recipient, kind, round, time, content };
  return signEnvelope(parts, (digest) => signDigest(party.keys.operator, digest));
}

/** What the recipient of a sealed message would read. */
export function unsealed(m: SimulatedMarket, { to }: Delivery, message: SignedMessage): Promise<Uint8Array> {
  const recipient = m.party(to);
  const { jobId, round, kind, sender, content } = message;
  const way = { from: sender, to: recipient.operator };
  return openSealed({ privateKey: recipient.keys.encryption.privateKey, jobId, round, kind, ...way, sealed: content });
}

/** A sealed message that says `plaintext` instead, sealed and signed by its own sender: a lie of that party. */
export async function saying(
  m: SimulatedMarket,
  { from, to }: Delivery,
  message: SignedMessage,
  plaintext: Uint8Array,
): Promise<Uint8Array> {
  const recipient = m.party(to);
  const { jobId, round, kind, sender } = message;
  const recipientKey = hexToBytes(recipient.encryptionKey);
  const content = await sealTo({ recipientKey, jobId, round, kind, from: sender, to: recipient.operator, plaintext });
  return resigned(m.party(from), message, content);
}

/** Bytes of a statement that a party signs. */
export function statedBy(m: SimulatedMarket, party: SimulatedParty, said: Omit<Attestation, "signature">): Uint8Array {
  const domain = { chainId: m.manifest.chainId, market: m.manifest.contracts.JobMarket };
  const digest = hexToBytes(attestationDigest(domain, said.kind, said.message));
  const signature = bytesToHex(signDigest(party.keys.operator, digest));
  return encodeAttestation({ ...said, signature } as Attestation);
}
