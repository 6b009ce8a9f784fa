import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { aggregationNumber } from "../core/tables/aggregations.ts";
import { legalBasisNumber } from "../core/tables/legalBases.ts";
import { purposeNumber } from "../core/tables/purposes.ts";
import { tierNumber } from "../core/tables/tiers.ts";
import { parseStable } from "../core/units.ts";
import type { JobTerms } from "./chainStructs.ts";
import { type JobSpec, specHash } from "./jobSpec.ts";
import { parametersOf } from "./newtonJob.ts";

const noAddress: Address = "0x0000000000000000000000000000000000000000";

/** The terms that follow from a specification, field by field: what the buyer posts and everybody else recomputes. */
export function termsOfSpec(spec: JobSpec): JobTerms {
  return {
    specHash: specHash(spec),
    codeHash: spec.codeHash as Hex,
    validationRoot: spec.validation.root as Hex,
    evaluator: (spec.validation.evaluator ?? noAddress) as Address,
    purpose: purposeNumber(spec.purpose),
    legalBasis: legalBasisNumber(spec.legalBasis),
    aggregation: aggregationNumber(spec.aggregation),
    noiseMilli: spec.noiseMilli,
    rounds: spec.algorithm.rounds,
    ...spec.committee,
    tier: tierNumber(spec.tier),
    base: parseStable(spec.payments.base),
    performance: parseStable(spec.payments.performance),
    oracleFee: parseStable(spec.payments.oracleFee),
    utilityTarget: parseNanoNat(spec.utilityTarget),
    ...spec.deadlines,
    retentionDays: spec.retentionDays,
    rulesVersion: spec.rulesVersion,
    validationRows: spec.validation.rows,
    parameters: parametersOf(spec),
    assets: spec.assets.map((a) => ({
      assetId: BigInt(a.assetId),
      version: a.version,
      weight: a.weightPpb,
      rhoNano: BigInt(a.rhoNano),
      price: parseStable(a.price),
    })),
  };
}

/** "-0.4595" nats as an integer in 1e-9 nat. */
export function parseNanoNat(text: string): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
  return text.startsWith("-") ? -value : value;
}

/** Throws `job/terms-differ` with the first field in which the chain's terms are not those of the specification. */
export function expectTermsOfSpec(terms: JobTerms, spec: JobSpec): void {
  const differs = firstDifference(terms, termsOfSpec(spec), "");
  if (differs === undefined) return;
  throw new FarshoreError({
    code: "job/terms-differ",
    message: `the terms on the chain differ from the specification in ${differs.field}`,
    facts: { field: differs.field, chain: differs.a, specification: differs.b },
    remedy: "decline the job: the buyer posted terms that its specification does not state",
    party: "buyer",
  });
}

function firstDifference(a: unknown, b: unknown, field: string): { field: string; a: string; b: string } | undefined {
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    for (const key of keys) {
      const inner = firstDifference(
        (a as Record<string, unknown>)[key],
        (b as Record<string, unknown>)[key],
        field === "" ? key : `${field}.${key}`,
      );
      if (inner !== undefined) return inner;
    }
    return undefined;
  }
  const equal = typeof a === "string" && typeof b === "string" ? a.toLowerCase() === b.toLowerCase() : a === b;
  return equal ? undefined : { field, a: String(a), b: String(b) };
}
