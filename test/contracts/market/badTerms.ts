import type { Terms } from "./job.ts";

/** Thirty days, in seconds: the longest window. */
export const month = 2_592_000;

/** Assets of the ordinary terms with one of them changed. */
export function assetsWith({ assets }: Terms, index: number, fields: object) {
  return assets.map((asset, i) => (i === index ? { ...asset, ...fields } : asset));
}

/** So many assets with weights that add up. */
export function manyAssets(count: number) {
  const share = Math.floor(1e9 / count);
  const weight = (i: number) => (i === 0 ? 1e9 - share * (count - 1) : share);
  return Array.from({ length: count }, (_, i) => ({
    ...{ assetId: i + 1, version: 1, weight: weight(i), rhoNano: 0, price: 0 },
  }));
}

/** What the market refuses, by the field that its error names. Also what the program refuses before it posts. */
export const refused: readonly [field: string, what: string, fields: (terms: Terms) => object][] = [
  ["validationRoot", "none", () => ({ validationRoot: `0x${"00".repeat(32)}` })],
  ["validationRows", "one less than the market's minimum", () => ({ validationRows: 999 })],
  ["parameters", "none", () => ({ parameters: 0 })],
  ["parameters", "more than ten million", () => ({ parameters: 10_000_001 })],
  ["aggregation", "beyond the last", () => ({ aggregation: 3 })],
  ["noiseMilli", "so little that it hides nothing", () => ({ noiseMilli: 9 })],
  ["noiseMilli", "more than a thousand", () => ({ noiseMilli: 1_000_001 })],
  ["noiseMilli", "none with two contributors", () => ({ assets: manyAssets(2) })],
  ["rounds", "none", () => ({ rounds: 0 })],
  ["rounds", "the base rate's alone", () => ({ rounds: 1 })],
  ["purpose", "beyond a listing's bitmap", () => ({ purpose: 256 })],
  ["legalBasis", "beyond every table", () => ({ legalBasis: 1000 })],
  ["retentionDays", "over a century", () => ({ retentionDays: 36_526 })],
  ["rulesVersion", "none", () => ({ rulesVersion: 0 })],
  ["tier", "beyond the last", () => ({ tier: 3 })],
  ["utilityTarget", "above 0, which no log-loss reaches", () => ({ utilityTarget: 1n })],
  ["startSeconds", "none", () => ({ startSeconds: 0 })],
  ["startSeconds", "over a month", () => ({ startSeconds: month + 1 })],
  ["roundSeconds", "below the market's minimum", () => ({ roundSeconds: 9 })],
  ["roundSeconds", "over a month", () => ({ roundSeconds: month + 1 })],
  ["proposeSeconds", "below the market's minimum", () => ({ proposeSeconds: 9 })],
  ["proposeSeconds", "over a month", () => ({ proposeSeconds: month + 1 })],
  ["challengeSeconds", "below the market's minimum", () => ({ challengeSeconds: 3599 })],
  ["challengeSeconds", "over a month", () => ({ challengeSeconds: month + 1 })],
  ["assets", "none", () => ({ assets: [] })],
  ["assets", "one, even with noise", () => ({ noiseMilli: 1000, assets: manyAssets(1) })],
  ["assets", "13 in the clear, where the contract divides by coalitions", () => ({ assets: manyAssets(13) })],
  ["assets", "more than a cohort's bitmap may name", () => ({ aggregation: 1, assets: manyAssets(65) })],
  ["version", "none", (terms) => ({ assets: assetsWith(terms, 1, { version: 0 }) })],
  ["weight", "none of one contributor", (terms) => ({ assets: assetsWith(terms, 2, { weight: 0 }) })],
  ["weight", "a sum of one part less", (terms) => ({ assets: assetsWith(terms, 1, { weight: 333_333_332 }) })],
  ["weight", "a sum of one part more", (terms) => ({ assets: assetsWith(terms, 1, { weight: 333_333_334 }) })],
  ["assetId", "twice the same", (terms) => ({ assets: assetsWith(terms, 2, { assetId: terms.assets[0]?.assetId }) })],
];
/** Committees that are not one of the six. */
export const committees = [
  ...[
    { k: 5, t: 2, m: 3, f: 1 },
    { k: 5, t: 3, m: 4, f: 1 },
    { k: 5, t: 2, m: 5, f: 1 },
    { k: 5, t: 2, m: 4, f: 2 },
  ],
  ...[
    { k: 4, t: 2, m: 3, f: 1 },
    { k: 6, t: 2, m: 4, f: 1 },
    { k: 3, t: 1, m: 2, f: 1 },
    { k: 0, t: 0, m: 0, f: 0 },
  ],
];
/** The six committees. */
export const allowed = [
  ...[
    { k: 4, t: 1, m: 3, f: 1 },
    { k: 5, t: 2, m: 4, f: 1 },
    { k: 5, t: 1, m: 4, f: 1 },
    { k: 7, t: 2, m: 5, f: 2 },
  ],
  ...[
    { k: 9, t: 2, m: 7, f: 2 },
    { k: 10, t: 3, m: 7, f: 3 },
  ],
];
