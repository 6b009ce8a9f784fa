import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DatasetSchema, parseSchema } from "../../offchain/data/schema.ts";
import { normal, seeded, type Uniform } from "./random.ts";

/**
 * A consumer-credit portfolio for the demo: customers of three banks whose books differ (a prime bank, a payroll bank,
 * a bank for young customers), drawn by a seeded generator, so that every run of one seed gives the same rows.
 *
 * A customer has a hidden quality; income, limits, utilisation and arrears follow from it and from age. The probability of
 * default is one logistic function of the columns for all banks, but each bank sees only a corner of it: in a prime book
 * arrears hardly occur, in a young book histories are short. So a bank alone learns its corner, and the federation the
 * whole: its AUC on customers of all banks is visibly better. Defaults are near 20%.
 */
export interface PortfolioOptions {
  readonly seed: number;
  readonly rowsPerBank?: number;
  readonly validationRows?: number;
  readonly testRows?: number;
}

interface Book {
  readonly name: string;
  /** Mean of the hidden quality, in standard deviations. */
  readonly quality: number;
  readonly ageMean: number;
  /** How often a customer has any arrears at all. */
  readonly arrears: number;
  /** Mean and spread of the share of the limit that is used. */
  readonly utilisation: readonly [number, number];
  /** Share of customers whose account is linked to a salary. */
  readonly salaried: number;
  /** How often customers ask elsewhere for credit. */
  readonly inquiries: number;
  /** How much debt and cash advances vary. */
  readonly debtSpread: number;
  readonly cashSpread: number;
}

// Each bank's policy takes the variation out of some columns: the prime bank admits nobody with arrears, the payroll bank
// only salaries and one limit for all, the young customers' bank nobody with debt elsewhere.
const books: readonly Book[] = [
  {
    ...{ name: "bank_prime", quality: 0.5, ageMean: 48, arrears: 0.0015, utilisation: [0.3, 0.25] },
    ...{ salaried: 0.9, inquiries: 0.13, debtSpread: 0.6, cashSpread: 0.02 },
  },
  {
    ...{ name: "bank_payroll", quality: 0, ageMean: 41, arrears: 0.35, utilisation: [0.5, 0.012] },
    ...{ salaried: 0.9995, inquiries: 1.3, debtSpread: 0.03, cashSpread: 0.02 },
  },
  {
    ...{ name: "bank_young", quality: -0.3, ageMean: 26, arrears: 0.0015, utilisation: [0.6, 0.2] },
    ...{ salaried: 0.4, inquiries: 0.13, debtSpread: 0.05, cashSpread: 0.2 },
  },
];

interface Column {
  readonly name: string;
  readonly type: "number" | "integer";
  readonly min: number;
  readonly max: number;
  readonly meaning: string;
}

// Ranges are declared by what the column can be, not by what was drawn: they are public.
const columns: readonly Column[] = [
  { name: "age", type: "integer", min: 18, max: 90, meaning: "age in years" },
  { name: "income", type: "number", min: 0, max: 250, meaning: "yearly income in thousands" },
  { name: "limit", type: "number", min: 0, max: 120, meaning: "credit limit in thousands" },
  { name: "utilisation", type: "number", min: 0, max: 1.5, meaning: "balance over limit" },
  { name: "arrears_months", type: "integer", min: 0, max: 6, meaning: "worst arrears in the last year, months" },
  { name: "arrears_count", type: "integer", min: 0, max: 24, meaning: "payments late in the last two years" },
  { name: "tenure", type: "number", min: 0, max: 40, meaning: "years as a customer" },
  { name: "products", type: "integer", min: 1, max: 8, meaning: "products held at the bank" },
  { name: "inquiries", type: "integer", min: 0, max: 15, meaning: "credit inquiries in six months" },
  { name: "salaried", type: "integer", min: 0, max: 1, meaning: "1 = salary paid into the account" },
  { name: "cash_share", type: "number", min: 0, max: 1, meaning: "share of cash advances in spending" },
  { name: "debt_to_income", type: "number", min: 0, max: 4, meaning: "all debt over yearly income" },
  { name: "savings", type: "number", min: 0, max: 300, meaning: "savings in thousands" },
];

function clamp(value: number, { min, max, type }: Column): number {
  const inside = Math.min(max, Math.max(min, value));
  return type === "integer" ? Math.round(inside) : Math.round(inside * 1e4) / 1e4;
}

