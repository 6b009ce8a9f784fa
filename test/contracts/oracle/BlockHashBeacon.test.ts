import { expect } from "chai";
import { connect } from "../chain.ts";

const chain = await connect();
const { ethers } = chain;

async function deployed() {
  const beacon = await chain.deploy("BlockHashBeacon");
  // JavaScript objects have a `valueOf` of their own.
  return { beacon, value: beacon.getFunction("valueOf") };
}

/** Hash of the block of that number. */
async function hashOf(number: bigint): Promise<string> {
  const block = await ethers.provider.getBlock(Number(number));
  return block?.hash as string;
}

describe("BlockHashBeacon", () => {
  it("gives no value of a round whose block does not exist", async () => {
    const { beacon, value } = await chain.loadFixture(deployed);
    const next: bigint = await beacon.next();
    for (const round of [next, next + 1n, 2n ** 64n - 1n]) {
      await expect(value(round)).to.be.revertedWithCustomError(beacon, "Beacon_NotReady").withArgs(round);
      await expect(beacon.record(round)).to.be.revertedWithCustomError(beacon, "Beacon_NotReady").withArgs(round);
    }
  });

  it("names a next round that is not ready in the transaction that binds to it, and gives its block's hash later", async () => {
    const { beacon, value } = await chain.loadFixture(deployed);
    const latest = BigInt(await chain.time.latestBlock());
    const next: bigint = await beacon.next({ blockTag: Number(latest) });
    expect(next).to.be.greaterThan(latest);
    await chain.mine(3);
    expect(await value(next)).to.equal(await hashOf(next));
  });

  it("loses a round that nobody recorded within 256 blocks", async () => {
    const { beacon, value } = await chain.loadFixture(deployed);
    const round = BigInt(await chain.time.latestBlock());
    await chain.mine(300);
    await expect(value(round)).to.be.revertedWithCustomError(beacon, "Beacon_Lost").withArgs(round);
    await expect(beacon.record(round)).to.be.revertedWithCustomError(beacon, "Beacon_Lost").withArgs(round);
  });

  it("keeps a recorded round, whoever recorded it, and records it once", async () => {
    const { beacon, value } = await chain.loadFixture(deployed);
    const round = BigInt(await chain.time.latestBlock());
    const hash = await hashOf(round);
    await chain.mine(1);
    await expect(beacon.connect(chain.signer(9)).record(round))
      .to.emit(beacon, "BeaconRecorded")
      .withArgs(round, hash);
    await expect(beacon.record(round)).to.not.emit(beacon, "BeaconRecorded");
    await chain.mine(300);
    expect(await value(round)).to.equal(hash);
    await expect(beacon.record(round)).to.not.emit(beacon, "BeaconRecorded");
  });
});
