import { expect } from "chai";
import fc from "fast-check";
import type { Attestation } from "../../../offchain/chain/writes/attestation.ts";
import { propose } from "../../../offchain/chain/writes/market.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import type { JobResult } from "../../../offchain/protocol/chainStructs.ts";
import { earningsByScore } from "../../../offchain/valuation/earnings.ts";
import { pot } from "../../../offchain/valuation/payout.ts";
import { projectedScores, projectedUnit } from "../../../offchain/valuation/shareReconstruction.ts";
import { failure } from "../../offchain/failure.ts";
import { connect } from "../chain.ts";
import { brought, changed } from "../settlement/sharings.ts";
import { fixtureOf, type Job, termsOf, projectedScores as usual } from "./job.ts";
import { openActor, openBank, openStage, type Stage } from "./stage.ts";

const chain = await connect();
const { ethers } = chain;
const shares = (stage: Stage) => termsOf(stage, { aggregation: 1 });
const finished = fixtureOf(chain, (job) => job.toFinished(), openStage, shares);
const ofKin = fixtureOf(chain, (job) => job.toFinished(), openKin, shares);
const inClear = fixtureOf(chain, (job) => job.toFinished());
const million = 1_000_000n;
const total = 100n * million;

/** Four banks, the first two of one owner. */
async function openKin(): Promise<Stage> {
  const stage = await openStage(chain, 4);
  const twin = await openActor(chain, stage, 17, { group: 102 });
  const [first, second, third] = stage.banks as [Stage["banks"][0], Stage["banks"][0], Stage["banks"][0]];
  return { ...stage, banks: [first, await openBank(chain, stage, twin, 30), second, third] };
}

type Projected = ReturnType<Job["projected"]>;

async function refuses(job: Job, args: readonly unknown[], error: string, ...facts: unknown[]) {
  await expect(job.as().propose(...args))
    .to.be.revertedWithCustomError(job.stage.jobs, error)
    .withArgs(...facts);
}

async function refusesResult(job: Job, scores: readonly bigint[], fields: Partial<JobResult>, field: string) {
  await refuses(job, await job.projectedArguments(job.projected(scores, fields)), "JobMarket_BadResult", field);
}

/** What the product's own code makes of the words. */
function expectedOf(job: Job, { result, secrets }: Projected) {
  const { terms, record } = job;
  const { utilityStart, utilityEnd, scoreTotal, ridgeTerm } = result as JobResult;
  const weights = terms.assets.map(({ weight }) => weight);
  const game = {
    ...{ scores: projectedScores(secrets, weights, ridgeTerm), total: projectedUnit(scoreTotal) },
    ...{ groups: (record.parties?.contributors ?? []).map(({ group }) => group), weights },
    cohort: record.rounds?.cohort ?? 0n,
  };
  const performance = pot(0n, terms.performance, utilityStart, utilityEnd, terms.utilityTarget);
  return earningsByScore(game, terms.base, performance);
}

async function earnedBy(job: Job, projected: Projected) {
  await job.apply("propose", job.as().propose(...(await job.projectedArguments(projected))));
  const { amounts, shares: parts, excess } = job.record.proposal as NonNullable<typeof job.record.proposal>;
  return { amounts: [...amounts], shares: [...parts], excess };
}

describe("propose: the kind", () => {
  it("is not exact where nobody could read the updates", async () => {
    const job = await finished();
    await refuses(job, await job.proposeArguments(), "JobMarket_BadResult", "kind");
  });

  it("is projected, or by weight, with any aggregation", async () => {
    for (const fixture of [finished, inClear]) {
      await (await fixture()).proposeProjected();
      await (await fixture()).proposeByWeight();
    }
  });
});

