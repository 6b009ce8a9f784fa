import { expect } from "chai";
import { unpackUsage } from "../../../offchain/chain/packedUsage.ts";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import { leafHash, MountainRange, type UsageLeaf, verifyInclusion } from "../../../offchain/crypto/mmr.ts";
import { connect } from "../chain.ts";
import { deployPlatform } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const leaves = 40;

const jobFields = [
  ...["jobId", "buyer", "purpose", "legalBasis", "termsHash", "codeHash", "rulesVersion", "aggregation"],
  ...["rhoNano", "roundsDigest", "modelRoot", "outcome", "time"],
] as (keyof UsageLeaf)[];
const assetFields = ["assetId", "version", "datasetRoot", "institution"] as (keyof UsageLeaf)[];

/** Proof number `index`, all fields different from each other and from the next proof's. */
function proofOf(index: number): UsageLeaf {
  const text = (field: string) => ethers.id(`${field} ${index}`) as Hex;
  const account = (field: string) => ethers.getAddress(text(field).slice(0, 42)) as Address;
  return {
    ...{ jobId: text("job"), assetId: BigInt(index + 1), version: index + 2, datasetRoot: text("dataset") },
    ...{ institution: account("institution"), buyer: account("buyer"), purpose: index + 3, legalBasis: index + 4 },
    ...{ termsHash: text("terms"), codeHash: text("code"), rulesVersion: index + 5, aggregation: index % 3 },
    ...{ rhoNano: BigInt(index) * 7n, roundsDigest: text("rounds"), modelRoot: text("model") },
    ...{ outcome: (index % 3) + 1, time: 1_700_000_000n + BigInt(index) },
  };
}

/** Proofs of one job, which differ in the facts of their asset alone. */
function proofsOfJob(job: number, from: number, to: number): UsageLeaf[] {
  const pick = (proof: UsageLeaf, fields: (keyof UsageLeaf)[]) => fields.map((field) => [field, proof[field]]);
  return Array.from({ length: to - from }, (_, i) =>
    Object.fromEntries([...pick(proofOf(job), jobFields), ...pick(proofOf(from + i), assetFields)]),
  ) as unknown as UsageLeaf[];
}

/** Arguments of `append`: the job's facts, and each asset's. */
function factsOf(proofs: readonly UsageLeaf[]) {
  const of = (proof: UsageLeaf, fields: (keyof UsageLeaf)[]) => fields.map((field) => proof[field]);
  return [of(proofs[0] ?? proofOf(0), jobFields), proofs.map((proof) => of(proof, assetFields))] as const;
}

function rangeOf(proofs: readonly UsageLeaf[]): MountainRange {
  const range = new MountainRange();
  for (const proof of proofs) range.append(leafHash(proof));
  return range;
}

const proofs = Array.from({ length: leaves }, (_, i) => proofOf(i));

async function deployed() {
  const platform = await deployPlatform(chain);
  return { ...platform, ledger: platform.usage.connect(platform.market) };
}
async function withFive() {
  const platform = await deployed();
  const five = proofsOfJob(0, 0, 5);
  await platform.ledger.append(...factsOf(five));
  return { ...platform, five, range: rangeOf(five) };
}

describe("UsageLedger: writing", () => {
  it("is its writers' alone, whom the administrator names", async () => {
    const { usage, stranger, admin } = await chain.loadFixture(deployed);
    for (const caller of [stranger, admin]) {
      await expect(usage.connect(caller).append(...factsOf(proofs.slice(0, 1))))
        .to.be.revertedWithCustomError(usage, "UsageLedger_NotWriter")
        .withArgs(caller);
    }
    await expect(usage.connect(stranger).setWriter(stranger, true))
      .to.be.revertedWithCustomError(usage, "AccessManagedUnauthorized")
      .withArgs(stranger);
    await expect(usage.connect(admin).setWriter(stranger, true)).to.emit(usage, "WriterSet").withArgs(stranger, true);
  });

  it("announces the first leaf's number, the job's facts and every asset's", async () => {
    const { ledger } = await chain.loadFixture(withFive);
    const batch = proofsOfJob(9, 5, 7);
    const [job, assets] = factsOf(batch);
    await expect(ledger.append(job, assets)).to.emit(ledger, "UsageAppended");
    const { args } = (await ledger.queryFilter("UsageAppended")).at(-1);
    expect([args.jobId, args.first]).to.deep.equal([proofOf(9).jobId, 5n]);
    expect(unpackUsage(args.toObject())).to.deep.equal(batch);
    expect(await ledger.size()).to.equal(7n);
  });

  it("appends nothing for a job without assets", async () => {
    const { ledger, range } = await chain.loadFixture(withFive);
    await ledger.append(...factsOf([]));
    expect([await ledger.size(), await ledger.root()]).to.deep.equal([5n, range.root()]);
  });
});

