import { expect } from "chai";
import { connect } from "../chain.ts";
import { gasOfEntryPoints } from "./entryPoints.ts";
import { gasProblems, snapshot } from "./snapshot.ts";

describe("Gas of every entry point", () => {
  it("is compared within 1%, both ways, and by name", () => {
    const before = { "Market.post": 1000, "Market.settle": 1000, "Market.cancel": 1000 };
    const now = new Map([
      ["Market.post", 1011],
      ["Market.settle", 989],
      ["Market.start", 7],
    ]);
    expect(gasProblems(now, before)).to.deep.equal([
      "Market.post: 1011 where it was 1000 (+1.1%)",
      "Market.settle: 989 where it was 1000 (-1.1%)",
      "Market.start: 7, which the snapshot lacks",
      "Market.cancel: in the snapshot, and not measured any more",
    ]);
    expect(gasProblems(new Map([["Market.post", 1010]]), { "Market.post": 1000 })).to.deep.equal([]);
  });

  // Newer rules price some opcodes otherwise; the chains that this runs on are Berlin.
  if ((process.env.FARSHORE_TEST_NETWORK ?? "berlin") === "berlin") {
    it("is that of the snapshot; a change that is meant is written down by `npm run gas`", async () => {
      expect(gasProblems(await gasOfEntryPoints(await connect()), snapshot())).to.deep.equal([]);
    });
  }
});
