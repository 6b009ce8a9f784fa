import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { expectClosedByTheRules } from "./closedByTheRules.ts";
import { Federation, type RequestChange } from "./federation.ts";
import { type SimulatedMarket, sharedMarket } from "./market.ts";
import { balancesOf } from "./money.ts";
import { KeptShares } from "./secrets.ts";

/** One job in which a test lies, disturbs or kills. */
export interface Play {
  readonly oracles?: number;
  /** What the request says otherwise; of a market whose parties it names. */
  readonly change?: RequestChange | ((market: SimulatedMarket) => RequestChange);
  /** What is delivered in place of the validation rows. */
  readonly payload?: Uint8Array;
  /** Runs once the job is posted, before anybody reacted: sets faults, for instance. Seats are known when messages go to them. */
  readonly prepare?: (f: Federation) => void | Promise<void>;
  /** Runs next: lets the job come to some point, and does something there. */
  readonly meanwhile?: (f: Federation) => Promise<void>;
  /** Looks at the closed job, while all nodes that were not killed still run. */
  readonly judge: (f: Federation, job: JobRecord) => void | Promise<void>;
}

/** Plays a job to its end, and asserts what must hold of every closed job. */
export async function play({
  oracles = 5,
  change = {},
  payload,
  prepare = () => undefined,
  meanwhile,
  judge,
}: Play): Promise<void> {
  const market = await sharedMarket(oracles);
  const f = await Federation.open(market);
  try {
    const shares = new KeptShares(f);
    f.onStep = (seen) => shares.see(seen);
    const before = await balancesOf(f);
    await f.post(typeof change === "function" ? change(market) : change, payload);
    await prepare(f);
    await meanwhile?.(f);
    const job = await f.untilClosed();
    await judge(f, job);
    await expectClosedByTheRules(f, before, shares);
  } finally {
    f.close();
  }
}

/** What an oracle wrote down against others: party and code, round by round. */
export function faultsAt(f: Federation, oracle: string): { round: number; party: string; code: string }[] {
  const { store } = f.node(oracle).running.ctx;
  return store.faults((f.job as JobRecord).jobId).map(({ round, party, code }) => ({ round, party, code }));
}
