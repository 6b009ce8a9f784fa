import { expect } from "chai";
import { connect, type Signer } from "../chain.ts";
import { openWide, panelOf, resolve, ruling, toPanel, verdictOf } from "../market/disputed.ts";
import { fixtureOf } from "../market/job.ts";
import { missingFrom, stableOf } from "../market/money.ts";
import { status } from "../participants.ts";

// Actor: whoever gets a party suspended while its job is disputed. Victim: everybody else in the job. Loss: none; the suspended
// party's own tokens wait in the market until it is active again, or are seized.

const chain = await connect();
const judged = fixtureOf(chain, (job) => toPanel(job), openWide);

describe("Attack: parties suspended in the middle of a dispute", () => {
  for (const rule of [ruling.upheld, ruling.overturned, ruling.nothingValued]) {
    it(`stop no verdict and nobody's pay, ruling ${rule}; what is theirs they cannot withdraw meanwhile`, async () => {
      const job = await judged();
      const { registry, supervisor, stable, jobs, buyer, banks } = job.stage;
      const bank = banks[1]?.account as Signer;
      const frozen = [buyer.account, bank, job.seatOf(1).account, panelOf(job)[0]?.account as Signer];
      for (const account of frozen) await registry.connect(supervisor).setStatus(account, status.suspended, 7);
      await resolve(job, verdictOf(job, rule));
      expect(job.record.closing).to.not.equal(null);
      expect(await stableOf(job.stage, bank)).to.be.greaterThan(0n);
      expect(await missingFrom(job.stage, [job])).to.equal(0n);
      await expect(jobs.connect(bank).withdraw(2n ** 128n - 1n, 0n)).to.be.revertedWithCustomError(
        stable,
        "ERC7943CannotReceive",
      );
    });
  }
});
