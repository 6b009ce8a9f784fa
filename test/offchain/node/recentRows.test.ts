import { expect } from "chai";
import { RecentRows } from "../../../offchain/node/recentRows.ts";

/** A table of one group's rows, that counts how often it is read. */
function table(recent: RecentRows, group: string, row: Uint8Array) {
  let reads = 0;
  const ask = () => {
    reads += 1;
    return row;
  };
  return { ask: () => recent.read(group, "row", ask, (bytes) => bytes.length), reads: () => reads };
}

describe("rows that were read lately", () => {
  it("are read again once their group changed, and no other group with them", () => {
    const recent = new RecentRows(10_000);
    const [a, b] = [table(recent, "a", Uint8Array.of(1)), table(recent, "b", Uint8Array.of(2))];
    for (const { ask } of [a, b, a, b]) ask();
    expect([a.reads(), b.reads()]).to.deep.equal([1, 1]);
    recent.drop("a");
    expect([a.ask()[0], b.ask()[0], a.reads(), b.reads()]).to.deep.equal([1, 2, 2, 1]);
    recent.dropAll();
    expect([a.ask()[0], b.ask()[0], a.reads(), b.reads()]).to.deep.equal([1, 2, 3, 2]);
  });

  it("tell that there was none from that nobody asked", () => {
    const recent = new RecentRows(10_000);
    let reads = 0;
    const none = () => recent.read("a", "row", () => void reads++);
    expect([none(), none(), reads]).to.deep.equal([undefined, undefined, 1]);
  });

  it("make room for newer ones, oldest first, and are not kept where one alone is too large", () => {
    const recent = new RecentRows(10_000);
    const [old, newer, large] = [4000, 6000, 10_001].map((size, i) => table(recent, `${i}`, new Uint8Array(size)));
    for (const one of [old, newer, newer, large, large, newer, old]) one?.ask();
    expect([old?.reads(), newer?.reads(), large?.reads()]).to.deep.equal([2, 1, 2]);
  });
});
