import { expect } from "chai";
import { importProblems } from "../../scripts/checks/importDirection.ts";
import { mayImport } from "../../scripts/checks/rooms.ts";
import { fixture } from "./fixture.ts";

describe("import direction", () => {
  it("names each import that points up, sideways or out of production code, and each unknown room", () => {
    expect(importProblems(fixture("imports", "wrong"))).to.deep.equal([
      "deploy/deploy.ts imports scripts/data.ts: deployment needs no scripts/",
      "offchain/chain/client.ts imports scripts/data.ts: production code needs no scripts/",
      "offchain/core/units.ts imports offchain/learning/predict.ts: core may not import learning",
      "offchain/hobby/stamps.ts: hobby is no known room; give it a tier in scripts/checks/rooms.ts",
      "offchain/learning/predict.ts imports offchain/valuation/shapley.ts: learning may not import valuation",
      "offchain/sdk/session.ts imports offchain/node/daemon.ts: sdk may not import node",
    ]);
  });

  it("lets only the command line start the daemon, and neighbours stay apart", () => {
    expect(mayImport("audit", "node")).to.equal(false);
    expect(mayImport("portal", "node")).to.equal(false);
    expect(mayImport("cli", "node")).to.equal(true);
    expect(mayImport("chain", "transport")).to.equal(false);
    expect(mayImport("party", "data")).to.equal(true);
    expect(mayImport("data", "party")).to.equal(false);
  });

  it("lets a room import itself and the rooms before it; comments and strings are no imports", () => {
    expect(importProblems(fixture("imports", "right"))).to.deep.equal([]);
  });
});
