import type { Hex } from "../core/bytes.ts";
import { bytesToHex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { keccakHex, sha256 } from "../core/hash.ts";
import { merkleRoot } from "../crypto/merkle.ts";
import type { JobSpec } from "./jobSpec.ts";
import type { ModelState } from "./newtonJob.ts";

/** The model as delivered: everything that a scorer needs, in the units of the raw columns' transform. */
export interface Model {
  readonly version: 1;
  readonly kind: "logistic";
  readonly jobId: Hex;
  readonly specHash: Hex;
  readonly label: string;
  readonly features: readonly { name: string; offset: number; scale: number; coefficient: number }[];
  readonly intercept: number;
  readonly rows: number;
  readonly labelRate: number;
}

/** P(label = 1) = 1 / (1 + exp(-(intercept + sum of coefficient * (x - offset) * scale))). */
export function modelOf(spec: JobSpec, jobId: Hex, specHash: Hex, state: ModelState): Model {
  const transform = state.transform;
  return {
    version: 1,
    kind: "logistic",
    jobId,
    specHash,
    label: spec.label,
    features: spec.features.map(({ name }, j) => ({
      name,
      offset: transform?.offset[j] ?? 0,
      scale: transform?.scale[j] ?? 0,
      coefficient: state.theta[j + 1] ?? 0,
    })),
    intercept: state.theta[0] ?? 0,
    rows: transform?.rows ?? 0,
    labelRate: transform?.labelRate ?? 0,
  };
}

/** keccak256 of the model's canonical JSON: `JobResult.modelRoot`. */
export function modelRoot(model: Model): Hex {
  return keccakHex(modelBytes(model));
}

/** The model's canonical JSON. */
export function modelBytes(model: Model): Uint8Array {
  return new TextEncoder().encode(canonicalJson(model));
}

/** One delivered file. */
export interface DeliveryItem {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Merkle root over SHA-256(name, SHA-256(bytes)) of the delivered files: `JobResult.deliveryRoot`. */
export function deliveryRoot(items: readonly DeliveryItem[]): Hex {
  const leaves = items.map(({ name, bytes }) => sha256(sha256(new TextEncoder().encode(name)), sha256(bytes)));
  return bytesToHex(merkleRoot(leaves));
}