describe("propose, projected: what is refused", () => {
  it("words that are not those of the signers: one less, one more, other bytes than hashed", async () => {
    const job = await finished();
    const [head, terms, parties, committee, rounds, groups, result, words, attestation] =
      await job.projectedArguments();
    const bytes = words as Uint8Array;
    for (const wrong of [bytes.slice(0, -8), new Uint8Array([...bytes, ...new Uint8Array(24)]), new Uint8Array()]) {
      const args = [head, terms, parties, committee, rounds, groups, result, wrong, attestation];
      await refuses(job, args, "JobMarket_BadResult", "words");
    }
    const other = Uint8Array.from(bytes).fill(1, 0, 8);
    const args = [head, terms, parties, committee, rounds, groups, result, other, attestation];
    await refuses(job, args, "JobMarket_InconsistentWords", 3, 0);
  });

  it("words that do not lie on one polynomial, with the seat, in the bitmap's own numbers", async () => {
    const job = await finished();
    const honest = job.projected();
    const lied = { ...honest, words: changed(honest.words, 4, 1) };
    await refuses(job, await job.projectedArguments(lied, [0, 1, 2, 4]), "JobMarket_InconsistentWords", 4, 1);
    await job.apply("propose", job.as().propose(...(await job.projectedArguments(lied, [0, 1, 2, 3]))));
  });

  it("words that a seat did not sign: each its own, whatever is brought in its name", async () => {
    const job = await finished();
    const { result, words } = job.projected();
    const [head, terms, parties, committee, rounds, groups, , , attestation] = await job.projectedArguments();
    const better = job.projected([80n * million, 10n * million, 10n * million]);
    const { bytes } = brought(better.words, [0, 1, 2, 3]);
    await expect(
      job.as().propose(head, terms, parties, committee, rounds, groups, result, bytes, attestation),
    ).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadSignature");
    // All four signed the same hash, as an exact result is signed: not one of them its own words.
    const all = brought(words, [0, 1, 2, 3]).bytes;
    const common = { ...result, wordsHash: keccakHex(all) };
    const signed = await job.attest("JobResult", common);
    await expect(
      job.as().propose(head, terms, parties, committee, rounds, groups, common, all, signed),
    ).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadSignature");
  });

  it("fewer than m seats, and seats that there are not", async () => {
    const job = await finished();
    await refuses(job, await job.projectedArguments(undefined, [0, 2, 4]), "JobMarket_TooFewSignatures", 3, 4);
    const [head, terms, parties, committee, rounds, groups, result, words, attestation] =
      await job.projectedArguments();
    const beyond = { ...(attestation as object), signers: 0b100111n };
    const args = [head, terms, parties, committee, rounds, groups, result, words, beyond];
    // Read at another point, the last words are off the polynomial before anybody looks who signed them.
    await refuses(job, args, "JobMarket_InconsistentWords", 5, 0);
  });

  it("any field that is not the one that was signed", async () => {
    const job = await finished();
    const [head, terms, parties, committee, rounds, groups, result, words, attestation] =
      await job.projectedArguments();
    for (const field of ["modelRoot", "evidenceRoot", "deliveryRoot"]) {
      const other = { ...(result as object), [field]: ethers.id("other") };
      await expect(
        job.as().propose(head, terms, parties, committee, rounds, groups, other, words, attestation),
        field,
      ).to.be.revertedWithCustomError(job.stage.jobs, "JobMarket_BadSignature");
    }
  });

  it("a total that misses the gain by more than a hundredth, or by more than 1 000 of a small gain", async () => {
    const job = await finished();
    for (const off of [million + 1n, -million - 1n]) {
      const scores = [usual[0] as bigint, usual[1] as bigint, (usual[2] as bigint) + off];
      await refusesResult(job, scores, { utilityEnd: -500n * million + total }, "scoreTotal");
    }
    const small = [3000n, 2000n, 1000n];
    for (const utilityEnd of [-500n * million + 6000n + 1001n, -500n * million + 6000n - 1001n]) {
      await refusesResult(job, small, { utilityEnd }, "scoreTotal");
    }
    await job.proposeProjected(small, { utilityEnd: -500n * million + 7000n });
  });

  it("scores that do not add up to the total less what was removed, by more than one unit of 1e-9 nat", async () => {
    const job = await finished();
    for (const off of [2n, -2n]) await refusesResult(job, usual, { scoreTotal: total + off }, "words");
    await refusesResult(job, usual, { removed: 5n * million }, "words");
    const { result, ...rest } = job.projected();
    const { ridgeTerm } = result as JobResult;
    const other = { ...rest, result: { ...result, ridgeTerm: ridgeTerm + 2n ** 29n } };
    await refuses(job, await job.projectedArguments(other), "JobMarket_BadResult", "words");
  });

  it("groups that are not the contributors': all apart, in another order, one place more, or any where all differ", async () => {
    const job = await ofKin();
    const scores = [190n, -130n, 20n, 20n].map((score) => score * million);
    const [head, terms, parties, committee, rounds, groups, ...rest] = await job.projectedArguments(
      job.projected(scores),
    );
    expect([...(groups as Uint8Array)]).to.deep.equal([0, 0, 2, 3]);
    for (const other of [[], [0, 1, 2, 3], [0, 1, 1, 3], [0, 0, 2, 3, 4]]) {
      const args = [head, terms, parties, committee, rounds, Uint8Array.from(other), ...rest];
      await refuses(job, args, "JobMarket_BadResult", "groups");
    }
    const apart = await finished();
    const own = await apart.projectedArguments();
    await refuses(apart, own.with(5, Uint8Array.from([0, 1, 2])), "JobMarket_BadResult", "groups");
  });
});

describe("propose, projected: the product's own call", () => {
  const call = (job: Job, words: ReadonlyMap<number, Uint8Array>, attestation: Attestation) => {
    const chainOf = { address: () => job.stage.jobs.target as Hex };
    return propose(chainOf, job.record, job.projected().result as JobResult, words, attestation);
  };

  it("brings the words of who signed, in seat order, whoever else has some", async () => {
    const job = await ofKin();
    const scores = [25n, 25n, 25n, 25n].map((score) => score * million);
    const { result, words } = job.projected(scores);
    const attestation = (await job.projectedArguments({ ...job.projected(scores) }, [0, 1, 3, 4])).at(
      -1,
    ) as Attestation;
    const shuffled = new Map([4, 2, 0, 3, 1].map((seat) => [seat, words.get(seat) as Uint8Array]));
    const chainOf = { address: () => job.stage.jobs.target as Hex };
    const { to, data } = propose(chainOf, job.record, result as JobResult, shuffled, attestation);
    await job.apply("propose", job.stage.buyer.account.sendTransaction({ to, data }));
    expect(job.record.proposal).to.include({ kind: 1, signers: 0b11011n });
  });

  it("is not made when a signer's words are not there: the seat is named", async () => {
    const job = await finished();
    const { words } = job.projected();
    words.delete(2);
    const attestation = { signers: 0b1111n, signatures: "0x" } as const;
    const error = failure(() => call(job, words, attestation));
    expect([error.code, error.facts.seat]).to.deep.equal(["chain/words-missing", 2]);
  });
});

