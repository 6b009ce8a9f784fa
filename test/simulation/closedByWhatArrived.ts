import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { finishReasons } from "../../offchain/protocol/chainStructs.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";

/**
 * What becomes of a job whose contributor or validator is gone for good follows from what it had sent by then: without its
 * acceptance nothing starts; a round is certified when m seats hold its dealing; training ends with the first that is not.
 */
export function expectClosedByWhatArrived(f: Federation, gone: readonly string[]): void {
  const job = f.job as JobRecord;
  const sender = f.market.party(gone[0] as string);
  const held = (kind: string, round: number) =>
    f.oracles.filter((oracle) => {
      const { store } = oracle.running.ctx;
      return store.messages(job.jobId, kind, round).some((message) => message.sender === sender.operator);
    }).length;
  if (sender.role === "institution" && held("acceptance", 0) === 0) {
    expect(job.state).to.equal("Cancelled");
    return;
  }
  const isValidator = sender.role !== "institution";
  let rounds = 0;
  while (rounds < job.terms.rounds && held("dealing", isValidator ? 0 : rounds) >= job.terms.m) rounds++;
  expect(job.rounds?.certified, "rounds certified").to.equal(rounds);
  if (rounds === job.terms.rounds) {
    expectWhole(job);
    return;
  }
  expect(job.state).to.equal(rounds === 0 ? "Failed" : "Settled");
  if (rounds === 0) {
    expect(job.ready.size, "seats that said that they were there, and keep their bond").to.equal(job.terms.k);
    return;
  }
  expect(finishReasons[job.rounds?.reason ?? 0]).to.equal("absent");
  expect(job.rounds?.completed).to.equal(rounds);
}
