import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as market from "../../../../offchain/chain/writes/market.ts";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import { type InboxItem, readInbox } from "../../../../offchain/party/inbox.ts";
import type { JobTerms } from "../../../../offchain/protocol/chainStructs.ts";
import { jobIdOf } from "../../../../offchain/protocol/jobId.ts";
import { type JobSpec, specBytes } from "../../../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../../../offchain/protocol/jobTerms.ts";
import { readJsonFile } from "../../../../offchain/sdk/assets.ts";
import { boardsOf, putEverywhere } from "../../../../offchain/sdk/boards.ts";
import { parseJobRequest } from "../../../../offchain/sdk/jobRequest.ts";
import { cancelJob, quoteJob } from "../../../../offchain/sdk/jobs.ts";
import { openSession, type Session } from "../../../../offchain/sdk/session.ts";
import { rejection } from "../../../offchain/failure.ts";
import { type Marketplace, until, writeRequest } from "../marketplace.ts";
import { banks } from "../parties.ts";
import { patient, refused } from "./refusals.ts";

/** Jobs that stand on the chain but that no institution accepts. */
export function declinesPostedJobs(m: () => Marketplace): void {
  describe("in a posted job", () => {
    let buyer: Session;
    before(async () => {
      buyer = await openSession(m().party("buyer").home);
    });

    /** Terms and specification of a request, not sent. */
    async function drafted(name: string): Promise<{ spec: JobSpec; terms: JobTerms }> {
      const request = parseJobRequest(readJsonFile(writeRequest(m(), name)));
      const { spec } = await quoteJob(buyer, request, m().party("buyer").home);
      return { spec, terms: termsOfSpec(spec) };
    }
    async function postTerms(terms: JobTerms): Promise<Hex> {
      const jobId = jobIdOf(buyer.chain.address("JobMarket"), buyer.account, terms.validationRoot);
      await buyer.send(`post:${jobId}`, market.post(buyer.chain, terms));
      return jobId;
    }

    const inboxOf = (bank: string, jobId: Hex): InboxItem | undefined =>
      readInbox(m().party(bank).home).find((item) => item.jobId === jobId);

    it("terms that differ from the specification are declined by every institution, with the field", async function () {
      this.timeout(patient);
      const { spec, terms } = await drafted("differ");
      await putEverywhere(await boardsOf(buyer), specBytes(spec));
      const jobId = await postTerms({ ...terms, rounds: terms.rounds + 1 });
      for (const bank of banks) {
        const item = await until(
          async () => inboxOf(bank, jobId),
          (found) => found !== undefined,
          patient,
        );
        expect(item).to.include({ waitsFor: "declined", rule: "job/terms-differ" });
        expect(item?.reason).to.match(/differ from the specification in rounds/);
      }
      const accept = ["job", "accept", jobId, "--person", "Ada"];
      expect((await refused(m(), "bank-1", accept, exitCodes.refused)).code).to.equal("inbox/decided");
      await cancelJob(buyer, jobId);
    });

    it("a specification that no board serves is waited for, and laid at the buyer's door", async function () {
      this.timeout(patient);
      const { spec, terms } = await drafted("nowhere");
      const changed = { ...spec, colour: "red" };
      const [board] = await boardsOf(buyer);
      const put = rejection(
        (board as NonNullable<typeof board>).client.putDocument(Buffer.from(JSON.stringify(changed))),
      );
      expect((await put).code).to.equal("job/bad-spec");
      const jobId = await postTerms(terms);
      const log = join(m().party("bank-1").home, "node.log");
      const lines = await until(
        async () =>
          readFileSync(log, "utf8")
            .split("\n")
            .filter((line) => line.includes(jobId) && line.includes("job/no-spec")),
        (found) => found.length > 0,
        patient,
      );
      expect(JSON.parse(lines[0] ?? "{}").party).to.equal(buyer.account.toLowerCase());
      expect(inboxOf("bank-1", jobId)).to.equal(undefined);
      await cancelJob(buyer, jobId);
    });
  });
}
