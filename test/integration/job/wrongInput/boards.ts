import { expect } from "chai";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import { type Marketplace, writeRequest } from "../marketplace.ts";
import { patient, refused } from "./refusals.ts";

/** Boards that do not answer. Kills every oracle: the last of a marketplace. */
export function missesBoards(m: () => Marketplace): void {
  describe("with no board that answers", () => {
    before(async () => {
      const oracles = [...m().nodes.keys()].filter((name) => name.startsWith("oracle"));
      await Promise.all(oracles.map((name) => m().killNode(name)));
    });

    it("a job is not posted, and may be tried again", async function () {
      this.timeout(patient);
      const post = ["job", "post", writeRequest(m(), "no-boards")];
      const error = await refused(m(), "buyer", post, exitCodes.unreachable);
      expect(error.code).to.equal("transport/unreachable");
    });
  });
}
