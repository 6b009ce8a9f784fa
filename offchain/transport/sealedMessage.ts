import { type Address, concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { open, seal } from "../crypto/seal.ts";

const infoPrefix = new TextEncoder().encode("Farshore sealed message v1\n");

/** What a sealed message is bound to: it opens for this job, round, kind, sender and recipient only. */
export interface SealContext {
  readonly jobId: Hex;
  /** uint32 */
  readonly round: number;
  readonly kind: string;
  /** Operator address of the sender. */
  readonly from: Address;
  /** Operator address of the recipient. */
  readonly to: Address;
}

/**
 * HPKE info: "Farshore sealed message v1\n" ‖ job (32 bytes) ‖ uint32 round, big endian ‖ from (20) ‖ to (20) ‖ kind
 * (UTF-8, last, so that no two contexts give the same bytes).
 */
export function sealInfo({ jobId, round, kind, from, to }: SealContext): Uint8Array {
  const bytes = [jobId, from, to].map((hex) => hexToBytes(hex));
  const fits = Number.isInteger(round) && round >= 0 && round < 2 ** 32;
  if (!fits || [32, 20, 20].some((length, i) => bytes[i]?.length !== length)) {
    throw new FarshoreError({
      code: "transport/malformed",
      message: "a sealed message is bound to a job of 32 bytes, two addresses of 20 bytes and a round below 2^32",
      facts: { jobId, round, from, to },
    });
  }
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, round);
  const [job, sender, recipient] = bytes as [Uint8Array, Uint8Array, Uint8Array];
  return concatBytes(infoPrefix, job, number, sender, recipient, new TextEncoder().encode(kind));
}

/** Seals `plaintext` to the recipient's public key (HPKE, RFC 9180), bound to its context. */
export async function sealTo(
  message: SealContext & { readonly recipientKey: Uint8Array; readonly plaintext: Uint8Array },
): Promise<Uint8Array> {
  return seal({ to: message.recipientKey, info: sealInfo(message), plaintext: message.plaintext });
}

/**
 * Opens what `sealTo` made for the same context. Throws `transport/bad-seal`, which names the sender: its signature
 * covers what it sealed.
 */
export async function openSealed(
  message: SealContext & { readonly privateKey: Uint8Array; readonly sealed: Uint8Array },
): Promise<Uint8Array> {
  const info = sealInfo(message);
  try {
    return await open({ privateKey: message.privateKey, info, sealed: message.sealed });
  } catch (cause) {
    throw new FarshoreError({
      code: "transport/bad-seal",
      message: `the sealed ${message.kind} does not open for this job, round, sender and recipient`,
      facts: { jobId: message.jobId, round: message.round, kind: message.kind, from: message.from, to: message.to },
      remedy: "the sender must seal again, to the encryption key that is registered now",
      party: message.from,
      cause,
    });
  }
}
