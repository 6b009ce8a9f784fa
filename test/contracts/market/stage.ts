import { type Listing, list, openTerms, type Terms, versionOf } from "../assets/listings.ts";
import type { Deployed, Signer, TestChain } from "../chain.ts";
import { operatorKey, type ProfileFields, role } from "../participants.ts";
import { deployPlatform, type Platform } from "../platform.ts";

/** Stable minor units. */
export const jobDeposit = 10_000_000n;
export const grace = 60;
export const seatSeconds = 600;
export const verdictSeconds = 1800;
export const adjudicationSeconds = 7200;
export const haltGap = 120;
/** Stable minor units; 5% of the escrow where that is more. */
export const leastChallengeBond = 20_000_000n;
export const price = openTerms.price;
export const seatedOracles = 5;
/** What each oracle holds in the market for bonds. */
export const oracleBalance = 50_000_000_000n;

/** Parameters of the market that tests run on; times short enough to be walked through. */
export function parametersOf(treasury: string, fields: object = {}) {
  return {
    ...{ treasury, deposit: jobDeposit, bondFactorBps: 10_000, grace, seatSeconds },
    ...{ minimumRoundSeconds: 10, minimumProposeSeconds: 10, minimumChallengeSeconds: 3600 },
    ...{ minimumValidationRows: 1000, embedded: false, epochSeconds: 604_800 },
    ...{ epochEmission: 100_000n * 10n ** 18n, incentivePerStable: 10n ** 12n },
    ...{ epochStart: 0, halvingEpochs: 2 ** 32 - 1 },
    ...{ challengeBond: leastChallengeBond, verdictSeconds, adjudicationSeconds, haltGap },
    ...{ protocolFeeBps: 0, openJobsLite: 100, openJobsMember: 100, openJobsCore: 100, ...fields },
  };
}

/** A bank, an oracle or the buyer: its treasury account and the hot key of its node. */
export interface Actor {
  readonly account: Signer;
  readonly operator: ReturnType<typeof operatorKey>;
}

export interface Bank extends Actor {
  readonly assetId: bigint;
  readonly listing: Listing;
}

export interface Stage extends Platform {
  readonly chain: TestChain;
  readonly jobs: Deployed;
  /** The halves whose code the market runs, and what all were deployed with. */
  readonly opening: Deployed;
  readonly ending: Deployed;
  readonly disputes: Deployed;
  readonly verdicts: Deployed;
  readonly contracts: object;
  readonly treasury: Signer;
  readonly buyer: Actor;
  readonly banks: readonly Bank[];
  readonly oracles: readonly Actor[];
  /** Who delivers the validation rows of jobs that name it. */
  readonly evaluator?: Actor;
  /** Fills the beacon's round of a job that waits for its draw, where values do not come by themselves. */
  draw?(jobId: string): Promise<void>;
}

/** Deploys the market with its halves on a platform and lets it write where it has to. */
export async function deployMarket(chain: TestChain, platform: Platform, parameters: object) {
  const { registry, assets, privacy, usage, committee, beacon, rules, stable, incentive, manager } = platform;
  const contracts = {
    ...{ registry, assets, privacyLedger: privacy, usageLedger: usage, committee, beacon, rules },
    ...{ stableToken: stable, incentiveToken: incentive },
  };
  const deployed = await deployUnknown(chain, manager, contracts, parameters);
  const { jobs } = deployed;
  await committee.setSlasher(jobs, true);
  await incentive.setMinter(jobs, true);
  await stable.setProtocolContract(jobs, true);
  for (const ledger of [privacy, assets, usage]) await ledger.setWriter(jobs, true);
  return { ...deployed, contracts };
}

/** A market with its halves that no other contract knows yet. */
export async function deployUnknown(chain: TestChain, manager: Deployed, contracts: object, parameters: object) {
  const half = (name: string) => chain.deploy(name, [contracts, parameters]);
  const halves = {
    ...{ opening: await half("JobOpening"), ending: await half("JobEnding") },
    ...{ disputes: await half("JobDisputes"), verdicts: await half("JobVerdicts") },
  };
  return { jobs: await chain.deploy("JobMarket", [manager, contracts, parameters, halves]), ...halves };
}

