import { expect } from "chai";
import { earningsByScore, earningsByWeight, feeOf } from "../../../offchain/valuation/earnings.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";
import { connect } from "../chain.ts";
import { resolve, ruling, toPanel, verdictOf } from "./disputed.ts";
import { fixtureOf, type Job, threeValues } from "./job.ts";
import { changesBy, missingFrom, sum } from "./money.ts";
import { jobDeposit, openStage, price } from "./stage.ts";

// A market that takes 2.37% of what settled jobs pay for data. Amounts that no basis point divides.

const chain = await connect();
const feeBps = 237n;
const open = () => openStage(chain, 3, { protocolFeeBps: Number(feeBps) }, 12);
const finished = fixtureOf(chain, (job) => job.toFinished(), open);
const disputed = fixtureOf(chain, (job) => toPanel(job), open);
const [base, performance, oracleFee] = [1_000_000_000n, 5_000_000_000n, 250_000_000n];
const held = base + performance + oracleFee + 3n * price + jobDeposit;
const seatFee = oracleFee / 5n;
const weights = [333_333_334, 333_333_333, 333_333_333];
const ofPrice = feeOf(price, feeBps);

/** The parts of a pot of base and two thirds of the performance, by the product's own arithmetic. */
function expected(values: readonly bigint[]) {
  const total = 6n * (values.at(-1) as bigint);
  const game = { scores: exactShapley(values), total, groups: [1, 2, 3], weights, cohort: 0b111n };
  return earningsByScore(game, base, 3_333_333_333n, feeBps);
}

async function settles(job: Job) {
  const bond = job.record.committee?.seatBond ?? 0n;
  const changes = await changesBy(job, () => job.settle());
  expect(await missingFrom(job.stage, [job])).to.equal(0n);
  const fees = changes.seats.map((change) => change - bond);
  expect(sum([...changes.banks, ...fees, changes.treasury, changes.buyer])).to.equal(held);
  return changes;
}

describe("The protocol's fee", () => {
  it("is taken of pot and prices before they are divided: what is left adds up exactly", async () => {
    const job = await finished();
    await job.propose();
    const { amounts, shares, excess } = expected(threeValues);
    const { proposal } = job.record;
    expect(excess).to.equal(feeOf(base + 3_333_333_333n, feeBps));
    expect(proposal?.amounts).to.deep.equal(amounts);
    expect(proposal?.shares).to.deep.equal(shares);
    expect(proposal?.excess).to.equal(excess);
    expect(sum(amounts) + excess).to.equal(base + 3_333_333_333n);
    const { banks, treasury, buyer } = await settles(job);
    expect(banks).to.deep.equal(amounts.map((amount) => amount + price - ofPrice));
    expect(treasury).to.equal(seatFee + excess + 3n * ofPrice);
    expect(buyer).to.equal(performance - 3_333_333_333n + jobDeposit);
  });

  it("is taken of what is paid by weight, with shares of what is left", async () => {
    const job = await finished();
    await job.proposeByWeight();
    const { amounts, shares, excess } = earningsByWeight({ weights, cohort: 0b111n }, base + performance, feeBps);
    expect([job.record.proposal?.amounts, job.record.proposal?.shares]).to.deep.equal([amounts, shares]);
    const { treasury } = await settles(job);
    expect(treasury).to.equal(seatFee + excess + 3n * ofPrice + jobDeposit);
  });

  it("is taken of the base alone when nobody is paid by score", async () => {
    const job = await finished();
    await job.propose([0n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(job.record.proposal?.shares).to.deep.equal([0, 0, 0]);
    const { treasury } = await settles(job);
    expect(treasury).to.equal(seatFee + feeOf(base, feeBps) + 3n * ofPrice);
  });

  it("is taken of a second committee's valuation too, once", async () => {
    const job = await disputed();
    await resolve(job, verdictOf(job, ruling.overturned, threeValues));
    const { amounts, excess } = expected(threeValues);
    expect(job.record.proposal?.amounts).to.deep.equal(amounts);
    expect(job.record.closing?.treasury).to.equal(seatFee + excess + 3n * ofPrice);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });

  it("is not taken of a job that failed", async () => {
    const job = await finished();
    await job.waitForGrace();
    const bond = job.record.committee?.seatBond as bigint;
    const { banks } = await changesBy(job, () => job.fail());
    expect(sum(banks)).to.equal(base + 3n * price + 5n * bond);
    expect(await missingFrom(job.stage, [job])).to.equal(0n);
  });
});
