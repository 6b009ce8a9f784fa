import { rmSync } from "node:fs";
import { expect } from "chai";
import { consentBits } from "../../../../offchain/core/tables/consents.ts";
import { specFixture } from "../../protocol/specFixture.ts";
import { automatic, Institution } from "./institution.ts";

const cohort = [
  ["7", 1],
  ["9", 1],
  ["12", 1],
] as const;

describe("an institution's answer", () => {
  let bank: Institution;
  beforeEach(() => {
    bank = new Institution();
    bank.setPolicy(automatic);
  });
  afterEach(() => {
    bank.store.close();
    rmSync(bank.home, { recursive: true, force: true });
  });

  describe("to a job without noise", () => {
    it("is left to a person by the rule fewRows when its rows are too few, with the consent that is missing", async () => {
      bank.rows = 4;
      const job = bank.post(cohort);
      await bank.answer(job);
      expect(bank.inbox(job)).to.deep.include({ waitsFor: "person", rule: "fewRows", needs: ["fewRows"] });
      expect(bank.inbox(job)?.reason).to.contain("4 rows, sums without noise need 1000");
      expect(bank.delivered).to.deep.equal([]);
    });

    it("states the consents of the policy that the job needs, and no other", async () => {
      bank.setPolicy({ ...automatic, consents: ["fewRows", "clear", "sumsWithoutNoise"] });
      const many = bank.post(cohort);
      await bank.answer(many);
      expect(bank.accepted(many)[0]?.consents).to.equal(consentBits(["clear", "sumsWithoutNoise"]));
      bank.rows = 4;
      const few = bank.post(cohort);
      await bank.answer(few);
      expect(bank.accepted(few)[0]?.consents).to.equal(consentBits(["fewRows", "clear", "sumsWithoutNoise"]));
    });

    it("is not signed for a person who does not consent, and is once the person does", async () => {
      bank.setPolicy({ ...automatic, consents: [], mode: "manual" });
      const job = bank.post(cohort);
      await bank.answer(job);
      expect(bank.inbox(job)?.needs).to.deep.equal(["clear", "sumsWithoutNoise"]);
      const said = {
        job: job.jobId,
        asset: 0,
        verdict: "accepted",
        rule: "person",
        reason: "",
        decider: "Ada",
        time: 1,
      };
      bank.store.putDecision({ ...said, consents: consentBits(["clear"]) });
      await bank.answer(job);
      expect(bank.delivered).to.deep.equal([]);
      bank.store.putDecision({ ...said, consents: consentBits(["sumsWithoutNoise"]) });
      await bank.answer(job);
      expect(bank.accepted(job)[0]?.consents).to.equal(consentBits(["clear", "sumsWithoutNoise"]));
    });

    it("declines another cohort than that of the first use by the rule cohort, after a restart too", async () => {
      await bank.answer(bank.post(cohort));
      bank.restart();
      const without = bank.post(cohort.slice(0, 2));
      const same = bank.post(cohort);
      await bank.answer(without);
      expect(bank.inbox(without)).to.include({ waitsFor: "declined", rule: "cohort" });
      expect(bank.inbox(without)?.reason).to.contain("asset 12 was in it");
      expect(bank.accepted(without)).to.deep.equal([]);
      await bank.answer(same);
      expect(bank.accepted(same)).to.have.length(2);
    });

    it("declines it also when a person had accepted it before the first use", async () => {
      bank.setPolicy({ ...automatic, mode: "manual" });
      const [first, second] = [bank.post(cohort), bank.post([...cohort, ["13", 1]])];
      for (const job of [first, second]) await bank.answer(job);
      for (const { jobId } of [first, second]) {
        const said = { job: jobId, asset: 0, verdict: "accepted", rule: "person", reason: "", decider: "Ada", time: 1 };
        bank.store.putDecision({ ...said, consents: 0 });
      }
      await Promise.all([bank.answer(first), bank.answer(second)]);
      const answers = [first, second].map((job) => bank.inbox(job)?.waitsFor);
      expect(answers.sort()).to.deep.equal(["accepted", "declined"]);
    });

    it("has no first use in a job that was cancelled", async () => {
      const cancelled = bank.post(cohort);
      await bank.answer(cancelled);
      bank.close(cancelled, "Cancelled");
      const other = bank.post(cohort.slice(0, 2));
      await bank.answer(other);
      expect(bank.accepted(other)).to.have.length(2);
    });

    it("takes a version whose rows changed by enough, and declines one that may have changed by a row", async () => {
      await bank.answer(bank.post(cohort));
      bank.listings.set("9:2", { rows: 6000, root: "bb" });
      bank.listings.set("9:3", { rows: 6001, root: "cc" });
      const grown = bank.post([["7", 1], ["9", 2], cohort[2]]);
      await bank.answer(grown);
      expect(bank.accepted(grown)).to.have.length(2);
      // By enough against version 1, by one row against version 2.
      const oneMore = bank.post([["7", 1], ["9", 3], cohort[2]]);
      await bank.answer(oneMore);
      expect(bank.inbox(oneMore)).to.include({ waitsFor: "declined", rule: "cohort" });
    });
  });

  describe("while the job stays open", () => {
    it("is renewed before it expires, on every board, with the nonce that one cancellation takes back", async () => {
      const job = bank.post(cohort);
      await bank.answer(job);
      await bank.answer(job);
      expect(bank.accepted(job).map((a) => a.expiry)).to.deep.equal([1_001_000n, 1_001_000n]);
      bank.now += 400;
      await bank.answer(job);
      expect(bank.delivered).to.have.length(2);
      bank.now += 100;
      bank.restart();
      await bank.answer(job);
      expect(bank.delivered.slice(2).map((d) => d.board)).to.deep.equal(["http://a", "http://b"]);
      expect(bank.accepted(job).map((a) => a.expiry)).to.deep.equal([1_001_000n, 1_001_000n, 1_001_500n, 1_001_500n]);
      expect(new Set(bank.accepted(job).map((a) => a.nonce)).size).to.equal(1);
      await bank.answer(job);
      expect(bank.delivered).to.have.length(4);
    });

    it("is not renewed once it was declined", async () => {
      const job = bank.post(cohort);
      await bank.answer(job);
      const said = {
        job: job.jobId,
        asset: 0,
        verdict: "declined",
        rule: "person",
        reason: "",
        decider: "Ada",
        time: 1,
      };
      bank.store.putDecision({ ...said, consents: 0 });
      bank.store.markSent(job.jobId, "acceptance-cancelled", 0, "0");
      bank.now += 999;
      await bank.answer(job);
      expect(bank.delivered).to.have.length(2);
    });
  });

  describe("by a policy file that went wrong", () => {
    it("waits for a person, says so once, and is automatic again when the file is right", async () => {
      await bank.answer(bank.post(cohort));
      bank.setPolicy("{");
      const job = bank.post(cohort);
      for (let look = 0; look < 3; look++) await bank.answer(job);
      expect(bank.inbox(job)).to.include({ waitsFor: "person", rule: "policy/malformed" });
      expect(bank.inbox(job)?.needs).to.deep.equal(["clear", "sumsWithoutNoise"]);
      const errors = bank.logged.filter(({ level }) => level === "error");
      expect(errors.map(({ said }) => said.code)).to.deep.equal(["policy/malformed"]);
      expect(bank.accepted(job)).to.deep.equal([]);
      bank.setPolicy(automatic);
      const next = bank.post(cohort);
      await bank.answer(next);
      expect(bank.accepted(next)).to.have.length(2);
    });

    it("still needs the second person that the right file named", async () => {
      const persons = ["aa", "cc"].map((byte) => ({ name: byte, key: `0x${byte.repeat(20)}` }));
      bank.setPolicy({ ...automatic, persons, secondPersonAbove: "1" });
      await bank.answer(bank.post(cohort));
      rmSync(`${bank.home}/policy.json`);
      const job = bank.post(cohort, { name: specFixture().name });
      await bank.answer(job);
      expect(bank.inbox(job)).to.include({ waitsFor: "two-persons", rule: "policy/missing" });
    });
  });
});
