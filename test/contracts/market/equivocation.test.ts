import { expect } from "chai";
import { packAttestation } from "../../../offchain/chain/writes/attestation.ts";
import { bytesToHex, type Hex } from "../../../offchain/core/bytes.ts";
import { farshoreTypes } from "../../../offchain/core/eip712.ts";
import { encodeStatic } from "../../../offchain/core/staticStruct.ts";
import { connect } from "../chain.ts";
import { operatorKey, rotateOperator } from "../participants.ts";
import { exitDelaySeconds } from "../platform.ts";
import { fixtureOf, type Job } from "./job.ts";

const chain = await connect();
const { ethers } = chain;
const running = fixtureOf(chain, (job) => job.toRound(2));
const stake = 20_000n * 10n ** 18n;
const kinds = { ShareStatement: 0, StateAttestation: 1, JobResult: 2 } as const;
type Kind = keyof typeof kinds;

/** Two statements about the same that differ, of each kind. */
function statements(job: Job): Record<Kind, [object, object]> {
  const { id } = ethers;
  const about = { jobId: job.id, round: 1 };
  const share = { ...about, kind: 0, roundsDigest: id("rounds"), valuesHash: id("values") };
  const state = { ...about, stateHash: id("state"), roundsDigest: id("rounds") };
  const { result } = job.result();
  return {
    ShareStatement: [share, { ...share, valuesHash: id("other values") }],
    StateAttestation: [state, { ...state, stateHash: id("other state") }],
    JobResult: [result, { ...result, wordsHash: id("other words") }],
  };
}

function fieldsOf(kind: Kind, message: object): string {
  const encoded = encodeStatic(kind, farshoreTypes[kind], message as Record<string, unknown>) as Uint8Array;
  return bytesToHex(encoded.subarray(32));
}

const compact = (signature: Hex) => packAttestation(new Map([[0, signature]])).signatures;

async function report(job: Job, kind: Kind, [one, other]: readonly object[], keys = [job.seatKey(1), job.seatKey(1)]) {
  const messages = [one, other] as [object, object];
  const signed = await Promise.all(
    messages.map(async (message, i) => compact(await job.sign(keys[i] as (typeof keys)[0], kind, message))),
  );
  return [kinds[kind], ...messages.map((message) => fieldsOf(kind, message)), ...signed] as const;
}

describe("reportEquivocation, refused", () => {
  it("for one statement twice: two signatures of one digest are no fault", async () => {
    const job = await running();
    for (const kind of Object.keys(kinds) as Kind[]) {
      const [one] = statements(job)[kind];
      await expect(job.as().reportEquivocation(...(await report(job, kind, [one, one]))), kind)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_NoEquivocation")
        .withArgs("digest");
    }
  });

  it("for statements about different jobs, rounds or kinds of share", async () => {
    const job = await running();
    const { ShareStatement, StateAttestation, JobResult } = statements(job);
    const pairs: [Kind, object[]][] = [
      ["ShareStatement", [ShareStatement[0], { ...ShareStatement[1], kind: 1 }]],
      ["ShareStatement", [ShareStatement[0], { ...ShareStatement[1], round: 2 }]],
      ["StateAttestation", [StateAttestation[0], { ...StateAttestation[1], round: 2 }]],
      ["JobResult", [JobResult[0], { ...JobResult[1], jobId: ethers.id("another job") }]],
    ];
    for (const [kind, pair] of pairs) {
      await expect(job.as().reportEquivocation(...(await report(job, kind, pair))), kind)
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_NoEquivocation")
        .withArgs("subject");
    }
  });

  it("for signatures of two operators, of nobody's key, of another market's domain or another length", async () => {
    const job = await running();
    const { jobs } = job.stage;
    const pair = statements(job).StateAttestation;
    const refused = (args: readonly unknown[], reason: string) =>
      expect(job.as().reportEquivocation(...args), reason)
        .to.be.revertedWithCustomError(jobs, "JobMarket_NoEquivocation")
        .withArgs(reason);
    await refused(await report(job, "StateAttestation", pair, [job.seatKey(1), job.seatKey(2)]), "signature");
    const unknown = operatorKey(chain, 99);
    await refused(await report(job, "StateAttestation", pair, [unknown, unknown]), "operator");
    const args = await report(job, "StateAttestation", pair);
    await refused([...args.slice(0, 4), `${args[4]}00`], "signature");
    await refused([...args.slice(0, 3), `0x${"00".repeat(64)}`, `0x${"00".repeat(64)}`], "signature");
    await refused([...args.slice(0, 2), `${args[2]}00`, ...args.slice(3)], "length");
    await refused([1, String(args[1]).slice(0, -64), String(args[2]).slice(0, -64), ...args.slice(3)], "length");
    const elsewhere = job.fork();
    Object.defineProperty(elsewhere, "stage", {
      value: { ...job.stage, jobs: { ...jobs, target: job.stage.opening.target } },
    });
    const foreign = await report(elsewhere, "StateAttestation", pair, [job.seatKey(1), job.seatKey(1)]);
    // Signed for another contract, each recovers some address that is nobody's, and not the same.
    await refused(foreign, "signature");
  });
});

