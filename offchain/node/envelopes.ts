import { type Address, type Hex, hexToBytes } from "../core/bytes.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { sealTo } from "../transport/sealedMessage.ts";
import type { NodeContext } from "./context.ts";

/** A message that this node's operator signs over its exact bytes. */
export async function envelope(
  ctx: NodeContext,
  message: { jobId: Hex; kind: string; round: number; recipient?: Address; content: Uint8Array },
): Promise<Uint8Array> {
  return signEnvelope({ ...ctx.domain, ...message, sender: ctx.me.operator, time: ctx.clock.nowSeconds() }, (digest) =>
    signDigest(ctx.keys.operator, digest),
  );
}

/** The recipient of a sealed message. */
export interface Recipient {
  readonly operator: Address;
  readonly encryptionKey: Hex;
}

/** An envelope whose content is `plaintext` sealed to one recipient. */
export async function sealedEnvelope(
  ctx: NodeContext,
  to: Recipient,
  message: { jobId: Hex; kind: string; round: number; plaintext: Uint8Array },
): Promise<Uint8Array> {
  const { jobId, kind, round, plaintext } = message;
  const content = await sealTo({
    recipientKey: hexToBytes(to.encryptionKey),
    ...{ jobId, round, kind, plaintext },
    from: ctx.me.operator,
    to: to.operator,
  });
  return envelope(ctx, { jobId, kind, round, recipient: to.operator, content });
}

/** Hex of a 20-byte address as it stands in messages: lower case. */
export function lower(address: string): Address {
  return address.toLowerCase() as Address;
}
