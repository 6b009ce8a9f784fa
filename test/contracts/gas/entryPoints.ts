import { openTerms, versionOf } from "../assets/listings.ts";
import type { Deployed, Signer, TestChain } from "../chain.ts";
import { Job, noisyTermsOf, termsOf } from "../market/job.ts";
import { openActor, openBank, openStage, type Stage, withEvaluator } from "../market/stage.ts";
import { contactOf, operatorKey, profileOf, role, rotateOperator, status } from "../participants.ts";
import { exitDelaySeconds } from "../platform.ts";
import { signPermit } from "../tokens/permit.ts";

/** Gas of calls by their receipts; a call with several ways says which. */
export type Gas = Map<string, number>;

/** Every entry point that participants call, once each: accounts hold balances, slots that a call fills are empty before. */
export async function gasOfEntryPoints(chain: TestChain): Promise<Gas> {
  const gas: Gas = new Map();
  const stage = await openStage(chain);
  const note = noting(gas);
  await settledJob(stage, gas);
  await otherWays(chain, gas);
  await money(stage, note);
  await listings(stage, note);
  await stakes(stage, note);
  await participants(stage, note);
  return gas;
}

// biome-ignore lint/suspicious/noExplicitAny: an ethers transaction, untyped like its contract
type Note = (name: string, sent: Promise<any>) => Promise<void>;

function noting(gas: Gas): Note {
  return async (name, sent) => {
    gas.set(name, Number((await (await sent).wait()).gasUsed));
  };
}

/** The way of a job, its second on this market: a first one filled what all later ones find. */
async function settledJob(stage: Stage, gas: Gas): Promise<void> {
  const { id } = stage.chain.ethers;
  await new Job(stage, termsOf(stage, { validationRoot: id("gas 0") })).toSettled();
  const job = new Job(stage, termsOf(stage, { validationRoot: id("gas 1") }));
  await job.toRound(1);
  await job.ready(0);
  await job.certify(job.terms.rounds - 1);
  await job.finish();
  await job.propose();
  await job.settle();
  for (const [step, used] of job.gas) {
    gas.set(`JobMarket.${step}`, step === "certify" ? Math.round(used / job.terms.rounds) : used);
  }
}

/** What a job takes that does not go the usual way. */
async function otherWays(chain: TestChain, gas: Gas): Promise<void> {
  const stage = await withEvaluator(await openStage(chain, 4), 100_000_000n);
  const evaluator = stage.evaluator?.account.address;
  let count = 0;
  const walked = async (step: string, name: string, way: (job: Job) => Promise<void>, noisy = false) => {
    const root = { validationRoot: chain.ethers.id(`other way ${count++}`) };
    const terms = noisy ? { ...noisyTermsOf(stage, 1000), ...root } : termsOf(stage, { ...root, aggregation: 1 });
    const job = new Job(stage, terms);
    await way(job);
    gas.set(`JobMarket.${name}`, job.gas.get(step) as number);
  };
  const late = (act: "expire" | "fail") => async (job: Job) => {
    await job.waitForGrace();
    await job[act]();
  };
  await walked("cancel", "cancel", async (job) => {
    await job.post();
    await job.cancel();
  });
  await walked("expire", "expire, open", async (job) => {
    await job.post();
    await late("expire")(job);
  });
  await walked("expire", "expire, seating", async (job) => {
    await job.post();
    await job.start();
    await late("expire")(job);
  });
  await walked("fail", "fail, no round", async (job) => {
    await job.toSeated();
    await late("fail")(job);
  });
  await walked("fail", "fail, two rounds", async (job) => {
    await job.toRound(2);
    await late("fail")(job);
  });
  await walked("propose", "propose, projected", async (job) => {
    await job.toFinished();
    await job.proposeProjected([40_000_000n, 30_000_000n, 20_000_000n, 10_000_000n]);
  });
  await walked("propose", "propose, by weight", async (job) => {
    await job.toFinished();
    await job.proposeByWeight();
  });
  const noisy = async (step: string, name: string, way: (job: Job) => Promise<void>) => walked(step, name, way, true);
  await noisy("start", "start, with noise", async (job) => job.toSeated());
  await noisy("certify", "certifySmaller", async (job) => {
    await job.toSeated();
    await job.waitUntilAfter(job.record.deadline);
    await job.certifySmaller(7n);
  });
  const job = new Job(stage, termsOf(stage, { evaluator, validationRoot: chain.ethers.id("evaluated") }));
  await job.toSeated();
  gas.set("JobMarket.start, with an evaluator", job.gas.get("start") as number);
}

