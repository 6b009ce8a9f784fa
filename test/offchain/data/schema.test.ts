import { expect } from "chai";
import { featuresOf, parseSchema, readSchema, schemaHash } from "../../../offchain/data/schema.ts";
import { Folder, loanSchema, refusalOf } from "./files.ts";

const columns = () => structuredClone(loanSchema.columns) as Record<string, unknown>[];
const schemaWith = (change: (c: Record<string, unknown>[]) => unknown) => {
  const changed = columns();
  change(changed);
  return { name: "loans", version: 1, columns: changed };
};

describe("schema", () => {
  const refused: [string, unknown][] = [
    ["an unknown field of the schema", { ...loanSchema, owner: "a bank" }],
    ["an unknown field of a column", schemaWith((c) => Object.assign(c[1] as object, { scale: 2 }))],
    ["a range on a label", schemaWith((c) => Object.assign(c[3] as object, { min: 0, max: 1 }))],
    ["an unknown type", schemaWith((c) => Object.assign(c[1] as object, { type: "date" }))],
    ["another version", { ...loanSchema, version: 2 }],
    ["a number without a range", schemaWith((c) => delete (c[1] as { min?: number }).min)],
    ["an empty range", schemaWith((c) => Object.assign(c[1] as object, { min: 5, max: 5 }))],
    ["a range upside down", schemaWith((c) => Object.assign(c[2] as object, { min: 9, max: 5 }))],
    ["a range without end", schemaWith((c) => Object.assign(c[1] as object, { max: Number.POSITIVE_INFINITY }))],
    ["a fraction as bound of an integer", schemaWith((c) => Object.assign(c[2] as object, { max: 24.5 }))],
    ["a column that may be missing", schemaWith((c) => Object.assign(c[1] as object, { nullable: true }))],
    ["a column without meaning", schemaWith((c) => Object.assign(c[1] as object, { meaning: "" }))],
    ["no label", schemaWith((c) => c.pop())],
    ["two labels", schemaWith((c) => c.push({ name: "worse", type: "label", meaning: "m" }))],
    ["two identifiers", schemaWith((c) => c.push({ name: "key", type: "identifier", meaning: "m" }))],
    ["no feature", schemaWith((c) => c.splice(1, 2))],
    ["a name declared twice", schemaWith((c) => Object.assign(c[2] as object, { name: "income" }))],
  ];
  for (const [what, json] of refused) {
    it(`refuses ${what}`, async () => {
      expect((await refusalOf(() => parseSchema(json))).code).to.equal("data/bad-schema");
    });
  }

  it("names the field that is wrong", async () => {
    const json = schemaWith((c) => Object.assign(c[1] as object, { min: "low" }));
    expect((await refusalOf(() => parseSchema(json))).facts.path).to.equal("columns.1.min");
  });

  it("lists the features in the order of the schema, without identifier and label", () => {
    expect(featuresOf(loanSchema).map((c) => [c.name, c.min, c.max])).to.deep.equal([
      ["income", -10, 100],
      ["delays", 0, 24],
    ]);
  });

  it("has one hash for any order of fields, and another for any other column, range, meaning or order of columns", () => {
    const shuffled = {
      columns: columns().map((c) => Object.fromEntries(Object.entries(c).reverse())),
      version: 1,
      name: "loans",
    };
    expect(schemaHash(parseSchema(shuffled))).to.equal(schemaHash(loanSchema));
    const others = [
      schemaWith((c) => Object.assign(c[1] as object, { max: 101 })),
      schemaWith((c) => Object.assign(c[1] as object, { meaning: "yearly income" })),
      schemaWith((c) => Object.assign(c[1] as object, { unit: "euro" })),
      schemaWith((c) => c.reverse()),
    ];
    const hashes = new Set([loanSchema, ...others].map((s) => schemaHash(parseSchema(s))));
    expect(hashes.size).to.equal(others.length + 1);
  });

  it("has the same hash whether or not nullable is spelt out", () => {
    const terse = schemaWith((c) => {
      for (const column of c) delete column.nullable;
    });
    expect(schemaHash(parseSchema(terse))).to.equal(schemaHash(loanSchema));
  });

  describe("in a file", () => {
    const folder = new Folder();
    after(() => folder.remove());

    it("is refused where the file is absent or not JSON", async () => {
      expect((await refusalOf(() => readSchema(`${folder.path}/absent.json`))).code).to.equal("data/unreadable");
      expect((await refusalOf(() => readSchema(folder.write("broken.json", "{")))).code).to.equal("data/bad-schema");
    });

    it("is read as it was written", () => {
      expect(readSchema(folder.write("loans.json", JSON.stringify(loanSchema)))).to.deep.equal(loanSchema);
    });
  });
});
