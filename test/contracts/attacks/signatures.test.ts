import { expect } from "chai";
import { connect } from "../chain.ts";

// Signatures used again. Actor: a relayer, or a seat that wants to count for more than one. Cost: gas. Victim: a job whose committee
// did not sign. Loss without the rules: its whole escrow, by one seat's signature or by old ones. Bound: 0, the domain names chain and
// market, every struct its job, and one bit stands for one seat in one encoding. What each rule stops is shown with it and without.

const chain = await connect();
const { ethers } = chain;
const seats = [0, 1, 2, 3, 4].map((i) => new ethers.Wallet(ethers.id(`seat ${i}`)));
const operators = seats.map(({ address }) => address);
/** Order of secp256k1. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function deployed() {
  return {
    careless: await chain.deploy("CarelessSignatures"),
    strict: await chain.deploy("AttestationHarness"),
  };
}

const sign = (seat: number, digest: string) => (seats[seat] as (typeof seats)[0] & object).signingKey.sign(digest);
const set = (job: string) => ({
  ...{ jobId: ethers.id(job), round: 1, stateHash: ethers.id("state"), bitmap: 7n },
  dealingsRoot: ethers.id("dealings"),
});
const roundSet = ["bytes32 jobId", "uint16 round", "bytes32 stateHash", "uint256 bitmap", "bytes32 dealingsRoot"];
const types = {
  RoundSet: roundSet.map((field) => ({ type: field.split(" ")[0] as string, name: field.split(" ")[1] as string })),
};
const digestOf = (job: string, chainId: bigint, market: string) =>
  ethers.TypedDataEncoder.hash({ name: "Farshore", version: "1", chainId, verifyingContract: market }, types, set(job));
/** The market here, and one elsewhere. */
const [here, there] = [ethers.Wallet.createRandom().address, ethers.Wallet.createRandom().address];

describe("Attack by a signature that is used again", () => {
  it("for another job succeeds where what is signed names none, and fails where it does", async () => {
    const { careless, strict } = await chain.loadFixture(deployed);
    const bare = await careless.digestOf(set("job 1"));
    expect(await careless.digestOf(set("job 2")), "one digest for two jobs").to.equal(bare);
    const old = seats.slice(0, 4).map((_, i) => sign(i, bare).compactSerialized);
    expect(await careless.count(bare, old, operators), "the other job is certified").to.equal(4n);

    const digest = digestOf("job 1", 1337n, here);
    const brought = {
      signers: 15n,
      signatures: ethers.concat([0, 1, 2, 3].map((i) => sign(i, digest).compactSerialized)),
    };
    expect(await strict.verify(brought, digest, operators, 4)).to.equal(true);
    await expect(strict.verify(brought, digestOf("job 2", 1337n, here), operators, 4)).to.be.revertedWithCustomError(
      strict,
      "JobMarket_BadSignature",
    );
  });

  it("for another market or chain fails by the domain: the same struct has another digest", async () => {
    const { strict } = await chain.loadFixture(deployed);
    const digest = digestOf("job 1", 1337n, here);
    const brought = {
      signers: 15n,
      signatures: ethers.concat([0, 1, 2, 3].map((i) => sign(i, digest).compactSerialized)),
    };
    for (const [chainId, market] of [
      [1337n, there],
      [1338n, here],
    ] as const) {
      await expect(strict.verify(brought, digestOf("job 1", chainId, market), operators, 4))
        .to.be.revertedWithCustomError(strict, "JobMarket_BadSignature")
        .withArgs(0, (address: string) => address !== operators[0]);
    }
  });

  it("by one seat four times succeeds where signatures are counted, and fails where a bit stands for a seat", async () => {
    const { careless, strict } = await chain.loadFixture(deployed);
    const digest = digestOf("job 1", 1337n, here);
    const own = sign(2, digest).compactSerialized;
    expect(await careless.count(digest, [own, own, own, own], operators), "one seat is a committee").to.equal(4n);
    await expect(strict.verify({ signers: 15n, signatures: ethers.concat([own, own, own, own]) }, digest, operators, 4))
      .to.be.revertedWithCustomError(strict, "JobMarket_BadSignature")
      .withArgs(0, operators[2]);
    await expect(strict.verify({ signers: 4n, signatures: ethers.concat([own, own, own, own]) }, digest, operators, 4))
      .to.be.revertedWithCustomError(strict, "JobMarket_TooFewSignatures")
      .withArgs(1, 4);
  });

  it("in another order is counted without the rule, and refused with it: whoever signs has one place", async () => {
    const { careless, strict } = await chain.loadFixture(deployed);
    const digest = digestOf("job 1", 1337n, here);
    const turned = [3, 2, 1, 0].map((i) => sign(i, digest).compactSerialized);
    expect(await careless.count(digest, turned, operators)).to.equal(4n);
    await expect(strict.verify({ signers: 15n, signatures: ethers.concat(turned) }, digest, operators, 4))
      .to.be.revertedWithCustomError(strict, "JobMarket_BadSignature")
      .withArgs(0, operators[3]);
  });

  it("as its twin (r, n − s) is paid for twice where its bytes are remembered; here it has no encoding", async () => {
    const { careless, strict } = await chain.loadFixture(deployed);
    const digest = digestOf("job 1", 1337n, here);
    const { v, r, s, yParity } = sign(0, digest);
    const twin = ethers.toBeHex(order - BigInt(s), 32);
    await expect(careless.payOnce(digest, v, r, s))
      .to.emit(careless, "Paid")
      .withArgs(operators[0]);
    await expect(careless.payOnce(digest, v, r, s)).to.be.revertedWith("paid for");
    await expect(careless.payOnce(digest, 55 - v, r, twin))
      .to.emit(careless, "Paid")
      .withArgs(operators[0]);

    // n − s has the bit that the encoding keeps for the parity: what is read is another s.
    for (const parity of [yParity, 1 - yParity]) {
      const packed = ethers.toBeHex(BigInt(twin) | (BigInt(parity) << 255n), 32);
      const brought = { signers: 1n, signatures: ethers.concat([r, packed]) };
      await expect(strict.verify(brought, digest, operators, 1)).to.be.revertedWithCustomError(
        strict,
        "JobMarket_BadSignature",
      );
    }
  });
});