describe("UsageLedger: proofs of inclusion", () => {
  it("hashes a leaf as the off-chain room does", async () => {
    const { ledger } = await chain.loadFixture(deployed);
    for (const proof of proofs.slice(0, 3)) expect(await ledger.leafHash(proof)).to.equal(leafHash(proof));
  });

  it("of an empty ledger do not exist, and its root is that of the empty range", async () => {
    const { ledger } = await chain.loadFixture(deployed);
    expect(await ledger.verify(proofs[0], 0, [])).to.equal(false);
    expect(await ledger.root()).to.equal(new MountainRange().root());
    expect(await ledger.peaks()).to.deep.equal([]);
  });

  for (const field of [...jobFields, ...assetFields]) {
    it(`fails when ${field} is changed`, async () => {
      const { ledger, five, range } = await chain.loadFixture(withFive);
      const forged = { ...five[2], [field]: proofOf(16)[field] };
      expect(await ledger.verify(five[2], 2, range.proof(2))).to.equal(true);
      expect(await ledger.verify(forged, 2, range.proof(2))).to.equal(false);
    });
  }

  it("fails for another index, one beyond the end, a longer, a shorter and another path", async () => {
    const { ledger, five, range } = await chain.loadFixture(withFive);
    const path = range.proof(2);
    for (const index of [0, 1, 3, 4, 5, 2n ** 64n - 1n]) {
      expect(await ledger.verify(five[2], index, path), `index ${index}`).to.equal(false);
    }
    for (const wrong of [[...path, path[0]], path.slice(1), path.slice(0, 1), [...path].reverse(), range.proof(3)]) {
      expect(await ledger.verify(five[2], 2, wrong)).to.equal(false);
    }
  });

  it("hold for every leaf of every size from 1 to 40, on the chain and off it, one leaf appended at a time", async () => {
    const { ledger } = await chain.loadFixture(deployed);
    const range = new MountainRange();
    for (let size = 1; size <= leaves; size++) {
      const proof = proofs[size - 1] as UsageLeaf;
      expect(await ledger.append.staticCall(...factsOf([proof]))).to.equal(BigInt(range.append(leafHash(proof))));
      await ledger.append(...factsOf([proof]));
      const root = (await ledger.root()) as Hex;
      expect(root, `root of ${size}`).to.equal(range.root());
      expect(await ledger.peaks(), `peaks of ${size}`).to.deep.equal(range.peaks());
      const checks = proofs.slice(0, size).map(async (leaf, index) => {
        const path = range.proof(index);
        expect(await ledger.verify(leaf, index, path), `leaf ${index} of ${size}`).to.equal(true);
        expect(await ledger.includes(root, size, range.peaks(), leaf, index, path), `light, ${index}`).to.equal(true);
        const inclusion = { leaf: leafHash(leaf), index, size, path, peaks: range.peaks(), root };
        expect(verifyInclusion(inclusion), `leaf ${index} of ${size} off-chain`).to.equal(true);
      });
      await Promise.all(checks);
    }
  });

  it("need nothing of the ledger but a root and its size, and fail for another one, other peaks, index and path", async () => {
    const { ledger } = await chain.loadFixture(deployed);
    // Sizes that the ledger never had: nothing of its state is read.
    const all = proofs.slice(0, 7);
    const range = rangeOf(all);
    const [root, peaks, path] = [range.root(), range.peaks(), range.proof(4)];
    const includes = (...args: unknown[]) => ledger.includes(...args);
    expect(await includes(root, 7, peaks, all[4], 4, path)).to.equal(true);
    expect(await includes(rangeOf(all.slice(0, 6)).root(), 7, peaks, all[4], 4, path)).to.equal(false);
    expect(await includes(root, 6, peaks, all[4], 4, path)).to.equal(false);
    expect(await includes(root, 7, [...peaks].reverse(), all[4], 4, path)).to.equal(false);
    expect(await includes(root, 7, peaks.slice(0, 2), all[4], 4, path)).to.equal(false);
    expect(await includes(root, 7, peaks, all[5], 4, path)).to.equal(false);
    for (const index of [3, 5, 6, 7]) expect(await includes(root, 7, peaks, all[4], index, path)).to.equal(false);
    expect(await includes(root, 7, peaks, all[4], 4, [])).to.equal(false);
    // Two mountains bagged in place of one: the root is the same, and the last leaf would stand where another one does.
    const bag = ethers.solidityPackedKeccak256(["bytes1", "bytes32", "bytes32"], ["0x01", peaks[1], peaks[2]]);
    expect(await includes(root, 7, [peaks[0], bag], all[6], 5, [peaks[1]])).to.equal(false);
  });

  it("do not depend on how many leaves a call appends: every pair of sizes up to 12", async () => {
    for (const [first, second] of pairs(12)) {
      const { ledger } = await chain.loadFixture(deployed);
      const [one, two] = [proofsOfJob(50, 0, first), proofsOfJob(51, first, first + second)];
      await ledger.append(...factsOf(one));
      await ledger.append(...factsOf(two));
      const all = rangeOf([...one, ...two]);
      expect(await ledger.root(), `${first} and then ${second}`).to.equal(all.root());
      expect(await ledger.peaks()).to.deep.equal(all.peaks());
    }
  });
});

/** Pairs of sizes whose sum crosses every carry below 2·most. */
function pairs(most: number): [number, number][] {
  return Array.from({ length: most * most }, (_, i) => [1 + Math.floor(i / most), 1 + (i % most)]);
}