describe("propose, projected", () => {
  it("pays what the product's own code makes of any m words, whoever brings them", async () => {
    for (const seats of [
      [0, 1, 2, 3],
      [1, 2, 3, 4],
      [0, 1, 2, 3, 4],
    ]) {
      const job = await finished();
      const projected = job.projected();
      await job.apply(
        "propose",
        job.as(job.stage.stranger).propose(...(await job.projectedArguments(projected, seats))),
      );
      const { kind, signers, amounts } = job.record.proposal as NonNullable<typeof job.record.proposal>;
      expect([kind, signers]).to.deep.equal([1, brought(projected.words, seats).signers]);
      expect([...amounts]).to.deep.equal(expectedOf(job, projected).amounts);
      // By hand: 1 000 and two thirds of 5 000, by 49.2, 29.2 and 21.7 in a hundred.
      expect(amounts.map((amount) => amount / 10_000_000n)).to.deep.equal([213n, 126n, 93n]);
    }
  });

  it("takes what the guards removed from the scores into account", async () => {
    const job = await finished();
    const projected = job.projected([20n * million, 30n * million, 40n * million], {
      ...{ utilityEnd: -500n * million + total, scoreTotal: total, removed: 10n * million },
    });
    expect(await earnedBy(job, projected)).to.deep.equal(expectedOf(job, projected));
  });

  it("with a gain of 0 or a loss pays base by weight, and no performance", async () => {
    for (const scores of [
      [5n, -5n, 0n],
      [5n * million, -9n * million, -million],
      [0n, 0n, 0n],
    ]) {
      const { amounts, shares: parts } = await earnedBy(...(await withProjected(scores)));
      expect(amounts).to.deep.equal([333_333_334n, 333_333_333n, 333_333_333n]);
      expect(parts).to.deep.equal([0, 0, 0]);
    }
  });

  it("pays base by weight too where the utility did not rise, whatever the scores add up to", async () => {
    const job = await finished();
    for (const utilityEnd of [-500n * million, -500n * million - 200n]) {
      const projected = job.projected([500n, 200n, 100n], { utilityEnd });
      expect((await earnedBy(await finished(), projected)).amounts).to.deep.equal([
        333_333_334n,
        333_333_333n,
        333_333_333n,
      ]);
    }
  });

  it("takes a true result although a score wrapped around the field, and pays none that did", async () => {
    // p is 8 nats: D + X, D' + X and D'' - 2X with an X of 3 nats.
    const [job, projected] = await withProjected([3030n * million, 3030n * million, -5960n * million]);
    expect(projected.secrets.some((secret) => secret < -(2n ** 60n))).to.equal(true);
    expect(await earnedBy(job, projected)).to.deep.equal({
      amounts: [333_333_334n, 333_333_333n, 333_333_333n],
      ...{ shares: [0, 0, 0], excess: 0n },
    });
  });

  it("pays nothing for a score that exploded, and the pair in one group by its net", async () => {
    const exploded = await earnedBy(...(await withProjected([250n * million, -180n * million, 30n * million])));
    expect(exploded.amounts.map((amount) => amount > 0n)).to.deep.equal([false, false, true]);
    const job = await ofKin();
    const pair = job.projected([190n, -130n, 20n, 20n].map((score) => score * million));
    const earned = await earnedBy(job, pair);
    expect(earned).to.deep.equal(expectedOf(job, pair));
    // 60 of 100 instead of 190 of 230.
    expect(earned.shares[0]).to.be.within(599_999_990, 600_000_010);
  });

  it("agrees with the product's own in random games, of every size and sign", async () => {
    const score = fc.bigInt({ min: -200n * million, max: 300n * million });
    const ridgeTerm = fc.bigInt({ min: -(2n ** 57n), max: 2n ** 57n });
    await fc.assert(
      fc.asyncProperty(fc.array(score, { minLength: 4, maxLength: 4 }), ridgeTerm, async (scores, kappa) => {
        const job = await ofKin();
        const projected = job.projected(scores, { ridgeTerm: kappa });
        expect(await earnedBy(job, projected)).to.deep.equal(expectedOf(job, projected));
      }),
      { numRuns: 40 },
    );
  });
});

async function withProjected(scores: readonly bigint[]): Promise<[Job, Projected]> {
  const job = await finished();
  return [job, job.projected(scores)];
}
