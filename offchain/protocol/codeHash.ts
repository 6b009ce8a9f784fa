import type { Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { sha256Hex } from "../core/hash.ts";
import { release } from "../core/release.ts";
import { algorithmNumber } from "../core/tables/algorithms.ts";
import { field61Sha256 } from "../crypto/generated/field61Wasm.ts";

/**
 * The release's algorithm manifest. An algorithm's version rises whenever the same inputs may give another state, score
 * or model; `kernels` lists the SHA-256 of built kernels.
 */
export const algorithmManifest = {
  release: release.name,
  algorithms: [{ name: "logistic-newton", number: algorithmNumber("logistic-newton"), version: 1 }],
  aggregations: [
    { name: "clear", version: 1 },
    { name: "shares", version: 1 },
  ],
  valuations: [
    { name: "exact", version: 1 },
    { name: "projected", version: 1 },
  ],
  kernels: [{ name: "field61", sha256: field61Sha256 }],
};

/** SHA-256 of the manifest's canonical JSON: what jobs name, listings allow and `farshore version` prints. */
export const releaseCodeHash: Hex = sha256Hex(new TextEncoder().encode(canonicalJson(algorithmManifest)));
