import { readFileSync } from "node:fs";
import type { JobRecord } from "../chain/jobRecord.ts";
import type { Address } from "../core/bytes.ts";
import { signDigest } from "../crypto/secp256k1.ts";
import { validatorIndex } from "../protocol/aggregation.ts";
import { decodeFrames, encodeFrames } from "../protocol/frames.ts";
import { encodeUpdate } from "../protocol/updateContent.ts";
import { dealValidation, validationScope } from "../protocol/validationDelivery.ts";
import { signEnvelope } from "../transport/envelope.ts";
import { keepOnce, kept } from "./keepOnce.ts";
import type { Session } from "./session.ts";

/** Kind of the messages that bring validation rows. */
export const validationKind = "validation";

/** The party that delivers: its key, its chain, its randomness. */
export type Validator = Pick<Session, "chain" | "clock" | "keys" | "operator" | "random">;

/** What all seats get under one signature, and each seat's part. */
export interface DealtValidation {
  readonly envelope: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/**
 * Encrypts the rows of a job and deals their key, once: what comes out is kept beside the rows, readable by their owner alone,
 * before it is returned, and returned again ever after. Another dealing after a restart would be a second one, which
 * seats refuse. Throws when the rows cannot be read.
 * @param path of the payload: salt and rows, as `encodeValidation` made them
 */
export async function dealValidationOnce(
  validator: Validator,
  job: JobRecord,
  path: string,
  observe: (phase: "before" | "after") => void,
): Promise<DealtValidation> {
  const place = `${path}.${job.jobId}.dealing`;
  let bytes = kept(place);
  if (bytes === undefined) {
    const made = await deal(validator, job, new Uint8Array(readFileSync(path)));
    observe("before");
    bytes = keepOnce(place, made);
    observe("after");
  }
  const [envelope, ...parts] = decodeFrames(bytes, job.terms.k + 1) as [Uint8Array, ...Uint8Array[]];
  return { envelope, parts };
}

async function deal(validator: Validator, job: JobRecord, payload: Uint8Array): Promise<Uint8Array> {
  const { chainId, contracts } = validator.chain.manifest;
  const { jobId } = job;
  const scope = validationScope(chainId, jobId);
  const { common, parts } = await dealValidation(scope, payload, job.terms, validator.random);
  const sender = validator.operator.toLowerCase() as Address;
  const content = encodeUpdate(validatorIndex, common);
  const message = { chainId, market: contracts.JobMarket, jobId, sender, kind: validationKind, round: 0, content };
  const signed = await signEnvelope({ ...message, time: validator.clock.nowSeconds() }, (digest) =>
    signDigest(validator.keys.operator, digest),
  );
  return encodeFrames([signed, ...parts]);
}
