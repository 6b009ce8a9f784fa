import { expect } from "chai";
import { AbiCoder, keccak256 as ethersKeccak, solidityPacked } from "ethers";
import type { Hex } from "viem";
import type { JobLog } from "../../../offchain/chain/jobLogs.ts";
import { JobHistory } from "../../../offchain/chain/jobParts.ts";
import { applyLog, type JobRecord } from "../../../offchain/chain/jobRecord.ts";
import {
  packHead,
  packParties,
  packProposal,
  packRounds,
  unpackParties,
  unpackProposal,
  unpackRounds,
} from "../../../offchain/chain/packedParts.ts";
import { packResult } from "../../../offchain/chain/packedResult.ts";
import { packTerms } from "../../../offchain/chain/packedTerms.ts";
import type { Rounds } from "../../../offchain/chain/parts.ts";
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
  parameters: 24,
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
  log("JobPosted", { buyer: account(11), termsHash: word(5), terms: packTerms(terms), deadline: 1_000n }),
  log("JobStarted", { parties: packParties(parties), deadline: 2_000n }),
  log("JobSeated", { committee, accounts, deadline: 3_000n }),
  log("RoundCertified", { set: set(0), signers: 15n, digest: word(70), deadline: 4_000n }),
  log("RoundCertified", { set: set(1), signers: 30n, digest: word(71), deadline: 5_000n }),
];

const replay = (logs: readonly JobLog[]) => logs.reduce<JobRecord | undefined>(applyLog, undefined) as JobRecord;

