import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { getBudget } from "../../offchain/chain/reads/budget.ts";
import { getUsageProofs } from "../../offchain/chain/reads/usageProofs.ts";
import { finishReasons } from "../../offchain/protocol/chainStructs.ts";
import { stateHash } from "../../offchain/protocol/newtonJob.ts";
import { type Federation, validationRows } from "./federation.ts";
import { type Balances, expectMoneyByTheRules } from "./money.ts";
import { referenceOf } from "./reference.ts";
import type { KeptShares } from "./secrets.ts";
import { seatsThatServe } from "./served.ts";

/** What must hold of every closed job, however it came to its end: money, model, proofs, budget, shares, evidence. */
export async function expectClosedByTheRules(f: Federation, before: Balances, shares: KeptShares): Promise<void> {
  const job = f.job as JobRecord;
  await expectMoneyByTheRules(f, before);
  await expectUsage(f, job);
  shares.expectErased(job.jobId);
  expect(job.steps.filter(({ step }) => ["settle", "fail", "expire", "cancel"].includes(step))).to.have.length(1);
  if (job.state !== "Settled") return;
  expectModel(f, job);
  const serving = await seatsThatServe(f);
  expect(serving.length, "seats that serve the evidence").to.be.at.least(job.terms.m);
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
