import {
  adjudicate,
  challenge,
  closeDispute,
  resolve,
  ruling,
  type Stated,
  seatSecond,
  serve,
  verdictOf,
} from "./disputed.ts";
import { Job, noisyTermsOf, type Terms, termsOf } from "./job.ts";
import { adjudicationSeconds, grace, type Stage } from "./stage.ts";

/** What a random walk does next: with which job, and one number that every step reads as it needs. */
export interface Move {
  readonly step: keyof typeof steps;
  readonly job: number;
  readonly chance: number;
}

/** The jobs of a walk and what the outside world moved in and out. */
export interface Walk {
  readonly stage: Stage;
  readonly jobs: Job[];
  readonly done: Map<string, number>;
}

/** Steps a job can take in a state; the walk skips a move that its job's state does not have. */
const steps = {
  post: async (walk: Walk, { chance }: Move) => {
    const job = new Job(walk.stage, randomTerms(walk, chance));
    await job.post();
    walk.jobs.push(job);
  },
  cancel: onJob("Open", (job) => job.cancel()),
  start: onJob("Open", (job) => job.start()),
  seat: onJob("Seating", (job) => job.seat()),
  certify: onJob("Running", (job) => (certified(job) < job.terms.rounds ? job.certify() : job.finish())),
  ready: onJob("Running", (job, { chance }) => job.ready(chance % 5)),
  readyAtEnd: onJob("Finished", (job, { chance }) => job.ready(chance % 5)),
  plateau: onJob("Running", async (job) => {
    if (certified(job) > 0) await job.finish();
  }),
  absent: onJob("Running", async (job) => {
    if (certified(job) === 0 || certified(job) === job.terms.rounds) return;
    await job.waitUntilAfter(job.record.deadline);
    await job.finish({ reason: 2 });
  }),
  propose: onJob("Finished", (job, { chance }) => job.propose(randomGame(chance))),
  proposeByWeight: onJob("Finished", (job) => job.proposeByWeight()),
  settle: onJob("Proposed", (job) => job.settle()),
  expireOpen: onJob(
    "Open",
    late((job) => job.expire()),
  ),
  expireSeating: onJob(
    "Seating",
    late((job) => job.expire()),
  ),
  failRunning: onJob(
    "Running",
    late((job) => job.fail()),
  ),
  failFinished: onJob(
    "Finished",
    late((job) => job.fail()),
  ),
  /** Whatever brings one of the newest jobs towards its proposal. */
  forward: async (walk: Walk, next: Move) => {
    const newest = walk.jobs.slice(-3);
    const job = newest[next.job % Math.max(newest.length, 1)];
    const ahead = { Open: "start", Seating: "seat", Running: "certify", Finished: "propose" } as const;
    const step = ahead[job?.record.state as keyof typeof ahead];
    if (job !== undefined && step !== undefined) await steps[step]({ ...walk, jobs: [job] }, next);
  },
  challenge: onJob("Proposed", (job, { chance }) => challenges(job, chance)),
  join: onJob("Disputed", (job, { chance }) => challenges(job, chance)),
  serve: onJob("Disputed", (job, { chance }) => serve(job, chance % 5)),
  seatSecond: onJob("Disputed", async (job) => {
    if (unseated(job)) await seatSecond(job);
  }),
  resolve: onJob("Disputed", async (job, { chance }) => {
    if (unseated(job)) await seatSecond(job);
    await resolve(job, randomVerdict(job, chance));
  }),
  adjudicate: onJob("Disputed", async (job, { chance }) => {
    await job.waitUntilAfter(panelUntil(job) + grace);
    await adjudicate(job, randomVerdict(job, chance), job.stage.admin);
  }),
  closeDispute: onJob("Disputed", async (job) => {
    await job.waitUntilAfter(panelUntil(job) + adjudicationSeconds + 2 * grace);
    await closeDispute(job);
  }),
  withdraw: async ({ stage }: Walk, { chance }: Move) => {
    const holders = [stage.buyer, ...stage.banks, ...stage.oracles];
    const { account } = holders[chance % holders.length] as (typeof holders)[0];
    const [stable, incentive] = await stage.jobs.creditOf(account);
    const part = (amount: bigint) => amount / BigInt(2 + (chance % 3));
    if (part(stable) + part(incentive) > 0n) await stage.jobs.connect(account).withdraw(part(stable), part(incentive));
  },
  deposit: async ({ stage }: Walk, { chance }: Move) => {
    await stage.jobs.connect(stage.buyer.account).deposit(BigInt(1 + chance));
  },
};

