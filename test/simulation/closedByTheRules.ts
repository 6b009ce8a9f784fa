import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { getBudget } from "../../offchain/chain/reads/budget.ts";
import { getUsageProofs } from "../../offchain/chain/reads/usageProofs.ts";
import { finishReasons } from "../../offchain/protocol/chainStructs.ts";
import { stateHash } from "../../offchain/protocol/newtonJob.ts";
import { type Federation, validationRows } from "./federation.ts";
import { type Balances, balancesOf, expectMoneyByTheRules } from "./money.ts";
import { referenceOf } from "./reference.ts";
import type { KeptShares } from "./secrets.ts";
import { seatsThatServe } from "./served.ts";

/** What must hold of every closed job, however it came to its end: money, model, proofs, budget, shares, evidence. */
export async function expectClosedByTheRules(f: Federation, before: Balances, shares: KeptShares): Promise<void> {
  const job = f.job as JobRecord;
  await expectMoneyByTheRules(f, before);
  await expectBondsKept(f, before, f.killed);
  await expectUsage(f, job);
  shares.expectErased(job.jobId);
  expect(job.steps.filter(({ step }) => ["settle", "fail", "expire", "cancel"].includes(step))).to.have.length(1);
  if (job.state !== "Settled") return;
  expectModel(f, job);
  const serving = await seatsThatServe(f);
  expect(serving.length, "seats that serve the evidence").to.be.at.least(job.terms.m);
}

/**
 * No seat that ran all the time has less than before, whatever others did: a bond is lost for being away alone. Where nobody said what
 * came of the job, having said `ready` is what keeps it. `excused`: names of those who were away.
 */
export async function expectBondsKept(f: Federation, before: Balances, excused: ReadonlySet<string>): Promise<void> {
  const job = f.job as JobRecord;
  const after = await balancesOf(f);
  job.seatAccounts.forEach((seatAccount, seat) => {
    const account = seatAccount.toLowerCase();
    const name = f.market.parties.find((p) => p.account === account)?.name ?? "";
    if (excused.has(name)) return;
    const gained = (after.of.get(account) as bigint) - (before.of.get(account) as bigint);
    expect(gained >= 0n, `${name} was there and keeps its bond (${gained})`).to.equal(true);
    if (job.state === "Failed") expect(job.ready.has(seat), `${name} said that it was there`).to.equal(true);
  });
}

/** One usage proof for each asset where a round was certified, none where none was; nothing is left reserved. */
async function expectUsage(f: Federation, job: JobRecord): Promise<void> {
  const { access, listed } = f.market;
  const proofs = await getUsageProofs(access, job.jobId);
  const used = (job.rounds?.certified ?? 0) > 0 ? job.terms.assets.length : 0;
  expect(proofs, "usage proofs").to.have.length(used);
  for (const { proof } of proofs) expect(proof.roundsDigest).to.equal(job.rounds?.digest);
  for (const { populationId } of listed) {
    const budget = await getBudget(access, populationId);
    // Sums without noise spend no rho; they are bound by the cohort.
    expect([budget.spent, budget.reserved], "budget spent and reserved").to.deep.equal([0n, 0n]);
  }
}

/** The last state is that of a program which sees all rows. */
function expectModel(f: Federation, job: JobRecord): void {
  const tables = f.market.listed.map(({ table }) => table);
  const completed = job.rounds?.completed ?? 0;
  const { states } = referenceOf(f.specification, tables, validationRows, completed);
  const last = states.at(-1);
  expect(last === undefined ? null : stateHash(last), "the last state").to.equal(job.rounds?.lastState);
}

/** Settled with all rounds. */
export function expectWhole(job: JobRecord): void {
  expect(job.state).to.equal("Settled");
  expect(finishReasons[job.rounds?.reason ?? 0]).to.equal("complete");
  expect(job.rounds?.completed).to.equal(job.terms.rounds);
}
