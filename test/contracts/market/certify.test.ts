import { expect } from "chai";
import { encodeAbiParameters, keccak256 } from "viem";
import { packAttestation } from "../../../offchain/chain/writes/attestation.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { farshoreTypes, structHash } from "../../../offchain/core/eip712.ts";
import { connect } from "../chain.ts";
import { fixtureOf, type Job } from "./job.ts";

const chain = await connect();
const { ethers } = chain;
const seated = fixtureOf(chain, (job) => job.toSeated());
const inRound2 = fixtureOf(chain, (job) => job.toRound(2));
const everyRound = fixtureOf(chain, (job) => job.toRound(4));

async function refuses(job: Job, args: readonly unknown[], error: string, ...facts: unknown[]) {
  await expect(job.as().certify(...args))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

/** Digest after one more set: keccak256(abi.encode(digest, struct hash)). */
function chained(digest: Hex, set: object): Hex {
  const words = [{ type: "bytes32" }, { type: "bytes32" }] as const;
  return keccak256(encodeAbiParameters(words, [digest, structHash("RoundSet", set)]));
}

describe("certify: signatures", () => {
  it("of fewer than m seats are refused", async () => {
    const job = await inRound2();
    const three = await job.certifyArguments(job.roundSet(), [0, 2, 4]);
    await refuses(job, three, "JobMarket_TooFewSignatures", 3, 4);
    await refuses(job, await job.certifyArguments(job.roundSet(), []), "JobMarket_TooFewSignatures", 0, 4);
  });

  it("of a seat given by another seat's key, by its account, or for another set are refused", async () => {
    const job = await inRound2();
    const set = job.roundSet();
    const args = await job.certifyArguments(set);
    const signedBy = async (keys: readonly Parameters<Job["sign"]>[0][], message: object = set) => {
      const signed = await Promise.all(keys.map((key) => job.sign(key, "RoundSet", message)));
      return [...args.slice(0, -1), packAttestation(new Map(signed.map((signature, seat) => [seat, signature])))];
    };
    const keys = [0, 1, 2, 3].map((seat) => job.seatKey(seat));
    const wrong = job.seatKey(4);
    await refuses(
      job,
      await signedBy([...keys.slice(0, 2), wrong, ...keys.slice(3)]),
      "JobMarket_BadSignature",
      2,
      wrong,
    );
    const { account } = job.seatOf(1);
    const byAccount = [keys[0], account, keys[2], keys[3]] as typeof keys;
    await refuses(job, await signedBy(byAccount), "JobMarket_BadSignature", 1, account);
    const other = { ...set, stateHash: ethers.id("another state") };
    await expect(job.as().certify(...(await signedBy(keys, other)))).to.be.revertedWithCustomError(
      job.stage.jobs,
      "JobMarket_BadSignature",
    );
  });

  it("for another market are refused", async () => {
    const job = await inRound2();
    const set = job.roundSet();
    const { chainId } = await ethers.provider.getNetwork();
    const domain = { name: "Farshore", version: "1", chainId, verifyingContract: job.stage.opening.target };
    const types = { RoundSet: [...farshoreTypes.RoundSet] };
    const signed = [0, 1, 2, 3].map(
      async (seat) => [seat, (await job.seatKey(seat).signTypedData(domain, types, set)) as Hex] as const,
    );
    const args = [
      ...(await job.certifyArguments(set)).slice(0, -1),
      packAttestation(new Map(await Promise.all(signed))),
    ];
    await expect(job.as().certify(...args)).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadSignature");
  });

  it("of all five seats are taken, and of any four", async () => {
    for (const seats of [
      [0, 1, 2, 3, 4],
      [1, 2, 3, 4],
      [0, 1, 3, 4],
    ]) {
      const job = await inRound2();
      await job.apply("certify", job.as().certify(...(await job.certifyArguments(job.roundSet(), seats))));
      expect(job.record.certified[2]?.signers).to.equal(seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n));
    }
  });
});

