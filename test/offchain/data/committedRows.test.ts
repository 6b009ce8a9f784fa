import { expect } from "chai";
import { committedRows } from "../../../offchain/data/committedRows.ts";
import type { Table } from "../../../offchain/data/table.ts";
import { encodeValidation, validationRoot } from "../../../offchain/data/validationRows.ts";

const salt = Uint8Array.from({ length: 32 }, (_, i) => 7 + 5 * i);
const table: Table = {
  rows: 3,
  ids: null,
  columns: [Float64Array.of(2.5, -10, 100), Float64Array.of(3, 24, 0)],
  labels: Uint8Array.of(1, 0, 1),
};
// The first column's values stand on both ends of its range, the second's too.
const features = [
  { min: -10, max: 100 },
  { min: 0, max: 24 },
];

/** What comes of a table whose own root and number of rows the terms name. */
function outcomeOf(delivered: Table, ranges = features): Table | null {
  const commitment = { root: validationRoot(delivered, salt), rows: delivered.rows, features: ranges };
  return committedRows(encodeValidation(delivered, salt), commitment);
}

describe("rows that a job commits to", () => {
  const payload = encodeValidation(table, salt);
  const commitment = { root: validationRoot(table, salt), rows: 3, features };

  it("are null under another root, and with another salt", () => {
    expect(committedRows(payload, { ...commitment, root: `0x${"5a".repeat(32)}` })).to.equal(null);
    expect(committedRows(encodeValidation(table, salt.with(0, 1)), commitment)).to.equal(null);
  });

  it("are null where they are fewer or more than the terms say, whatever their root", () => {
    expect(committedRows(payload, { ...commitment, rows: 4 })).to.equal(null);
    expect(committedRows(payload, { ...commitment, rows: 2 })).to.equal(null);
  });

  it("are null with a value beyond its range, by as little as a number can be, at either end and in any column", () => {
    const [first, second] = table.columns as [Float64Array, Float64Array];
    expect(outcomeOf({ ...table, columns: [first.with(2, 100.00000000000001), second] })).to.equal(null);
    expect(outcomeOf({ ...table, columns: [first.with(1, -10.000000000000002), second] })).to.equal(null);
    expect(outcomeOf({ ...table, columns: [first, second.with(1, 24.000000000000004)] })).to.equal(null);
    expect(outcomeOf({ ...table, columns: [first, second.with(2, -5e-324)] })).to.equal(null);
    // The ranges of the columns the other way round: most values fit, and not all.
    expect(outcomeOf(table, [...features].reverse())).to.equal(null);
  });

  it("are null with a column more or less than the specification has features", () => {
    const [first, second] = table.columns as [Float64Array, Float64Array];
    expect(outcomeOf({ ...table, columns: [first] })).to.equal(null);
    expect(outcomeOf({ ...table, columns: [first, second, second] })).to.equal(null);
  });

  it("are null for bytes that are no rows: none, too few, a head that claims more, any", () => {
    const salted = (...bytes: number[]) => Uint8Array.of(...salt, ...bytes);
    const garbage = [
      new Uint8Array(),
      salt,
      payload.subarray(0, payload.length - 1),
      Uint8Array.of(...payload, 0),
      salted(1, 255, 255, 255, 255, 255, 255),
      Uint8Array.from({ length: payload.length }, (_, i) => (i * 91) % 256),
    ];
    for (const bytes of garbage) expect(committedRows(bytes, commitment), String(bytes.length)).to.equal(null);
  });

  it("are the table when everything fits, values on the ends of their ranges included", () => {
    expect(committedRows(payload, commitment)).to.deep.equal(table);
  });
});
