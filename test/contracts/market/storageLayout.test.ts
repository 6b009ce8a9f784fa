import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "chai";
import hre from "hardhat";

// A half runs on the market's storage, so both must lay out alike what both declare. The compiler says how they do.

interface Entry {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

/** Storage of the contracts named, by the compiler that built them, from the very sources of the last build. */
async function layoutsOf(...names: readonly string[]): Promise<Entry[][]> {
  const path = await hre.artifacts.getBuildInfoPath(
    (await hre.artifacts.getBuildInfoId(`contracts/market/${names[0]}.sol:${names[0]}`)) as string,
  );
  const { input } = JSON.parse(await readFile(path as string, "utf8"));
  const files = Object.keys(input.sources);
  const found = names.map((name) => [name, files.find((file) => file.endsWith(`/market/${name}.sol`))] as const);
  const outputSelection = Object.fromEntries(found.map(([name, file]) => [file, { [name]: ["storageLayout"] }]));
  const settings = { ...input.settings, outputSelection };
  const solc = createRequire(import.meta.url)("solc");
  const { contracts } = JSON.parse(solc.compile(JSON.stringify({ ...input, settings })));
  return found.map(([name, file]) => contracts[file as string][name].storageLayout.storage);
}

const place = ({ label, slot, offset, type }: Entry) => ({ label, slot, offset, type: type.replace(/\d+(?=_)/g, "") });

describe("Storage of the market and of the half whose code it runs", () => {
  it("is the same wherever both declare it, and the half declares nothing of its own", async () => {
    const [market, opening] = (await layoutsOf("JobMarket", "JobOpening")) as [Entry[], Entry[]];
    expect(opening.length).to.be.greaterThan(5);
    expect(opening.map(place)).to.deep.equal(market.slice(0, opening.length).map(place));
    const labels = opening.map(({ label }) => label);
    expect(labels).to.include.members(["_slots", "_ready", "_validationUsed", "_cancelled", "_paused", "_credits"]);
    // Behind it the market keeps only what the half never touches: its authority.
    expect(
      market
        .slice(opening.length)
        .map(({ label }) => label)
        .filter((label) => label !== "_authority" && label !== "_consumingSchedule"),
    ).to.deep.equal([]);
  });
});
