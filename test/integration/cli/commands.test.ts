import { expect } from "chai";
import { type Marketplace, openMarketplace } from "../job/marketplace.ts";
import { answered, listedCommands, patient } from "./answers.ts";
import { assetAndMoneyCommands } from "./assetAndMoneyCommands.ts";
import { jobCommands } from "./jobCommands.ts";
import { killedCommands } from "./killedCommands.ts";
import { partyCommands } from "./partyCommands.ts";

describe("the commands", () => {
  let opened: Marketplace;
  const m = () => opened;
  before(async function () {
    this.timeout(patient);
    // Persons accept, and a step whose first oracle is away waits for the person that this test is.
    opened = await openMarketplace({ policyOf: () => null, rankDelayMs: 600_000 });
  });
  after(() => opened?.stop());

  partyCommands(m);
  assetAndMoneyCommands(m);
  killedCommands(m);
  jobCommands(m);

  // After the others, whose answers it counts.
  describe("as a whole", () => {
    it("each one that the help lists has answered here with one JSON object", async function () {
      this.timeout(patient);
      const listed = await listedCommands(m().folder);
      expect(listed).to.include.members([
        "init",
        "participant admit",
        "asset check",
        "job settle",
        "node run",
        "audit",
      ]);
      expect([...answered].sort()).to.deep.equal(listed.sort());
    });
  });
});