/** One customer's columns and label. */
function customer(book: Book, random: Uniform): { values: number[]; label: number } {
  const quality = book.quality + normal(random);
  const age = book.ageMean + 10 * normal(random);
  const income = Math.exp(3.5 + 0.35 * quality + 0.012 * (age - 40) + 0.35 * normal(random));
  const limit = income * Math.exp(-1.1 + 0.25 * quality + 0.3 * normal(random));
  const utilisation = book.utilisation[0] + book.utilisation[1] * (normal(random) - 0.4 * quality);
  const late = random() < book.arrears * Math.exp(-0.5 * quality);
  const arrearsMonths = late ? 1 + Math.min(4, Math.floor(-Math.log(1 - random()) * 1.2)) : 0;
  const arrearsCount = late ? arrearsMonths + Math.floor(random() * 4) : random() < 0.08 ? 1 : 0;
  const tenure = Math.max(0, (age - 20) * random());
  const products = 1 + Math.floor(3 * random() + Math.max(0, quality));
  const inquiries = Math.floor(-Math.log(1 - random()) * book.inquiries);
  const salaried = random() < book.salaried ? 1 : 0;
  const cash = 0.1 + book.cashSpread * Math.abs(normal(random));
  const debt = 0.7 + book.debtSpread * (Math.abs(normal(random)) - 0.2 * quality);
  const savings = Math.exp(1.6 + 0.8 * quality + 0.02 * (age - 40) + 0.8 * normal(random));
  const raw = [
    age,
    income,
    limit,
    utilisation,
    arrearsMonths,
    arrearsCount,
    tenure,
    products,
    inquiries,
    salaried,
    cash,
    debt,
    savings,
  ];
  const values = raw.map((value, j) => clamp(value, columns[j] as Column));
  return { values, label: random() < defaultProbability(values) ? 1 : 0 };
}

/** The law that all banks share: log-odds linear in the columns, so that a logistic model can learn it. */
function defaultProbability(values: readonly number[]): number {
  const [age, income, , utilisation, months, count, tenure, products, inquiries, salaried, cash, debt, savings] =
    values as [
      ...[number, number, number, number, number, number, number, number, number, number, number, number, number],
    ];
  const logOdds =
    -3.2 -
    0.01 * (age - 40) -
    0.006 * (income - 40) +
    2.6 * (utilisation - 0.5) +
    0.6 * months +
    0.12 * count -
    0.02 * tenure -
    0.05 * products +
    0.6 * inquiries -
    1.3 * (salaried - 0.7) +
    3 * cash +
    1.2 * debt -
    0.006 * savings;
  return 1 / (1 + Math.exp(-logOdds));
}

/** Rows of one book as CSV text. */
function csvOf(rows: number, draw: (i: number) => { values: number[]; label: number }, prefix: string): string {
  const lines = [["id", ...columns.map((c) => c.name), "default"].join(",")];
  for (let i = 0; i < rows; i++) {
    const { values, label } = draw(i);
    lines.push([`${prefix}${i}`, ...values, label].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** The schema that all files share. */
export function portfolioSchema(): DatasetSchema {
  return parseSchema({
    name: "consumer credit",
    version: 1,
    columns: [
      { name: "id", type: "identifier", meaning: "customer of one bank" },
      ...columns.map((column) => ({ ...column })),
      { name: "default", type: "label", meaning: "1 = 90 days late within a year" },
    ],
  });
}

/** Writes schema.json, a file per bank, and validation and test rows drawn evenly from all books. Names of the banks' files without ".csv". */
export function writePortfolio(dir: string, options: PortfolioOptions): { banks: string[] } {
  const { seed, rowsPerBank = 8000, validationRows = 2000, testRows = 6000 } = options;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "schema.json"), JSON.stringify(portfolioSchema(), null, 2));
  books.forEach((book, b) => {
    const random = seeded(seed * 1000 + b);
    writeFileSync(
      join(dir, `${book.name}.csv`),
      csvOf(rowsPerBank, () => customer(book, random), `${book.name}-`),
    );
  });
  const mixed = (name: string, rows: number, stream: number) => {
    const random = seeded(seed * 1000 + stream);
    const draw = (i: number) => customer(books[i % books.length] as Book, random);
    writeFileSync(join(dir, `${name}.csv`), csvOf(rows, draw, `${name}-`));
  };
  mixed("validation", validationRows, 100);
  mixed("test", testRows, 101);
  return { banks: books.map((book) => book.name) };
}
