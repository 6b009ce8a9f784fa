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

/** Storage of the contract, by the compiler that built it, from the very sources of the last build. */
async function layoutOf(name: string): Promise<Entry[]> {
  const id = (await hre.artifacts.getBuildInfoId(`contracts/market/${name}.sol:${name}`)) as string;
  const { input } = JSON.parse(await readFile((await hre.artifacts.getBuildInfoPath(id)) as string, "utf8"));
  const file = Object.keys(input.sources).find((source) => source.endsWith(`/market/${name}.sol`)) as string;
  const settings = { ...input.settings, outputSelection: { [file]: { [name]: ["storageLayout"] } } };
  const solc = createRequire(import.meta.url)("solc");
  const { contracts } = JSON.parse(solc.compile(JSON.stringify({ ...input, settings })));
  return contracts[file][name].storageLayout.storage;
}

const place = ({ label, slot, offset, type }: Entry) => ({
  label,
  slot,
  offset,
  type: type.replace(/\d+(?=_)|(?<=\))\d+/g, ""),
});

describe("Storage of the market and of the halves whose code it runs", () => {
  it("is the same wherever both declare it, and the halves declare nothing of their own", async () => {
    const market = await layoutOf("JobMarket");
    const halves = await Promise.all(["JobOpening", "JobEnding", "JobDisputes", "JobVerdicts"].map(layoutOf));
    expect(halves).to.have.length(4);
    for (const half of halves) {
      expect(half.length).to.be.greaterThan(5);
      expect(half.map(place)).to.deep.equal(market.slice(0, half.length).map(place));
      const labels = half.map(({ label }) => label);
      expect(labels).to.include.members(["_slots", "_ready", "_cancelled", "_guard", "_credits"]);
      expect(labels).to.include.members(["_emission", "_halts", "_disputes"]);
      // Behind it the market keeps only what no half touches: its authority.
      expect(
        market
          .slice(half.length)
          .map(({ label }) => label)
          .filter((label) => label !== "_authority" && label !== "_consumingSchedule"),
      ).to.deep.equal([]);
    }
  });
});
