import { type DatasetSchema, parseSchema } from "../../offchain/data/schema.ts";

interface Group {
  readonly names: readonly string[];
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
}

const billing = (what: string, first: number, last: number, step: 1 | -1): string[] =>
  Array.from({ length: Math.abs(last - first) + 1 }, (_, i) => `${what}${first + step * i}`);

/**
 * Columns x0..x22 of the z-scored files, in order. The ranges are chosen from what each quantity can be in standard
 * deviations (payments are skewed, so they reach far above the mean), not from the rows: a declared range is public.
 */
const groups: readonly Group[] = [
  { names: ["PAY_6"], meaning: "months of payment delay", min: -5, max: 10 },
  { names: billing("BILL_AMT", 1, 6, 1), meaning: "amount of the bill statement", min: -10, max: 30 },
  { names: billing("PAY_AMT", 1, 6, 1), meaning: "amount paid", min: -1, max: 90 },
  { names: ["LIMIT_BAL"], meaning: "credit limit", min: -5, max: 10 },
  { names: ["SEX"], meaning: "sex as coded by the bank", min: -5, max: 5 },
  { names: ["EDUCATION"], meaning: "education as coded by the bank", min: -5, max: 10 },
  { names: ["MARRIAGE"], meaning: "marital status as coded by the bank", min: -5, max: 5 },
  { names: ["AGE"], meaning: "age", min: -5, max: 10 },
  { names: ["PAY_0", ...billing("PAY_", 2, 5, 1)], meaning: "months of payment delay", min: -5, max: 10 },
];

/**
 * Schema of the horizontal files of the default-of-credit-card-clients data (Yeh & Lien 2009; 30 000 customers, Taiwan 2005):
 * `id` the customer, `y` the label (1 = default next month), `x0`..`x22` z-scored columns.
 */
export function defaultCreditSchema(): DatasetSchema {
  const features = groups.flatMap(({ names, meaning, min, max }) =>
    names.map((name) => ({ type: "number", meaning: `${name}: ${meaning}`, min, max, unit: "standard deviations" })),
  );
  return parseSchema({
    name: "default_credit",
    version: 1,
    columns: [
      { name: "id", type: "identifier", meaning: "customer" },
      { name: "y", type: "label", meaning: "default payment next month" },
      ...features.map((feature, i) => ({ name: `x${i}`, ...feature })),
    ],
  });
}
