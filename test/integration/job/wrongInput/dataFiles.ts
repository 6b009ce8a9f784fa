import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import type { Marketplace } from "../marketplace.ts";
import { runFarshore } from "../program.ts";
import { patient, refused } from "./refusals.ts";

type Change = (lines: readonly string[]) => string[];

const columnOf = (lines: readonly string[], name: string) => (lines[0] ?? "").split(",").indexOf(name);

/** Without a column. */
function without(name: string): Change {
  return (lines) => {
    const at = columnOf(lines, name);
    const kept = (line: string) => line.split(",").filter((_, i) => i !== at);
    return lines.map((line) => kept(line).join(","));
  };
}

const changedRow = 7;

/** With another value in one row of a column. */
function changed(name: string, value: string): Change {
  return (lines) => {
    const at = columnOf(lines, name);
    const other = (line: string) => line.split(",").map((v, i) => (i === at ? value : v));
    return lines.map((line, row) => (row === changedRow ? other(line).join(",") : line));
  };
}

/** Files of rows that are no data set of their schema: what `asset check` and `asset list` say of them. */
export function refusesDataFiles(m: () => Marketplace): void {
  describe("in a file of rows", () => {
    const rows = () =>
      readFileSync(join(m().folder, "data", "bank_prime.csv"), "utf8")
        .trim()
        .split("\n");
    const cases: readonly [string, Change, string, string | null, number | null][] = [
      ["a missing column", without("income"), "data/missing-column", "income", null],
      ["text in a number", changed("income", "n/a"), "data/not-a-number", "income", changedRow],
      ["a value outside its declared range", changed("age", "17"), "data/out-of-range", "age", changedRow],
      ["no label", without("default"), "data/no-label", "default", null],
      [
        "one class only",
        (lines) => lines.filter((l, i) => i === 0 || l.endsWith(",0")),
        "data/one-class",
        "default",
        null,
      ],
      ["no rows", (lines) => lines.slice(0, 1), "data/no-rows", null, null],
    ];
    for (const [what, change, code, column, row] of cases) {
      it(`${what} is refused by asset check and asset list`, async function () {
        this.timeout(patient);
        const { home } = m().party("bank-1");
        const data = join(m().folder, `${code.replace("/", "-")}.csv`);
        writeFileSync(data, `${change(rows()).join("\n")}\n`);
        const file = ["--data", data, "--schema", join(m().folder, "data", "schema.json")];
        const offer = ["--population", "customers", "--price", "100", "--purpose", "creditScoring"];
        const checked = await runFarshore(home, ["asset", "check", ...file]);
        expect(checked.code).to.equal(exitCodes.badInput);
        expect(checked.out).to.match(new RegExp(`refused  ${code}: .*${column ?? ""}.*expected`));
        expect(checked.out).to.contain("what to do: ");
        const error = await refused(m(), "bank-1", ["asset", "list", ...file, ...offer], exitCodes.badInput);
        expect(error.code).to.equal(code);
        expect(error.facts).to.include({ column, row });
      });
    }
  });
}