describe("reportEquivocation", () => {
  for (const kind of Object.keys(kinds) as Kind[]) {
    it(`takes the whole stake for two different statements, by anyone in one call: ${kind}`, async () => {
      const job = await running();
      const { committee, jobs, stranger, treasury } = job.stage;
      const { account, operator } = job.seatOf(1);
      const args = await report(job, kind, statements(job)[kind]);
      await expect(job.as(stranger).reportEquivocation(...args))
        .to.emit(jobs, "EquivocationProven")
        .withArgs(
          account,
          operator,
          kinds[kind],
          job.id,
          (value: string) => value.length === 66,
          () => true,
        );
      expect(await committee.stakeOf(account)).to.equal(0n);
      expect(await committee.rewardOf(stranger)).to.equal((stake * 3n) / 10n);
      expect(await committee.rewardOf(treasury)).to.equal((stake * 7n) / 10n);
    });
  }

  it("reaches an oracle that has taken another key since and is on its way out", async () => {
    const job = await running();
    const { committee, registry } = job.stage;
    const { account } = job.seatOf(1);
    const args = await report(job, "StateAttestation", statements(job).StateAttestation);
    await rotateOperator(registry, account, operatorKey(chain, 99), ethers.id("key"));
    await committee.refresh(account);
    await committee.connect(account).requestExit(stake);
    await job.as().reportEquivocation(...args);
    expect((await committee.exitOf(account)).stake).to.equal(0n);
    await chain.time.increase(exitDelaySeconds + 1);
    await committee.connect(account).completeExit();
    expect(await job.stage.incentive.balanceOf(account)).to.equal(0n);
  });

  it("a second time is refused, also when the oracle has staked anew; by the oracle itself it brings no more", async () => {
    const job = await running();
    const { committee, incentive, admin } = job.stage;
    const { account } = job.seatOf(1);
    const args = await report(job, "JobResult", statements(job).JobResult);
    await job.as(account).reportEquivocation(...args);
    const again = async () =>
      expect(job.as(account).reportEquivocation(...args))
        .to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_NoEquivocation")
        .withArgs("known");
    await again();
    expect(await committee.rewardOf(account)).to.equal((stake * 3n) / 10n);
    // What it stakes anew is not taken for what it has paid for.
    await incentive.connect(admin).transfer(account, stake);
    await incentive.connect(account).approve(committee, stake);
    await committee.connect(account).stake(stake);
    await again();
    expect(await committee.stakeOf(account)).to.equal(stake);
  });

  it("by who has nothing at stake, or about a job without a committee, frees nobody from paying for it later", async () => {
    const job = await running();
    const { committee, incentive, admin, jobs } = job.stage;
    const { account } = job.seatOf(1);
    const stakeAnew = async () => {
      await incentive.connect(admin).transfer(account, stake);
      await incentive.connect(account).approve(committee, stake);
      await committee.connect(account).stake(stake);
    };
    const toCome = statements(job).JobResult.map((result) => ({ ...result, jobId: ethers.id("a job to come") }));
    const [early, late] = [
      await report(job, "JobResult", toCome),
      await report(job, "JobResult", statements(job).JobResult),
    ];
    await job.as(account).reportEquivocation(...early);
    // It has lost its stake: what it admits now costs nothing, and is not paid for.
    await job.as(account).reportEquivocation(...late);
    for (const again of [early, late]) {
      await stakeAnew();
      await job.as().reportEquivocation(...again);
      expect(await committee.stakeOf(account)).to.equal(0n);
    }
    await stakeAnew();
    await expect(job.as().reportEquivocation(...late))
      .to.be.revertedWithCustomError(jobs, "JobMarket_NoEquivocation")
      .withArgs("known");
  });
});
