import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Table } from "../../../offchain/data/table.ts";
import {
  decodeRows,
  decodeValidation,
  encodeRows,
  encodeValidation,
  validationRoot,
  verifyValidation,
} from "../../../offchain/data/validationRows.ts";
import { refusalOf } from "./files.ts";

const salt = Uint8Array.from({ length: 32 }, (_, i) => 255 - 3 * i);
const table: Table = {
  rows: 3,
  ids: ["c9", "a1", "b5"],
  columns: [Float64Array.of(2.5, -7.25, 99.125), Float64Array.of(3, 1e-320, 4)],
  labels: Uint8Array.of(1, 0, 1),
};
const changed = (bytes: Uint8Array, at: number, value: number) => bytes.map((b, i) => (i === at ? value : b));
/** Head 7, two columns of three float64, three labels. */
const length = 7 + 2 * 3 * 8 + 3;

describe("validation rows", () => {
  const rows = encodeRows(table);
  const payload = encodeValidation(table, salt);
  const root = validationRoot(table, salt);

  const malformed: [string, Uint8Array][] = [
    ["no bytes", new Uint8Array()],
    ["a head cut off", rows.subarray(0, 6)],
    ["another version", changed(rows, 0, 2)],
    ["a byte too few", rows.subarray(0, length - 1)],
    ["a byte too many", Uint8Array.of(...rows, 0)],
    ["more rows than are there", changed(rows, 1, 4)],
    ["four billion rows in a few bytes", Uint8Array.of(1, 255, 255, 255, 255, 255, 255)],
    ["no rows", Uint8Array.of(1, 0, 0, 0, 0, 2, 0)],
    ["no features", Uint8Array.of(1, 1, 0, 0, 0, 0, 0, 1)],
    ["a label of 2", changed(rows, length - 1, 2)],
    ["a NaN", encodeRows({ ...table, columns: [Float64Array.of(1, Number.NaN, 2), table.columns[1] as Float64Array] })],
    [
      "an infinity",
      encodeRows({
        ...table,
        columns: [Float64Array.of(1, Number.NEGATIVE_INFINITY, 2), table.columns[1] as Float64Array],
      }),
    ],
  ];
  for (const [what, bytes] of malformed) {
    it(`are refused with ${what}`, async () => {
      expect((await refusalOf(() => decodeRows(bytes))).code).to.equal("data/bad-validation");
    });
  }

  it("are refused where they differ from the terms: rows, a value, a label, the salt, the root", async () => {
    const refused = async (run: () => void) => expect((await refusalOf(run)).code).to.equal("data/bad-validation");
    await refused(() => verifyValidation(payload, root, 4));
    await refused(() => verifyValidation(payload, root, 2));
    await refused(() => verifyValidation(changed(payload, 0, 1), root, 3));
    await refused(() => verifyValidation(changed(payload, 32 + 7, 1), root, 3));
    await refused(() => verifyValidation(changed(payload, 32 + length - 1, 0), root, 3));
    await refused(() =>
      verifyValidation(payload, validationRoot({ ...table, labels: Uint8Array.of(0, 0, 1) }, salt), 3),
    );
    await refused(() => verifyValidation(payload.subarray(0, 31), root, 3));
    await refused(() => void encodeValidation(table, salt.subarray(1)));
  });

  it("come back as they were, bit by bit, without their identifiers", () => {
    expect(decodeRows(rows)).to.deep.equal({ ...table, ids: null });
    expect(decodeValidation(payload)).to.deep.equal({ table: { ...table, ids: null }, salt });
    expect(Buffer.from(payload).includes("c9")).to.equal(false);
  });

  it("have one encoding: what decodes encodes to the same bytes, also from the middle of a larger buffer", () => {
    const shifted = new Uint8Array(payload.length + 3);
    shifted.set(payload, 3);
    const { table: decoded, salt: opened } = decodeValidation(shifted.subarray(3));
    expect(encodeValidation(decoded, opened)).to.deep.equal(payload);
    expect(rows.length).to.equal(length);
  });

  it("match the root that was made with their identifiers still in the table", () => {
    verifyValidation(payload, root, 3);
    expect(validationRoot({ ...table, ids: null }, salt)).to.equal(root);
  });

  it("are handled without a file and without DuckDB", () => {
    const seen = new Set<string>();
    const visit = (file: URL): void => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      const code = readFileSync(file, "utf8");
      // `import type` leaves no trace at run time.
      for (const [, name] of code.matchAll(/^import (?!type )[^;]*?from "([^"]+)"/gm)) {
        expect(name, file.pathname).not.to.match(/duckdb|^node:fs/);
        if (name?.startsWith(".")) visit(new URL(name, file));
      }
    };
    visit(new URL("../../../offchain/data/validationRows.ts", import.meta.url));
    expect(seen.size).to.be.greaterThan(3);
  });
});