describe("a job from its events", () => {
  it("refuses an event of a job that was never posted", () => {
    const apply = () => applyLog(undefined, log("JobStarted", { parties: packParties(parties), deadline: 1n }));
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
      terms: packTerms({ ...terms, noiseMilli: 1 }),
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
    const rounds = {
      certified: 2,
      completed: 2,
      reason: 1,
      cohort: 3n,
      kin: 0n,
      digest: word(71),
      lastState: word(80),
    };
    const proposal = {
      kind: 0,
      signers: 15n,
      excess: 3n,
      modelRoot: word(1),
      evidenceRoot: word(2),
      deliveryRoot: word(3),
      amounts: [1n],
      shares: [1],
    };
    const { outcome, earnings } = packProposal(proposal);
    const result = {
      ...{ jobId, termsHash: word(5), roundsDigest: word(71), modelRoot: word(1), evidenceRoot: word(2) },
      ...{ deliveryRoot: word(3), kind: 0, utilityStart: -(2n ** 63n), utilityEnd: -1n, scoreTotal: 2n ** 63n - 1n },
      ...{ removed: -2n, ridgeTerm: -3n, wordsHash: word(6) },
    };
    const closing = { refunded: 7n, treasury: 8n, firstProof: 9n };
    const credits = [5n + (6n << 128n), 1n << 127n, 10n, 2n ** 128n - 1n];
    const settled = replay([
      ...story(),
      log("JobFinished", { rounds: packRounds(rounds), signers: 15n, deadline: 6_000n }),
      log("JobProposed", {
        result: packResult(result),
        wordsHash: result.wordsHash,
        outcome,
        earnings,
        deadline: 7_000n,
      }),
      log("JobSettled", { ...closing, credits }),
    ]);
    expect(settled).to.include({ state: "Settled", finishSigners: 15n });
    expect(settled.rounds).to.deep.equal(rounds);
    expect(settled.proposal).to.deep.equal(proposal);
    expect(settled.result).to.deep.equal(result);
    expect(settled.closing).to.deep.include({
      ...{ outcome: "Settled", ...closing, incentives: [6n, 0n] },
      credits: [5n, 1n << 127n, 10n, 2n ** 128n - 1n],
    });
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

/** Fields side by side, as ethers packs them. */
const bitsOf = (types: string[], values: unknown[]) => BigInt(solidityPacked(types, values));

describe("packed parts", () => {
  const most = 2n ** 128n - 1n;
  const largest = {
    rounds: {
      ...{ certified: 65_535, completed: 65_534, reason: 2, cohort: 2n ** 64n - 1n, kin: 2n ** 152n - 1n },
      ...{ digest: word(1), lastState: word(2) },
    },
    proposal: {
      ...{ kind: 2, signers: 1023n, excess: most, modelRoot: word(1), evidenceRoot: word(2), deliveryRoot: word(3) },
      ...{ amounts: [most, 0n, 5n], shares: [0, 1_000_000_000, 7] },
    },
    parties: {
      ...{ buyerGroup: 2 ** 32 - 1, evaluatorGroup: 2 ** 32 - 2, minimumCohort: 255, beaconRound: 2n ** 64n - 1n },
      ...{ roster: word(6), contributors: [{ ...contributor(23), group: 2 ** 32 - 1, consents: 2 ** 32 - 3 }] },
    },
  };

  it("come back as they were, each field at its largest too", () => {
    expect(unpackRounds(packRounds(largest.rounds))).to.deep.equal(largest.rounds);
    expect(unpackProposal(packProposal(largest.proposal))).to.deep.equal(largest.proposal);
    expect(unpackParties(packParties(largest.parties))).to.deep.equal(largest.parties);
    expect(unpackParties(packParties(parties))).to.deep.equal(parties);
  });

  it("refuse a field that would run into its neighbour", () => {
    const { head } = replay(story().slice(0, 1));
    expect(() => packHead({ ...head, k: 256 })).to.throw(RangeError);
    expect(() => packHead({ ...head, escrow: most + 1n })).to.throw(RangeError);
    expect(() => packRounds({ ...largest.rounds, cohort: 2n ** 64n })).to.throw(RangeError);
    expect(() => packProposal({ ...largest.proposal, amounts: [-1n], shares: [0] })).to.throw(RangeError);
  });
});

// A second implementation (ethers) of abi.encode, so that a wrong struct in the ABI does not agree with itself.
describe("hashes of a job's parts", () => {
  const coder = AbiCoder.defaultAbiCoder();
  const head = replay(story().slice(0, 1)).head;
  const record = replay(story());

  it("equal keccak256(abi.encode(part)) of another implementation", () => {
    const rounds = record.rounds as Rounds;
    const headType = "tuple(bytes32,uint256,uint256)";
    const sizes = [head.rounds, head.contributors, head.k, head.m, head.t, head.fullSetOnly];
    const shape = bitsOf(["address", "uint16", "uint8", "uint8", "uint8", "uint8", "bool"], [head.buyer, ...sizes]);
    const windows = [head.roundSeconds, head.proposeSeconds, head.challengeSeconds];
    const limits = bitsOf(["uint128", "uint32", "uint32", "uint32"], [head.escrow, ...windows]);
    expect(headHash(head)).to.equal(ethersKeccak(coder.encode([headType], [[head.termsHash, shape, limits]])));
    const partiesType = "tuple(uint256,bytes32,tuple(uint256,bytes32,bytes32)[])";
    const holders = parties.contributors.map(({ account, group, consents, datasetRoot, populationId }) => {
      return [bitsOf(["address", "uint32", "uint32"], [account, group, consents]), datasetRoot, populationId];
    });
    const bounds = bitsOf(["uint32", "uint32", "uint8", "uint64"], [9, 0, 2, 77n]);
    expect(partiesHash(parties)).to.equal(ethersKeccak(coder.encode([partiesType], [[bounds, word(6), holders]])));
    const counts = [rounds.kin, rounds.cohort, rounds.certified, rounds.completed, rounds.reason];
    const progress = bitsOf(["uint152", "uint64", "uint16", "uint16", "uint8"], counts);
    const roundsType = "tuple(uint256,bytes32,bytes32)";
    const words = [progress, rounds.digest, rounds.lastState];
    expect(roundsHash(rounds)).to.equal(ethersKeccak(coder.encode([roundsType], [words])));
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
