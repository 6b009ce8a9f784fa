import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { getCredit } from "../../offchain/chain/reads/balances.ts";
import { namesEvaluator } from "../../offchain/protocol/acceptance.ts";
import { finishReasons, resultKinds } from "../../offchain/protocol/chainStructs.ts";
import { type Earnings, earningsByWeight } from "../../offchain/valuation/earnings.ts";
import { largestRemainder } from "../../offchain/valuation/payout.ts";
import { type Federation, validationRows } from "./federation.ts";
import { earningsOf, referenceOf } from "./reference.ts";

/** Balances inside the market by account, in stable minor units, and all that the market holds. */
export interface Balances {
  readonly of: ReadonlyMap<string, bigint>;
  readonly held: bigint;
}

export async function balancesOf({ market }: Federation): Promise<Balances> {
  const { access, parties, treasury } = market;
  const accounts = [...parties.map((p) => p.account), treasury];
  const credits = await Promise.all(accounts.map((account) => getCredit(access, account)));
  const held = await access.call("StableToken", "balanceOf", [access.address("JobMarket")]);
  return { of: new Map(accounts.map((account, i) => [account, (credits[i] as { stable: bigint }).stable])), held };
}

/** Who is owed what of a closed job by protocol section 4: by account, in stable minor units, what they put in deducted. */
type Dues = ReadonlyMap<string, bigint>;

/** Asserts to the unit that everybody got what the rules say, nobody anything else, and that nothing was made or lost. */
export async function expectMoneyByTheRules(f: Federation, before: Balances): Promise<void> {
  const job = f.job as JobRecord;
  const after = await balancesOf(f);
  const dues = await duesOf(f, job);
  for (const [account, had] of before.of) {
    const name = f.market.parties.find((p) => p.account === account)?.name ?? "treasury";
    expect((after.of.get(account) as bigint) - had, `what ${name} got (${job.state})`).to.equal(
      dues.get(account) ?? 0n,
    );
  }
  expect(after.held, "held by the market").to.equal(before.held);
  expect([...after.of.values()].reduce(add, 0n), "balances together").to.equal(after.held);
}

async function duesOf(f: Federation, job: JobRecord): Promise<Dues> {
  const deposit = await f.market.access.call("JobMarket", "jobDeposit", []);
  if (job.state === "Settled") return settledDues(f, job, deposit);
  if (job.state === "Failed") return failedDues(f, job, deposit);
  return new Map();
}

class Ledger {
  readonly dues = new Map<string, bigint>();
  owe(account: string, amount: bigint): void {
    const key = account.toLowerCase();
    this.dues.set(key, (this.dues.get(key) ?? 0n) + amount);
  }
}

function settledDues(f: Federation, job: JobRecord, deposit: bigint): Dues {
  const { terms, rounds, proposal } = job;
  const absent = finishReasons[rounds?.reason ?? 0] === "absent";
  const paid = absent ? (rounds?.completed ?? 0) : terms.rounds;
  const { amounts, excess } = expectedEarnings(f, job, paid);
  const ledger = new Ledger();
  const contributed = contributors(job).map((account, i) => {
    const due = part(terms.assets[i]?.price ?? 0n, paid, terms.rounds) + (amounts[i] as bigint);
    ledger.owe(account, due);
    return due;
  });
  const byWeight = resultKinds[proposal?.kind ?? 0] === "byWeight";
  const rest = paySeats(ledger, job, paid, (proposal?.signers ?? 0n) | readyBits(job));
  const evaluated = namesEvaluator(terms);
  const forfeited = byWeight && !evaluated ? deposit : 0n;
  const treasury = rest.left + excess + forfeited;
  ledger.owe(f.market.treasury, treasury + (byWeight && evaluated ? deposit : 0n));
  if (byWeight && evaluated) ledger.owe(terms.evaluator, -deposit);
  // The buyer brought the escrow and the deposit, and gets back what nobody is owed.
  ledger.owe(job.buyer, -(contributed.reduce(add, 0n) + rest.given + treasury));
  return ledger.dues;
}

/** What the scores earn, computed from everybody's rows; by weight where nobody could be scored. */
function expectedEarnings(f: Federation, job: JobRecord, paid: number): Earnings {
  const { terms, rounds, proposal } = job;
  if (resultKinds[proposal?.kind ?? 0] === "byWeight") {
    const weights = terms.assets.map(({ weight }) => weight);
    const whole = part(terms.base, paid, terms.rounds) + part(terms.performance, paid, terms.rounds);
    return earningsByWeight({ weights, cohort: (1n << BigInt(weights.length)) - 1n }, whole);
  }
  const tables = f.market.listed.map(({ table }) => table);
  const reference = referenceOf(f.specification, tables, validationRows, rounds?.completed ?? 0);
  return earningsOf(reference, job, paid);
}

/** Closed by fault: price and base for the rounds whose next state is known, performance of those to the treasury, fees and bonds by who was there. */
function failedDues(f: Federation, job: JobRecord, deposit: bigint): Dues {
  const { terms, rounds, committee } = job;
  const certified = rounds?.certified ?? 0;
  const done = rounds?.completed !== 0 ? (rounds?.completed ?? 0) : Math.max(0, certified - 1);
  const ledger = new Ledger();
  const weights = terms.assets.map(({ weight }) => BigInt(weight));
  const bases = largestRemainder(part(terms.base, done, terms.rounds), weights);
  const silent = job.seatAccounts.filter((_, seat) => ((readyBits(job) >> BigInt(seat)) & 1n) === 0n);
  const bond = committee?.seatBond ?? 0n;
  const bonds = largestRemainder(bond * BigInt(silent.length), weights);
  let given = 0n;
  contributors(job).forEach((account, i) => {
    const due = part(terms.assets[i]?.price ?? 0n, done, terms.rounds) + (bases[i] as bigint);
    given += due;
    ledger.owe(account, due + (bonds[i] as bigint));
  });
  for (const account of silent) ledger.owe(account, -bond);
  const rest = paySeats(ledger, job, done, readyBits(job));
  const spam = certified === 0 ? deposit : 0n;
  const treasury = rest.left + part(terms.performance, done, terms.rounds) + spam;
  ledger.owe(f.market.treasury, treasury);
  ledger.owe(job.buyer, -(given + rest.given + treasury));
  return ledger.dues;
}

/** 1/k of the fee to each seat in `bits`; what is left is the treasury's. */
function paySeats(ledger: Ledger, job: JobRecord, paid: number, bits: bigint): { given: bigint; left: bigint } {
  const fee = part(job.terms.oracleFee, paid, job.terms.rounds);
  const each = fee / BigInt(job.terms.k);
  const seats = job.seatAccounts.filter((_, seat) => ((bits >> BigInt(seat)) & 1n) === 1n);
  for (const account of seats) ledger.owe(account, each);
  const given = each * BigInt(seats.length);
  return { given, left: fee - given };
}

function contributors({ parties }: JobRecord): string[] {
  return (parties?.contributors ?? []).map(({ account }) => account);
}

function readyBits({ ready }: JobRecord): bigint {
  return [...ready.keys()].reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
}

function part(amount: bigint, some: number, all: number): bigint {
  return (amount * BigInt(some)) / BigInt(all);
}

function add(a: bigint, b: bigint): bigint {
  return a + b;
}