async function money({ chain, jobs, stable, incentive, banks, buyer, issuer }: Stage, note: Note): Promise<void> {
  const account = buyer.account;
  const as = (who: Signer): Deployed => jobs.connect(who);
  await note("JobMarket.deposit", as(account).deposit(1_000_000n));
  const deadline = 2n ** 40n;
  const permit = await signPermit(chain, stable, account, { spender: jobs.target, value: 2_000_000n, deadline });
  await note("JobMarket.depositWithPermit", as(account).depositWithPermit(1_000_000n, deadline, ...permit));
  await note("JobMarket.withdraw, stable", as(account).withdraw(1_000_000n, 0n));
  const bank = (banks[0] as Stage["banks"][0]).account;
  const { incentive: earned } = await jobs.creditOf(bank);
  await note("JobMarket.withdraw, stable and the first incentives", as(bank).withdraw(1n, earned / 2n));
  await note("JobMarket.withdraw, stable and incentives", as(bank).withdraw(1n, earned / 4n));
  await note("JobMarket.cancelAcceptance", as(bank).cancelAcceptance(chain.ethers.id("a job to come"), bank, 77n));
  await note("StableToken.mint", stable.connect(issuer).mint(account, 5n, chain.ethers.id("wire")));
  await note("StableToken.transfer", stable.connect(account).transfer(bank, 5n));
  await note("StableToken.approve", stable.connect(account).approve(jobs, 12n));
  await note("IncentiveToken.transfer", incentive.connect(bank).transfer(account, 5n));
  await note("IncentiveToken.delegate", incentive.connect(bank).delegate(bank));
}

async function listings(stage: Stage, note: Note): Promise<void> {
  const { chain, assets, banks } = stage;
  const [bank, other] = banks as [Stage["banks"][0], Stage["banks"][0]];
  const as: Deployed = assets.connect(bank.account);
  const version = versionOf(chain, "gas");
  await note("AssetRegistry.list, new population", as.list(1, version, openTerms, 1000n, "ipfs://data"));
  await note("AssetRegistry.list, known population", as.list(1, version, openTerms, 1000n, "ipfs://data"));
  const own = await openBank(chain, stage, bank, 90);
  await note("AssetRegistry.revise", as.revise(own.assetId, own.listing.version, openTerms, "ipfs://data"));
  await note("AssetRegistry.transferFrom", as.transferFrom(bank.account, other.account, own.assetId));
  await note("AssetRegistry.revoke", assets.connect(other.account).revoke(own.assetId));
}

async function stakes({ chain, committee, incentive, admin, oracles, beacon }: Stage, note: Note): Promise<void> {
  const { account } = oracles[0] as Stage["oracles"][0];
  const as: Deployed = committee.connect(account);
  await incentive.connect(admin).transfer(account, 10n ** 22n);
  await incentive.connect(account).approve(committee, 10n ** 22n);
  await note("OracleCommittee.stake, more, five oracles", as.stake(10n ** 21n));
  await note("OracleCommittee.refresh", as.refresh(account));
  await note("OracleCommittee.requestExit", as.requestExit(10n ** 21n));
  await chain.time.increase(exitDelaySeconds);
  await note("OracleCommittee.completeExit", as.completeExit());
  const round = (await chain.ethers.provider.getBlockNumber()) - 1;
  await note("BlockHashBeacon.record", beacon.record(round));
}

async function participants(stage: Stage, note: Note): Promise<void> {
  const { chain, registry, registrar, supervisor } = stage;
  const newcomer = chain.signer(18);
  const profile = profileOf(chain, 70, { roles: role.buyer });
  await note("ParticipantRegistry.admit", registry.connect(registrar).admit(newcomer, profile, contactOf(chain, 70)));
  const as: Deployed = registry.connect(newcomer);
  const key = chain.ethers.id("key");
  const operator = operatorKey(chain, 71);
  await note("ParticipantRegistry.setKeys", rotateOperator(registry, newcomer, operator, key, "https://bank.example"));
  await note("ParticipantRegistry.setRoles", registry.connect(registrar).setRoles(newcomer, role.institution));
  const actor = await openActor(chain, stage, 17, { roles: role.buyer });
  await note(
    "ParticipantRegistry.setStatus",
    registry.connect(supervisor).setStatus(actor.account, status.suspended, 7),
  );
  await note("ParticipantRegistry.leave", as.leave());
}
