import { apportion } from "./apportion.ts";
import { FarshoreError } from "./errors.ts";

/** Decimals of the stable token: amounts are minor units of 1e-6. */
export const stableDecimals = 6;
/** Decimals of the incentive token. */
export const incentiveDecimals = 18;
/** Sum of the weights of a job's contributors: parts per billion. */
export const ppb = 1_000_000_000;

/** The contracts keep amounts of both tokens as uint128. */
const largestAmount = 2n ** 128n - 1n;

/** "1250.50" stable tokens as minor units (6 decimals); throws `core/bad-amount`. */
export function parseStable(text: string): bigint {
  return parseDecimal(text, stableDecimals);
}

/** Minor units of the stable token as the shortest decimal text: 1250500000n is "1250.5". */
export function formatStable(amount: bigint): string {
  return formatDecimal(amount, stableDecimals);
}

/** "0.25" incentive tokens as units of 1e-18; throws `core/bad-amount`. */
export function parseIncentive(text: string): bigint {
  return parseDecimal(text, incentiveDecimals);
}

/** Units of 1e-18 incentive tokens as the shortest decimal text. */
export function formatIncentive(amount: bigint): string {
  return formatDecimal(amount, incentiveDecimals);
}

/**
 * Weights p_i of contributors in parts per billion, in proportion to their rows: largest remainder, the sum is 1e9
 * exactly, ties to the lower index. Throws `core/bad-rows` for no contributors or row counts that are not positive
 * safe integers.
 */
export function weightsByRows(rows: readonly number[]): number[] {
  const bad = rows.findIndex((count) => !Number.isSafeInteger(count) || count < 1);
  if (rows.length === 0 || bad >= 0) {
    throw new FarshoreError({
      code: "core/bad-rows",
      message: rows.length === 0 ? "no contributors to weigh" : `contributor ${bad} has ${rows[bad]} rows`,
      facts: { index: bad, rows: rows[bad] ?? null },
    });
  }
  return apportion(BigInt(ppb), rows.map(BigInt)).map(Number);
}

function parseDecimal(text: string, decimals: number): bigint {
  const match = /^([0-9]{1,39})(?:\.([0-9]+))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  if (match === null || fraction.length > decimals) throw badAmount(text, decimals);
  const amount = BigInt(`${match[1]}${fraction.padEnd(decimals, "0")}`);
  if (amount > largestAmount) throw badAmount(text, decimals);
  return amount;
}

function formatDecimal(amount: bigint, decimals: number): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, "0");
  const fraction = digits.slice(-decimals).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -decimals)}${fraction === "" ? "" : `.${fraction}`}`;
}

function badAmount(text: string, decimals: number): FarshoreError {
  return new FarshoreError({
    code: "core/bad-amount",
    message: `${JSON.stringify(text.slice(0, 60))} is not an amount with at most ${decimals} decimals`,
    facts: { text: text.slice(0, 60), decimals },
    remedy: 'write a plain decimal such as "1250.50": no sign, no exponent, no separators',
  });
}
