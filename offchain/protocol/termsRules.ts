import { FarshoreError } from "../core/errors.ts";
import { aggregations } from "../core/tables/aggregations.ts";
import { allowedCommittees, isAllowedCommittee } from "../crypto/committee.ts";
import type { JobTerms } from "./chainStructs.ts";

/** Bounds that the market's contract sets for everybody: contracts/market/TermsRules.sol, to the letter. */
const zeroWord = `0x${"00".repeat(32)}`;
const maximumWindow = 30 * 86_400;
const maximumInClear = 12;
const maximumContributors = 64;
const maximumParameters = 10_000_000;
const partsPerBillion = 1_000_000_000;

/** A rule that terms break: the contract's name of the field, and what is expected there. */
export interface BrokenRule {
  readonly field: string;
  readonly expected: string;
}

type Rule = readonly [field: string, expected: string, holds: (terms: JobTerms) => boolean];

const between = (least: number, value: number, most: number) => value >= least && value <= most;

function windowRule(field: "startSeconds" | "roundSeconds" | "proposeSeconds" | "challengeSeconds"): Rule {
  // The market's own minimums are a deployment's: the contract states them when it refuses.
  return [field, `1 to ${maximumWindow} seconds`, (terms) => between(1, terms[field], maximumWindow)];
}

// In the contract's order, so that both name the same field first.
const rules: readonly Rule[] = [
  ["validationRoot", "the root of the validation rows", (t) => t.validationRoot !== zeroWord],
  ["validationRows", "at least 1", (t) => t.validationRows >= 1],
  ["parameters", `1 to ${maximumParameters}`, (t) => between(1, t.parameters, maximumParameters)],
  ["aggregation", "clear, shares or encrypted", (t) => t.aggregation <= aggregations.encrypted.number],
  ["noiseMilli", "0, or 10 to 1000000", (t) => t.noiseMilli === 0 || between(10, t.noiseMilli, 1_000_000)],
  ["rounds", "at least 2", (t) => t.rounds >= 2],
  [
    "k, t, m, f",
    `one of ${allowedCommittees.map(({ k, t, m, f }) => `(${k}, ${t}, ${m}, ${f})`).join(", ")}`,
    isAllowedCommittee,
  ],
  ["purpose", "at most 255", (t) => t.purpose <= 255],
  ["legalBasis", "at most 999", (t) => t.legalBasis <= 999],
  ["retentionDays", "at most 36525", (t) => t.retentionDays <= 36_525],
  ["rulesVersion", "at least 1", (t) => t.rulesVersion >= 1],
  ["tier", "lite, member or core", (t) => t.tier <= 2],
  ["utilityTarget", "at most 0: utility is the negative log-loss", (t) => t.utilityTarget <= 0n],
  windowRule("startSeconds"),
  windowRule("roundSeconds"),
  windowRule("proposeSeconds"),
  windowRule("challengeSeconds"),
  [
    "assets",
    `2 to ${maximumInClear} in the clear, 2 to ${maximumContributors} otherwise`,
    (t) => between(2, t.assets.length, t.aggregation === 0 ? maximumInClear : maximumContributors),
  ],
  [
    "noiseMilli",
    "noise with two contributors, or three contributors: the sum of two shows each the other's",
    (t) => t.assets.length > 2 || t.noiseMilli > 0,
  ],
  ["version", "at least 1", (t) => t.assets.every((a) => a.version >= 1)],
  ["weight", "at least 1", (t) => t.assets.every((a) => a.weight >= 1)],
  ["rhoNano", "what rounds and noise imply", (t) => t.assets.every((a) => a.rhoNano === rhoNanoOf(t))],
  ["assetId", "each asset once", (t) => new Set(t.assets.map((a) => a.assetId)).size === t.assets.length],
  ["weight", `a sum of ${partsPerBillion}`, (t) => t.assets.reduce((sum, a) => sum + a.weight, 0) === partsPerBillion],
];

/** Nano-rho of every contributor: ceil(rounds · 5e14 / noiseMilli²) (protocol, section 7); 0 without noise. */
export function rhoNanoOf({ rounds, noiseMilli }: Pick<JobTerms, "rounds" | "noiseMilli">): bigint {
  if (noiseMilli === 0) return 0n;
  const square = BigInt(noiseMilli) ** 2n;
  return (BigInt(rounds) * 500_000_000_000_000n + square - 1n) / square;
}

/** The first rule of the market that terms break, in the contract's order; undefined when it would take them. */
export function brokenRule(terms: JobTerms): BrokenRule | undefined {
  const broken = rules.find(([, , holds]) => !holds(terms));
  return broken === undefined ? undefined : { field: broken[0], expected: broken[1] };
}

// What the contracts would take, and no program of this release can run: the escrow would only wait for its deadline.
const releaseRules: readonly Rule[] = [
  [
    "aggregation",
    "shares or clear: encrypted comes with a later release",
    (t) => t.aggregation !== aggregations.encrypted.number,
  ],
  ["noiseMilli", "0: noise comes with a later release", (t) => t.noiseMilli === 0],
];

/** Throws `job/bad-terms` for what the market refuses, `job/not-in-this-release` for what this release cannot run. */
export function expectRunnable(terms: JobTerms): void {
  const broken = brokenRule(terms);
  if (broken !== undefined) throw badTerms(broken);
  const later = releaseRules.find(([, , holds]) => !holds(terms));
  if (later === undefined) return;
  const [field, expected] = later;
  throw new FarshoreError({
    code: "job/not-in-this-release",
    message: `job request: ${field}: expected ${expected}`,
    facts: { field, expected },
    remedy: `change ${field} in the request; nothing was posted`,
  });
}

/** `job/bad-terms`: the market's contract refuses the terms for this field. */
export function badTerms({ field, expected }: BrokenRule): FarshoreError {
  return new FarshoreError({
    code: "job/bad-terms",
    message: `job request: ${field}: expected ${expected}`,
    facts: { field, expected },
    remedy: `change ${field} in the request; nothing was posted`,
  });
}
