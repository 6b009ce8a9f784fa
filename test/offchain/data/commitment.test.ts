import { createHash, createHmac } from "node:crypto";
import { expect } from "chai";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { merkleRoot } from "../../../offchain/crypto/merkle.ts";
import { commitDataset, rowProof, verifyRow } from "../../../offchain/data/commitment.ts";
import { readTable } from "../../../offchain/data/connector.ts";
import { rowBytes, rowLeaf, rowLeaves, rowSalt } from "../../../offchain/data/rowLeaf.ts";
import { schemaHash } from "../../../offchain/data/schema.ts";
import type { Table } from "../../../offchain/data/table.ts";
import { Folder, loanCsv, loanSchema, refusalOf } from "./files.ts";

const secret = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1);
const table: Table = {
  rows: 3,
  ids: ["c9", "a1", "Zoë"],
  columns: [Float64Array.of(2.5, -7.25, 99.125), Float64Array.of(3, 12, 4)],
  labels: Uint8Array.of(1, 0, 1),
};

/** The leaf as the design writes it, by other means than the code under test. */
function leafByTheBook(index: number): Buffer {
  const number = Buffer.alloc(4);
  number.writeUInt32LE(index);
  const salt = createHmac("sha256", secret).update(number).digest();
  const id = Buffer.from(table.ids?.[index] as string);
  const features = Buffer.from(Float64Array.from(table.columns, (c) => c[index] as number).buffer);
  const row = Buffer.concat([Buffer.from([id.length, 0]), id, features, Buffer.from([table.labels[index] as number])]);
  return createHash("sha256")
    .update(Buffer.concat([Buffer.from([0]), salt, row]))
    .digest();
}

describe("dataset commitment", () => {
  it("refuses a salt that is not 32 bytes, a row that is not there, and an identifier of 64 KiB", async () => {
    expect((await refusalOf(() => commitDataset(table, loanSchema, secret.subarray(1)))).code).to.equal(
      "data/bad-salt",
    );
    for (const index of [-1, 3, 0.5]) {
      expect((await refusalOf(() => rowProof(table, secret, index))).code).to.equal("data/no-such-row");
    }
    const long = { ...table, ids: ["c9", "x".repeat(2 ** 16), "b5"] };
    const refused = await refusalOf(() => commitDataset(long, loanSchema, secret));
    expect([refused.code, refused.facts.row]).to.deep.equal(["data/id-too-long", 2]);
  });

  it("hashes each row as SHA-256(0x00, HMAC-SHA256(secret, index), row)", () => {
    for (const index of [0, 1, 2]) {
      expect(bytesToHex(rowLeaves(table, secret)[index] as Uint8Array)).to.equal(bytesToHex(leafByTheBook(index)));
      expect(bytesToHex(rowLeaf(rowSalt(secret, index), rowBytes(table, index)))).to.equal(
        bytesToHex(leafByTheBook(index)),
      );
    }
  });

  it("is the Merkle root of the leaves, with the number of rows and the hash of the schema", () => {
    const { root, rows, schemaHash: hash } = commitDataset(table, loanSchema, secret);
    expect(root).to.equal(bytesToHex(merkleRoot([0, 1, 2].map(leafByTheBook))));
    expect([rows, hash]).to.deep.equal([3, schemaHash(loanSchema)]);
  });

  it("changes with any value, label, identifier, order of rows and secret", () => {
    const swap = <T>([a, b, c]: readonly T[]) => [b, a, c] as [T, T, T];
    const others: Table[] = [
      { ...table, ids: ["c9", "a2", "Zoë"] },
      { ...table, ids: null },
      { ...table, labels: Uint8Array.of(1, 1, 1) },
      { ...table, columns: [Float64Array.of(2.5, -7.25, 99.12500000000001), table.columns[1] as Float64Array] },
      { ...table, columns: [...table.columns].reverse() },
      {
        rows: 3,
        ids: swap(table.ids as string[]),
        columns: table.columns.map((c) => Float64Array.from(swap([...c]))),
        labels: Uint8Array.from(swap([...table.labels])),
      },
    ];
    const roots = [table, ...others].map((t) => commitDataset(t, loanSchema, secret).root);
    roots.push(
      commitDataset(
        table,
        loanSchema,
        secret.map((b) => b ^ 1),
      ).root,
    );
    expect(new Set(roots).size).to.equal(others.length + 2);
  });

  it("does not let an identifier run into the features", () => {
    const one = (id: string, feature: number): Table => ({
      ...table,
      rows: 1,
      ids: [id],
      columns: [Float64Array.of(feature)],
    });
    // The bytes of 2.5 as float64 LE, appended to the identifier, must not give the bytes of another row.
    const tail = Buffer.from(Float64Array.of(2.5).buffer).toString("latin1");
    expect(rowBytes(one("c", 2.5), 0)).not.to.deep.equal(rowBytes({ ...one(`c${tail}`, 0), columns: [] }, 0));
  });

  it("is the same for the same rows from CSV and from Parquet", async () => {
    const folder = new Folder();
    const parquet = `SELECT unnest(['c9', 'a1', 'b5']) AS id, unnest([2.5, -7.25, 99.125]) AS income,
      unnest([3, 12, 4]) AS delays, unnest([1, 0, 1]) AS bad`;
    const tables = [
      await readTable(folder.write("loans.csv", loanCsv), loanSchema),
      await readTable(await folder.parquet("loans.parquet", parquet), loanSchema),
    ];
    folder.remove();
    expect(new Set(tables.map((t) => commitDataset(t, loanSchema, secret).root)).size).to.equal(1);
  });

  describe("proof of a row", () => {
    const commitment = commitDataset(table, loanSchema, secret);
    const flip = (bytes: Uint8Array) => bytes.map((b, i) => (i === bytes.length - 1 ? b ^ 1 : b));

    it("is refused for another row, label, salt, index, path or root", () => {
      const proof = rowProof(table, secret, 1);
      const forged = [
        { ...proof, row: rowBytes(table, 0) },
        { ...proof, row: flip(proof.row) },
        { ...proof, salt: flip(proof.salt) },
        { ...proof, index: 0 },
        { ...proof, path: proof.path.map(flip) },
        { ...proof, path: proof.path.slice(1) },
      ];
      for (const forgery of forged) expect(verifyRow(commitment, forgery)).to.equal(false);
      const other = commitDataset({ ...table, ids: null }, loanSchema, secret);
      expect(verifyRow(other, proof)).to.equal(false);
    });

    it("opens the root for every row", () => {
      for (const index of [0, 1, 2]) expect(verifyRow(commitment, rowProof(table, secret, index))).to.equal(true);
    });

    it("holds the salt of its row only, not the secret", () => {
      const { salt } = rowProof(table, secret, 1);
      expect(salt).not.to.deep.equal(rowSalt(secret, 0));
      expect(bytesToHex(salt)).not.to.equal(bytesToHex(secret));
    });
  });
});
