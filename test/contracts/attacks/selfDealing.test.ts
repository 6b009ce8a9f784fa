import { expect } from "chai";
import { connect } from "../chain.ts";
import { fixtureOf, Job, termsOf } from "../market/job.ts";
import { creditsOf } from "../market/money.ts";
import { openActor, openBank, openOracle, openStage, oracleBalance, type Stage } from "../market/stage.ts";
import { role } from "../participants.ts";

// Self-dealing. Actor: one owner of a buyer, a bank and an oracle. Cost: what other contributors and seats are paid. Gain:
// incentive tokens for money that it pays to itself, and a seat among those who attest it. Victims: everybody else's part of
// the epoch's emission. Bound: groups that the registrar knows conflict; those that it does not know get what the epoch emits at
// most, in proportion to what they pay.

const chain = await connect();
const buyersGroup = 101;

/** The first bank's place is taken by one of the buyer's group, as far as the registry knows. */
async function withKin(known: boolean): Promise<Stage> {
  const stage = await openStage(chain);
  const actor = await openActor(chain, stage, 16, known ? { group: buyersGroup } : {});
  const bank = await openBank(chain, stage, actor, 50);
  return { ...stage, banks: [bank, ...stage.banks.slice(1)] };
}

const known = () => withKin(true);
const unknown = () => withKin(false);

/** The stage's oracles and one more of the buyer's group, which holds almost all of the stake. */
async function withKinOracle(): Promise<Stage> {
  const stage = await openStage(chain);
  const actor = await openActor(chain, stage, 16, { roles: role.oracle, group: buyersGroup });
  const oracle = await openOracle(stage, stage.jobs, actor);
  const more = 10n ** 24n;
  await stage.incentive.connect(stage.admin).transfer(actor.account.address, more);
  await stage.incentive.connect(actor.account).approve(stage.committee, more);
  await stage.committee.connect(actor.account).stake(more);
  return { ...stage, oracles: [...stage.oracles, oracle] };
}

describe("Attack by self-dealing", () => {
  it("of a buyer with its own bank is refused where the registry knows their owner", async () => {
    const stage = await chain.loadFixture(known);
    expect((await stage.registry.profileOf(stage.buyer.account)).group).to.equal(BigInt(buyersGroup));
    const job = new Job(stage);
    await job.post();
    const bank = (stage.banks[0] as Stage["banks"][0]).account.address;
    await expect(job.as().start(...(await job.startArguments())))
      .to.be.revertedWithCustomError(stage.jobs, "JobMarket_Conflict")
      .withArgs(bank, buyersGroup);
  });

  it("pays where it does not: money comes back but for the others' part, incentives come with it up to the rate", async () => {
    const stage = await chain.loadFixture(unknown);
    const amounts = { base: 0n, performance: 9_000_000_000n, oracleFee: 0n };
    const job = new Job(stage, termsOf(stage, amounts));
    await job.toProposed([0n, 100n, 0n, 100n, 0n, 100n, 0n, 100n].map((v) => v * 1_500_000n));
    const before = await creditsOf(job);
    await job.settle();
    const after = await creditsOf(job);
    const own = (stage.banks[0] as Stage["banks"][0]).account;
    const [paid, earned] = [(after.banks[0] as bigint) - (before.banks[0] as bigint), await stage.jobs.creditOf(own)];
    expect(paid, "all of what performance pays").to.equal(9_000_000_000n + 1_000_000n);
    expect(earned.incentive, "1e12 of 18 decimals for each minor unit").to.equal(9_000_000_000n * 10n ** 12n);
    expect((after.banks[1] as bigint) - (before.banks[1] as bigint), "the price alone").to.equal(1_000_000n);
  });

  it("of a buyer with its own oracle is never seated, though it has nearly all of the stake", async () => {
    const prepared = fixtureOf(chain, async () => undefined, withKinOracle);
    const { stage } = await prepared();
    const kin = (stage.oracles.at(-1) as Stage["oracles"][0]).account.address;
    for (let i = 0; i < 5; i++) {
      const job = new Job(stage, termsOf(stage, { validationRoot: chain.ethers.id(`seats ${i}`) }));
      await job.toSeated();
      expect(job.record.seatAccounts).to.not.include(kin);
    }
    expect((await stage.jobs.creditOf(kin)).stable, "it never put up a bond").to.equal(oracleBalance);
  });
});
