import { FarshoreError } from "../errors.ts";

/** One row of a table: a number that never changes its meaning, and what people read. */
export interface TableRow {
  readonly number: number;
  readonly title: string;
}
export type Table = Readonly<Record<string, TableRow>>;

/** The number of a name; throws `core/unknown-name` with the table's title. */
export function numberOf(table: Table, what: string, name: string): number {
  const row = Object.hasOwn(table, name) ? table[name] : undefined;
  if (row !== undefined) return row.number;
  throw new FarshoreError({
    code: "core/unknown-name",
    message: `no ${what} is called ${JSON.stringify(name.slice(0, 40))}`,
    facts: { table: what, name: name.slice(0, 40) },
    remedy: `use one of the names in the table of each ${what}, spelt as there`,
  });
}

/** The name of a number; throws `core/unknown-number` with the table's title. */
export function nameOf<T extends Table>(table: T, what: string, number: number): keyof T & string {
  const found = Object.entries(table).find(([, row]) => row.number === number);
  if (found !== undefined) return found[0];
  throw new FarshoreError({
    code: "core/unknown-number",
    message: `no ${what} has the number ${number}`,
    facts: { table: what, number },
    remedy: "the number may come from a newer release; update before reading it",
  });
}

/** Bitmap of names, for tables whose numbers are single bits. */
export function bitsOf(table: Table, what: string, names: readonly string[]): number {
  return names.reduce((bits, name) => (bits | numberOf(table, what, name)) >>> 0, 0);
}

/** Names of the bits that are set, in the order of the table; throws `core/unknown-number` for a bit that has no name. */
export function namesOf<T extends Table>(table: T, what: string, bits: number): (keyof T & string)[] {
  const names: string[] = [];
  for (let bit = 0; bit < 32; bit++) {
    const value = (1 << bit) >>> 0;
    if ((bits & value) !== 0) names.push(nameOf(table, what, value));
  }
  return names;
}
