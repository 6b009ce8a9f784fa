import { expect } from "chai";
import { checkDataset } from "../../../offchain/data/check.ts";
import { inferSchema, roundRange } from "../../../offchain/data/infer.ts";
import { Folder, refusalOf } from "./files.ts";

describe("proposing a schema", () => {
  const folder = new Folder();
  after(() => folder.remove());
  const propose = (text: string) => inferSchema(folder.write("loans.csv", text));

  it("refuses a file without a column that could be the label, with two of them, or without rows", async () => {
    for (const [text, code] of [
      ["id,income\nc9,1\na1,2\n", "data/no-label"],
      ["id,owner,married,income\nc9,1,0,5\na1,0,1,6\n", "data/no-label"],
      ["id,income,y\n", "data/no-rows"],
      ["", "data/no-rows"],
    ] as const) {
      expect((await refusalOf(() => propose(text))).code).to.equal(code);
    }
  });

  it("tells identifier, label, integers and numbers apart and widens ranges to round numbers", async () => {
    const { schema } = await propose("customer_id,owner,income,debt,y\n17,1,2.5,-1234,1\n9,0,847.1,88,0\n");
    expect(schema.name).to.equal("loans");
    expect(schema.columns.map(({ meaning, nullable, ...column }) => column)).to.deep.equal([
      { name: "customer_id", type: "identifier" },
      { name: "owner", type: "integer", min: 0, max: 1 },
      { name: "income", type: "number", min: 0, max: 900 },
      { name: "debt", type: "integer", min: -2000, max: 1000 },
      { name: "y", type: "label" },
    ]);
  });

  it("takes the only column of zeros and ones for the label, whatever its name", async () => {
    const { schema } = await propose("id,income,paid\nc9,2.5,1\na1,3.5,0\n");
    expect(schema.columns.find((column) => column.type === "label")?.name).to.equal("paid");
  });

  it("warns that ranges are public, of text left out and of rows without a number", async () => {
    const { schema, warnings } = await propose("id,town,income,y\nc9,Bonn,2.5,1\na1,Turin,,0\n");
    expect(schema.columns.map((column) => column.name)).to.deep.equal(["id", "income", "y"]);
    expect(warnings.some((w) => w.includes("public"))).to.equal(true);
    expect(warnings.some((w) => w.includes("town"))).to.equal(true);
    expect(warnings.some((w) => w.includes("income: 1 rows"))).to.equal(true);
  });

  it("proposes what the file itself passes", async () => {
    const path = folder.write("loans.csv", "id,income,delays,y\nc9,0.30000001,7,1\na1,-123.75,0,0\nb5,99999.5,3,1\n");
    const { schema } = await inferSchema(path);
    expect((await checkDataset(path, schema)).refusals).to.deep.equal([]);
  });

  it("gives a range that is not empty for a column with one value", () => {
    expect(roundRange(Float64Array.of(0, 0), true)).to.deep.equal({ min: 0, max: 1 });
    expect(roundRange(Float64Array.of(5, 5), true)).to.deep.equal({ min: 5, max: 6 });
    expect(roundRange(Float64Array.of(-0.03), false)).to.deep.equal({ min: -0.03, max: -0.02 });
  });
});