export const stepNames = Object.keys(steps) as Move["step"][];

/** Does the move; one that the market refuses because another move's clock made it too late is no fault. */
export async function move(walk: Walk, next: Move): Promise<void> {
  try {
    await steps[next.step](walk, next);
    walk.done.set(next.step, (walk.done.get(next.step) ?? 0) + 1);
  } catch (error) {
    if (
      !/TooLate|BalanceTooSmall|Exhausted|TooFewEligible|Beacon_Lost|PanelSeated|NoPanel|TooManyChallenges|a panel/.test(
        String(error),
      )
    )
      throw error;
    walk.done.set("refused", (walk.done.get("refused") ?? 0) + 1);
  }
}

function onJob(state: string, act: (job: Job, move: Move) => Promise<unknown>) {
  return async ({ jobs }: Walk, next: Move): Promise<void> => {
    const able = jobs.filter(({ record }) => record.state === state);
    const job = able[next.job % Math.max(able.length, 1)];
    if (job !== undefined) await act(job, next);
  };
}

/** The buyer or a bank challenges, by any kind; who has not the bond is refused. */
async function challenges(job: Job, chance: number): Promise<void> {
  const { buyer, banks, beacon, chain } = job.stage;
  const { account } = [buyer, buyer, ...banks][chance % 5] as typeof buyer;
  await challenge(job, account, chance % 5);
  await chain.mine(2);
  await beacon.record(job.record.dispute?.beaconRound);
}

const unseated = ({ record }: Job) => record.dispute?.panel === null && !record.dispute.adjudicated;

function panelUntil({ record }: Job): number {
  return record.deadline;
}

/** Each ruling in turn; an overturned result is the table of another game. */
function randomVerdict(job: Job, chance: number): Stated {
  if (chance % 4 === 0) return verdictOf(job, ruling.upheld);
  if (chance % 4 === 1) return verdictOf(job, ruling.nothingValued);
  return verdictOf(job, ruling.overturned, randomGame(chance + 1));
}

function late(act: (job: Job) => Promise<unknown>) {
  return async (job: Job): Promise<void> => {
    await job.waitForGrace();
    await act(job);
  };
}

function certified(job: Job): number {
  return job.record.rounds?.certified ?? 0;
}

/** Amounts that do not divide by anything, with noise in every third job. */
function randomTerms({ stage, jobs }: Walk, chance: number): Terms {
  const amounts = {
    base: BigInt(chance) * 977n,
    performance: BigInt(chance % 7919) * 65_537n,
    oracleFee: BigInt(chance % 1009),
  };
  const fields = {
    ...amounts,
    rounds: 2 + (chance % 3),
    validationRoot: stage.chain.ethers.id(`validation ${jobs.length}`),
  };
  return chance % 3 === 0 ? { ...noisyTermsOf(stage, 1000, fields), ...fields } : termsOf(stage, fields);
}

/** Coalition values of three from one number, negative ones among them. */
function randomGame(chance: number): bigint[] {
  const value = (mask: number) => BigInt(((chance * (mask + 3) * 7_919) % 300_007) - 90_000) * 1000n;
  return Array.from({ length: 8 }, (_, mask) => (mask === 0 ? 0n : value(mask)));
}
