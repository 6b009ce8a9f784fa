import { expect } from "chai";
import { getCredit } from "../../../../offchain/chain/reads/balances.ts";
import { getListing } from "../../../../offchain/chain/reads/listing.ts";
import * as market from "../../../../offchain/chain/writes/market.ts";
import { exitCodeOf, exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import { readJsonFile } from "../../../../offchain/sdk/assets.ts";
import { parseJobRequest } from "../../../../offchain/sdk/jobRequest.ts";
import { cancelJob, postJob } from "../../../../offchain/sdk/jobs.ts";
import { openSession, type Session } from "../../../../offchain/sdk/session.ts";
import { rejection } from "../../../offchain/failure.ts";
import { acceptanceOf, bringAcceptance } from "../acceptances.ts";
import { jobOf, type Marketplace, until, writeRequest } from "../marketplace.ts";
import { banks } from "../parties.ts";
import { patient, refused, suspended } from "./refusals.ts";

const hour = 3600n;
const minute = 60;

/** Acceptances that start no job; the buyer then has what it had before. */
export function refusesAcceptances(m: () => Marketplace): void {
  describe("in an acceptance", () => {
    let buyer: Session;
    let institutions: Session[];
    before(async () => {
      buyer = await openSession(m().party("buyer").home);
      institutions = await Promise.all(banks.map((bank) => openSession(m().party(bank).home)));
    });

    async function posted(name: string, change: object = {}): Promise<{ jobId: Hex; termsHash: Hex }> {
      const request = parseJobRequest(readJsonFile(writeRequest(m(), name, change)));
      const { jobId } = await postJob(buyer, request, m().party("buyer").home);
      return { jobId, termsHash: (await jobOf(m(), jobId)).termsHash };
    }
    const later = async () => BigInt(await m().session.chain.headTime()) + hour;

    /** Brings acceptances of some institutions to the boards, by asset index. */
    async function bring(job: { jobId: Hex; termsHash: Hex }, indices: readonly number[], expiry: bigint, nonce = 1n) {
      for (const assetIndex of indices) {
        const bank = institutions[assetIndex] as Session;
        const given = { assetIndex, nonce: nonce + BigInt(assetIndex), expiry };
        await bringAcceptance(bank, job.jobId, acceptanceOf(bank, job.jobId, job.termsHash, given));
      }
    }
    async function refusedStart(jobId: Hex, error: string): Promise<void> {
      const refusal = await refused(m(), "buyer", ["job", "start", jobId], exitCodes.refused);
      expect(refusal.code).to.equal("chain/revert");
      expect(refusal.facts).to.include({ error });
      expect((await jobOf(m(), jobId)).state).to.equal("Open");
    }
    /** Withdraws the job; the buyer has then what it had before. */
    async function withdrawn(jobId: Hex, had: bigint): Promise<void> {
      await cancelJob(buyer, jobId);
      expect((await getCredit(buyer.chain, buyer.account)).stable).to.equal(had);
    }
    const balance = async () => (await getCredit(buyer.chain, buyer.account)).stable;

    it("one that is missing is named, and may still come", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("missing");
      await bring(job, [0, 2], await later(), 100n);
      const error = await refused(m(), "buyer", ["job", "start", job.jobId], exitCodes.unreachable);
      expect(error.code).to.equal("job/not-accepted");
      expect(error.message).to.contain(`asset ${m().assets[1]}`);
      await withdrawn(job.jobId, had);
    });

    it("one that expired starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const deadlines = { startSeconds: 3600, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 2 };
      const job = await posted("expired", { deadlines });
      const soon = (await m().session.chain.headTime()) + minute;
      await bring(job, [0, 1], BigInt(soon), 200n);
      await m().passTime(2 * minute);
      await until(
        () => m().session.chain.headTime(),
        (time) => time > soon,
        patient,
      );
      await bring(job, [2], await later(), 200n);
      await refusedStart(job.jobId, "JobMarket_AcceptanceExpired");
      await withdrawn(job.jobId, had);
    });

    it("one that was cancelled starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("cancelled");
      const bank = institutions[0] as Session;
      await bring(job, [0, 1], await later(), 300n);
      await bank.send("cancel-acceptance", market.cancelAcceptance(bank.chain, job.jobId, bank.account, 300n));
      await bring(job, [2], await later(), 300n);
      await refusedStart(job.jobId, "JobMarket_AcceptanceCancelled");
      await withdrawn(job.jobId, had);
    });

    it("one of another job is refused by boards and by the contract", async function () {
      this.timeout(patient);
      const had = await balance();
      const [first, second] = [await posted("first"), await posted("second")];
      const expiry = await later();
      const replayed = institutions.map((bank, assetIndex) =>
        acceptanceOf(bank, first.jobId, first.termsHash, { assetIndex, nonce: 400n + BigInt(assetIndex), expiry }),
      );
      const board = await rejection(
        bringAcceptance(institutions[0] as Session, second.jobId, replayed[0] as NonNullable<(typeof replayed)[0]>),
      );
      expect(board.code).to.equal("transport/not-allowed");
      const signed = replayed.map(({ message, signature }) => ({ ...message, signature }));
      const job = await jobOf(m(), second.jobId);
      const listed = await Promise.all(job.terms.assets.map((a) => getListing(buyer.chain, a.assetId, a.version)));
      const listings = listed.map(({ listing }) => ({
        ...{ listing, jurisdictionProof: [], buyerProof: [], codeProof: [] },
      }));
      const call = market.start(buyer.chain, job, listings, signed);
      const error = await rejection(buyer.send("start-replayed", call));
      expect(error.facts).to.include({ error: "JobMarket_BadAcceptance" });
      expect(error.remedy).to.match(/signed for another job/);
      expect(exitCodeOf(error)).to.equal(exitCodes.refused);
      await cancelJob(buyer, first.jobId);
      await withdrawn(second.jobId, had);
    });

    it("one of a suspended institution starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("suspended-bank");
      await suspended(m(), "bank-2", async () => {
        await bring(job, [0, 1, 2], await later(), 500n);
        await refusedStart(job.jobId, "JobMarket_NotActive");
        await withdrawn(job.jobId, had);
      });
    });
  });
}