describe("certify: the set", () => {
  it("is everybody of the round before: no part of it, nobody more", async () => {
    const job = await inRound2();
    for (const bitmap of [0b011n, 0b110n, 0n, 0b1111n, 1n << 255n]) {
      const args = await job.certifyArguments(job.roundSet({ bitmap }));
      await refuses(job, args, "JobMarket_NotFullSet", bitmap);
    }
  });

  it("is everybody in round 0", async () => {
    const job = await seated();
    const args = await job.certifyArguments(job.roundSet({ bitmap: 0b101n }));
    await refuses(job, args, "JobMarket_NotFullSet", 0b101n);
  });

  it("is of the round that is due, and of this job", async () => {
    const job = await inRound2();
    for (const round of [0, 1, 3]) {
      await refuses(job, await job.certifyArguments(job.roundSet({ round })), "JobMarket_WrongRound", round, 2);
    }
    const jobId = ethers.id("another job");
    await refuses(job, await job.certifyArguments(job.roundSet({ jobId })), "JobMarket_UnknownJob", jobId);
  });

  it("is certified once: the first that m signed is final", async () => {
    const job = await inRound2();
    const set = job.roundSet();
    const [first, late] = [
      await job.certifyArguments(set),
      await job.certifyArguments({ ...set, stateHash: ethers.id("b") }),
    ];
    await job.apply("certify", job.as().certify(...first));
    await refuses(job, late, "JobMarket_PartsMismatch", job.id);
    await refuses(job, await job.certifyArguments(set), "JobMarket_WrongRound", 2, 3);
  });

  it("with rounds that are not the chain's, of another committee or head, is refused", async () => {
    const job = await inRound2();
    const [head, parties, committee, rounds, set, signed] = await job.certifyArguments();
    const forged = [
      [{ ...(head as object), m: 1 }, parties, committee, rounds, set, signed],
      [head, ethers.id("parties"), committee, rounds, set, signed],
      [head, parties, { ...(committee as object), seatBond: 1n }, rounds, set, signed],
      [head, parties, committee, { ...(rounds as object), cohort: 1n }, set, signed],
    ];
    for (const args of forged) await refuses(job, args, "JobMarket_PartsMismatch", job.id);
  });
});

describe("certify: time and state", () => {
  it("is until the deadline, in block time", async () => {
    const job = await inRound2();
    const args = await job.certifyArguments();
    await job.waitUntilAfter(job.record.deadline);
    await refuses(job, args, "JobMarket_TooLate", job.id, job.record.deadline);
    const inTime = await inRound2();
    await inTime.waitUntil(inTime.record.deadline);
    await inTime.certify();
  });

  it("is not beyond the last round, not before the committee sits, and not after `finish`", async () => {
    const job = await everyRound();
    const args = await job.certifyArguments();
    await refuses(job, args, "JobMarket_WrongRound", 4, 4);
    await job.finish();
    await refuses(job, await job.certifyArguments(), "JobMarket_WrongState", job.id, 4, 3);
    const jobId = ethers.id("no job");
    const set = { ...(args[4] as object), jobId };
    await refuses(job, [...args.slice(0, 4), set, args[5]], "JobMarket_UnknownJob", jobId);
  });
});

describe("certify", () => {
  it("chains the digest over the sets, and each round opens the next one's window", async () => {
    const job = await seated();
    let digest: Hex = `0x${"00".repeat(32)}`;
    for (let round = 0; round < 4; round++) {
      const set = job.roundSet();
      digest = chained(digest, set);
      const args = await job.certifyArguments(set);
      await job.apply("certify", job.as(job.stage.stranger).certify(...args));
      expect(job.record.rounds).to.include({ certified: round + 1, completed: 0, cohort: 0b111n, digest });
      const [state, deadline] = await job.stage.jobs.jobOf(job.id);
      expect([state, Number(deadline)]).to.deep.equal([3n, (await chain.time.latest()) + job.terms.roundSeconds]);
    }
    expect(job.record.certified.map(({ set }) => set.dealingsRoot)).to.deep.equal(
      [0, 1, 2, 3].map((round) => ethers.id(`round ${round}`)),
    );
  });
});
