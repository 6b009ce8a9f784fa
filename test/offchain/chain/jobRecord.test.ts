import { expect } from "chai";
import { AbiCoder, keccak256 as ethersKeccak } from "ethers";
import type { Hex } from "viem";
import type { JobLog } from "../../../offchain/chain/jobLogs.ts";
import { JobHistory } from "../../../offchain/chain/jobParts.ts";
import { applyLog, type JobRecord } from "../../../offchain/chain/jobRecord.ts";
import {
  headHash,
  isHashOfParts,
  noPart,
  partiesHash,
  partsHash,
  roundsHash,
} from "../../../offchain/chain/partsHash.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";
import type { JobTerms } from "../../../offchain/protocol/chainStructs.ts";

const word = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, "0")}`;
const jobId = word(1);

const terms: JobTerms = {
  ...{ specHash: word(2), codeHash: word(3), validationRoot: word(4), evaluator: account(0) },
  ...{ purpose: 1, legalBasis: 2, aggregation: 0, noiseMilli: 0, rounds: 6, k: 5, m: 4, t: 2, f: 1, tier: 1 },
  ...{ base: 100n, performance: 300n, oracleFee: 50n, utilityTarget: -450_000_000n },
  ...{
    startSeconds: 60,
    roundSeconds: 30,
    proposeSeconds: 40,
    challengeSeconds: 2,
    retentionDays: 30,
    rulesVersion: 1,
  },
  validationRows: 1_000,
  assets: [
    { assetId: 1n, version: 1, weight: 400_000_000, rhoNano: 0n, price: 5n },
    { assetId: 2n, version: 3, weight: 600_000_000, rhoNano: 0n, price: 7n },
  ],
};
const contributor = (n: number) => ({
  account: account(n),
  group: n,
  consents: 0,
  datasetRoot: word(n),
  populationId: word(n),
});
const parties = {
  ...{ buyerGroup: 9, evaluatorGroup: 0, minimumCohort: 2, beaconRound: 77n, roster: word(6) },
  contributors: [contributor(21), contributor(22)],
};
const committee = { seatBond: 1_000n, accounts: word(31), operators: [account(41)] };
const accounts = [account(31)];
const set = (round: number) => ({
  jobId,
  round,
  stateHash: word(50 + round),
  bitmap: 3n,
  dealingsRoot: word(60 + round),
});

let index = 0;
function log<N extends JobLog["eventName"]>(eventName: N, args: object): JobLog {
  index++;
  const place = { blockNumber: BigInt(index), logIndex: 0, transactionHash: word(index) };
  return { eventName, args: { jobId, ...args }, ...place } as unknown as JobLog;
}

const story = () => [
  log("JobPosted", { buyer: account(11), termsHash: word(5), salt: word(8), terms, deadline: 1_000n }),
  log("JobStarted", { parties, deadline: 2_000n }),
  log("JobSeated", { committee, accounts, deadline: 3_000n }),
  log("RoundCertified", { set: set(0), signers: 15n, digest: word(70), deadline: 4_000n }),
  log("RoundCertified", { set: set(1), signers: 30n, digest: word(71), deadline: 5_000n }),
];

const replay = (logs: readonly JobLog[]) => logs.reduce<JobRecord | undefined>(applyLog, undefined) as JobRecord;

describe("a job from its events", () => {
  it("refuses an event of a job that was never posted", () => {
    const apply = () => applyLog(undefined, log("JobStarted", { parties, deadline: 1n }));
    expect(apply).to.throw(FarshoreError).with.property("code", "chain/log-without-job");
  });

  it("derives the head from the terms: without noise only the full set is certified", () => {
    const record = replay(story().slice(0, 1));
    expect(record.head).to.include({
      contributors: 2,
      rounds: 6,
      k: 5,
      m: 4,
      t: 2,
      fullSetOnly: true,
      buyer: account(11),
    });
    expect(record).to.include({ state: "Open", deadline: 1_000, parties: null, committee: null, rounds: null });
    const noisy = log("JobPosted", {
      buyer: account(11),
      termsHash: word(5),
      terms: { ...terms, noiseMilli: 1 },
      deadline: 1n,
    });
    expect(applyLog(undefined, noisy).head.fullSetOnly).to.equal(false);
  });

  it("counts certified rounds and keeps the last cohort and digest", () => {
    const record = replay(story());
    expect(record).to.include({ state: "Running", deadline: 5_000 });
    expect(record.rounds).to.deep.include({ certified: 2, completed: 0, cohort: 3n, digest: word(71) });
    expect(record.certified.map((c) => c.signers)).to.deep.equal([15n, 30n]);
    expect(record.steps.map((s) => s.step)).to.deep.equal(["post", "start", "seat", "certify", "certify"]);
  });

  it("does not change the record it was given", () => {
    const before = replay(story());
    const copy = structuredClone(before);
    applyLog(before, log("OracleReady", { seat: 2, digest: word(9) }));
    expect(before).to.deep.equal(copy);
  });

  it("follows a job to settlement, and another that expired", () => {
    const rounds = { certified: 2, completed: 2, reason: 1, cohort: 3n, digest: word(71), lastState: word(80) };
    const proposal = {
      kind: 0,
      signers: 15n,
      modelRoot: word(1),
      evidenceRoot: word(2),
      deliveryRoot: word(3),
      amounts: [1n],
      shares: [1],
    };
    const closing = { credits: [5n], incentives: [6n], refunded: 7n, treasury: 8n, firstProof: 9n };
    const settled = replay([
      ...story(),
      log("JobFinished", { rounds, signers: 15n, deadline: 6_000n }),
      log("JobProposed", { result: { jobId }, proposal, deadline: 7_000n }),
      log("JobSettled", closing),
    ]);
    expect(settled).to.include({ state: "Settled", finishSigners: 15n });
    expect(settled.rounds).to.deep.equal(rounds);
    expect(settled.proposal).to.deep.equal(proposal);
    expect(settled.closing).to.deep.include({ outcome: "Settled", ...closing });
    const expired = replay([...story().slice(0, 2), log("JobExpired", { refunded: 12n })]);
    expect(expired).to.include({ state: "Cancelled" });
    expect(expired.closing).to.include({ outcome: "Cancelled", refunded: 12n, firstProof: null });
  });

  it("keeps several jobs apart and names those that changed", () => {
    const history = new JobHistory();
    const other = story()[0] as JobLog;
    (other.args as { jobId: Hex }).jobId = word(2);
    expect([...history.apply([...story().slice(0, 2), other])]).to.deep.equal([word(1), word(2)]);
    expect(history.jobs().map((j) => j.state)).to.deep.equal(["Seating", "Open"]);
    expect(history.job(word(3))).to.equal(undefined);
  });
});

// A second implementation (ethers) of abi.encode, so that a wrong struct in the ABI does not agree with itself.
describe("hashes of a job's parts", () => {
  const coder = AbiCoder.defaultAbiCoder();
  const head = replay(story().slice(0, 1)).head;
  const record = replay(story());

  it("equal keccak256(abi.encode(part)) of another implementation", () => {
    const headType = "tuple(bytes32,address,uint16,uint8,uint8,uint8,uint8,bool,uint128,uint32,uint32,uint32)";
    expect(headHash(head)).to.equal(ethersKeccak(coder.encode([headType], [Object.values(head)])));
    const partiesType = "tuple(uint32,uint32,uint8,uint64,bytes32,tuple(address,uint32,uint32,bytes32,bytes32)[])";
    const values = [9, 0, 2, 77n, word(6), parties.contributors.map((c) => Object.values(c))];
    expect(partiesHash(parties)).to.equal(ethersKeccak(coder.encode([partiesType], [values])));
    const roundsType = "tuple(uint16,uint16,uint8,uint256,bytes32,bytes32)";
    const rounds = Object.values(record.rounds ?? {});
    expect(roundsHash(record.rounds)).to.equal(ethersKeccak(coder.encode([roundsType], [rounds])));
  });

  it("count a part that does not exist yet as zero, and join in the order of the specification", () => {
    const open = replay(story().slice(0, 1));
    const hashes = [headHash(head), noPart, noPart, noPart, noPart];
    expect(partsHash(open)).to.equal(ethersKeccak(coder.encode(Array(5).fill("bytes32"), hashes)));
  });

  it("are compared by the 200 bits that the slot has room for", () => {
    const whole = partsHash(record);
    const slot: Hex = `0x${whole.slice(2, 52)}${"0".repeat(14)}`;
    expect(isHashOfParts(slot, record)).to.equal(true);
    const flipped: Hex = `0x${whole.slice(2, 51)}${whole[51] === "0" ? "1" : "0"}${"0".repeat(14)}`;
    expect(isHashOfParts(flipped, record)).to.equal(false);
    expect(isHashOfParts(slot, replay(story().slice(0, 4)))).to.equal(false);
  });
});
