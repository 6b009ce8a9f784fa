import { type Hex, hexToBytes } from "../core/bytes.ts";
import type { RandomBytes } from "../core/rng.ts";
import type { FieldVector } from "../crypto/field61.ts";
import { oneTimeKeyLength, openOnce, sealOnce } from "../crypto/oneTimeCipher.ts";
import { type CommitteeShape, type DealingScope, type Dealt, type Received, validatorIndex } from "./aggregation.ts";
import { decodeFrames, encodeFrames } from "./frames.ts";
import { dealVector, openVector } from "./sharesAggregation.ts";

// A 32-byte key as field elements of 7 bytes each, the last of 4.
const bytesPerElement = 7;
/** Field elements of a key. */
export const keyElements = Math.ceil(oneTimeKeyLength / bytesPerElement);

/** Scope of the dealing of a job's validation key. */
export function validationScope(chainId: number, jobId: Hex): DealingScope {
  return { chainId, jobId, round: 0, kind: "validation-key", dealer: validatorIndex };
}

/**
 * Validation rows on their way to a committee: encrypted under a fresh key that is dealt to it, so that no t seats read
 * them before training is over and nobody can withhold them then (protocol, section 6). `common` is the same for every seat.
 */
export async function dealValidation(
  scope: DealingScope,
  payload: Uint8Array,
  committee: CommitteeShape,
  random: RandomBytes,
): Promise<Dealt> {
  const key = random(oneTimeKeyLength);
  const ciphertext = await sealOnce(key, payload, hexToBytes(scope.jobId));
  const { common, parts } = dealVector(scope, elementsOf(key), committee, random);
  return { common: encodeFrames([common, ciphertext]), parts };
}

/** A seat's share of the key; throws dealing/* or `message/malformed`. */
export function openValidationShare(scope: DealingScope, received: Received, committee: CommitteeShape): FieldVector {
  const [common] = decodeFrames(received.common, 2) as [Uint8Array, Uint8Array];
  return openVector(scope, { ...received, common }, committee, keyElements);
}

/** The rows as they were delivered, with the key that the committee's shares gave; throws `crypto/cannot-open`. */
export async function openValidation(jobId: Hex, common: Uint8Array, key: FieldVector): Promise<Uint8Array> {
  const [, ciphertext] = decodeFrames(common, 2) as [Uint8Array, Uint8Array];
  return openOnce(keyOf(key), ciphertext, hexToBytes(jobId));
}

function elementsOf(key: Uint8Array): FieldVector {
  return BigUint64Array.from({ length: keyElements }, (_, i) => {
    const bytes = key.subarray(i * bytesPerElement, (i + 1) * bytesPerElement);
    return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
  });
}

function keyOf(elements: FieldVector): Uint8Array {
  const key = new Uint8Array(oneTimeKeyLength);
  elements.forEach((element, i) => {
    const end = Math.min((i + 1) * bytesPerElement, oneTimeKeyLength);
    let rest = element;
    for (let at = end - 1; at >= i * bytesPerElement; at--) {
      key[at] = Number(rest & 255n);
      rest >>= 8n;
    }
  });
  return key;
}