/** Contracts of the platform that a market gets in place of the usual ones. */
export type OtherParts = Partial<Platform> | ((usual: Platform) => Promise<Partial<Platform>>);

/** The whole house: a funded buyer, `bankCount` banks with an asset each, five oracles with stake and bond. */
export async function openStage(
  chain: TestChain,
  bankCount = 3,
  parameters: object = {},
  oracleCount = seatedOracles,
  parts: OtherParts = {},
): Promise<Stage> {
  const usual = await deployPlatform(chain);
  const platform = { ...usual, ...(typeof parts === "function" ? await parts(usual) : parts) };
  // Beyond the banks where they are many: the usual place is one of theirs.
  const treasury = chain.signer(7 + bankCount + seatedOracles > 18 ? 39 : 19);
  const market = await deployMarket(chain, platform, parametersOf(treasury.address, parameters));
  const { jobs } = market;
  const actor = (signer: number, roles: number) => openActor(chain, platform, signer, { roles });
  const buyer = await actor(6, role.buyer);
  await platform.fund(buyer.account, 10n ** 12n);
  await platform.stable.connect(buyer.account).approve(jobs, 10n ** 12n);
  await jobs.connect(buyer.account).deposit(10n ** 11n);
  const banks: Bank[] = [];
  for (let i = 0; i < bankCount; i++)
    banks.push(await openBank(chain, platform, await actor(7 + i, role.institution), i));
  const oracles: Actor[] = [];
  for (let i = 0; i < oracleCount; i++) {
    oracles.push(await openOracle(usual, jobs, await actor(oracleSigner(bankCount, i), role.oracle)));
  }
  return { ...platform, ...market, chain, treasury, buyer, banks, oracles };
}

/** Accounts 18 and 19 are the evaluator and the treasury: oracles beyond the committee come after. */
function oracleSigner(bankCount: number, index: number): number {
  return index < seatedOracles ? 7 + bankCount + index : 20 + index;
}

/** Admits the account of that number; what is not named is an active institution of its own group. */
export async function openActor(
  chain: TestChain,
  platform: Platform,
  signer: number,
  fields: ProfileFields,
): Promise<Actor> {
  const account = chain.signer(signer);
  await platform.admit(account, fields);
  return { account, operator: operatorKey(chain, Number(await platform.registry.count())) };
}

/** The stage with an evaluator, admitted on account 18, who holds `balance` (stable minor units) for its bond. */
export async function withEvaluator(stage: Stage, balance = jobDeposit, fields: ProfileFields = {}): Promise<Stage> {
  const evaluator = await openActor(stage.chain, stage, 18, { roles: role.evaluator, ...fields });
  if (balance > 0n) {
    await stage.fund(evaluator.account, balance);
    await stage.stable.connect(evaluator.account).approve(stage.jobs, balance);
    await stage.jobs.connect(evaluator.account).deposit(balance);
  }
  return { ...stage, evaluator };
}

/** Lists an asset of an admitted institution; `restrictions` are terms that the listing adds to open ones. */
export async function openBank(
  chain: TestChain,
  { assets }: Platform,
  bank: Actor,
  index: number,
  restrictions: Partial<Terms> = {},
  version: { rows?: number } = {},
): Promise<Bank> {
  const terms = { ...openTerms, rhoPerJob: 10n ** 12n, ...restrictions };
  return {
    ...bank,
    ...(await list(assets, bank.account, { ...versionOf(chain, `customers ${index}`), ...version }, terms, 10n ** 12n)),
  };
}

/** Stakes for an admitted oracle and gives it a balance for bonds. */
export async function openOracle(platform: Platform, jobs: Deployed, oracle: Actor): Promise<Actor> {
  const { admin, incentive, stable, committee, fund } = platform;
  const stake = 20_000n * 10n ** 18n;
  await incentive.connect(admin).transfer(oracle.account.address, stake);
  await fund(oracle.account, oracleBalance);
  await incentive.connect(oracle.account).approve(committee, stake);
  await stable.connect(oracle.account).approve(jobs, oracleBalance);
  await committee.connect(oracle.account).stake(stake);
  await jobs.connect(oracle.account).deposit(oracleBalance);
  return oracle;
}
