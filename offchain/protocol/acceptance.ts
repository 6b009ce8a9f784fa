import { z } from "zod/v4";
import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { farshoreDomain, typedHash } from "../core/eip712.ts";
import { FarshoreError } from "../core/errors.ts";
import { validatorIndex } from "./aggregation.ts";
import type { SigningDomain } from "./attestations.ts";
import type { Acceptance, JobTerms } from "./chainStructs.ts";

/** An institution's signed yes to one job for one asset. `signature`: EIP-712, 65 bytes (or ERC-1271 bytes). */
export interface SignedAcceptance {
  readonly message: Acceptance;
  readonly signature: Hex;
}

/** Places from which a job needs an acceptance, in the contract's order: its assets, then the evaluator where one is named. */
export function acceptancePlaces({ assets, evaluator }: Pick<JobTerms, "assets" | "evaluator">): number[] {
  const places = assets.map((_, index) => index);
  return namesEvaluator({ evaluator }) ? [...places, validatorIndex] : places;
}

/** True when somebody else than the buyer delivers the validation rows. */
export function namesEvaluator({ evaluator }: Pick<JobTerms, "evaluator">): boolean {
  return !/^0x0{40}$/.test(evaluator);
}

const integer = z
  .string()
  .regex(/^[0-9]{1,78}$/)
  .transform(BigInt);
const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const schema = z.strictObject({
  message: z.strictObject({
    jobId: hex32,
    termsHash: hex32,
    assetIndex: z.int().min(0).max(255),
    consents: z.int().min(0).max(4_294_967_295),
    nonce: integer,
    expiry: integer,
  }),
  signature: z.string().regex(/^0x([0-9a-f]{2}){1,4096}$/),
});

/** Bytes of an acceptance with the signature that `sign` makes of its EIP-712 digest. */
export function acceptanceSignedBy(
  domain: SigningDomain,
  message: Acceptance,
  sign: (digest: Uint8Array) => Uint8Array,
): Uint8Array {
  const digest = typedHash(farshoreDomain(domain.chainId, domain.market), "Acceptance", message);
  return encodeAcceptance({ message, signature: bytesToHex(sign(hexToBytes(digest))) });
}

/** Bytes that travel to the boards. */
export function encodeAcceptance({ message, signature }: SignedAcceptance): Uint8Array {
  const json = { message: { ...message, nonce: String(message.nonce), expiry: String(message.expiry) }, signature };
  return new TextEncoder().encode(canonicalJson(json));
}

/** Reverse of `encodeAcceptance`; throws `acceptance/malformed`. */
export function decodeAcceptance(bytes: Uint8Array): SignedAcceptance {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes))) as SignedAcceptance;
  } catch (cause) {
    throw new FarshoreError({ code: "acceptance/malformed", message: "an acceptance is malformed", cause });
  }
}
