import { expect } from "chai";
import { connect, type Deployed } from "../chain.ts";

const chain = await connect();
const { ethers } = chain;
const digest = ethers.id("digest");
const keys = Array.from({ length: 5 }, (_, i) => new ethers.Wallet(ethers.id(`seat ${i}`)));
const seats = keys.map((key) => key.address);
const outsider = new ethers.Wallet(ethers.id("outsider"));
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

type Key = (typeof keys)[number];

/** 64 bytes of ERC-2098. */
function sign(key: Key, what = digest): string {
  return key.signingKey.sign(what).compactSerialized;
}

/** Signatures of these seats, in seat order, under their bitmap. */
function attest(...signers: number[]) {
  return {
    signers: signers.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n),
    signatures: ethers.concat(signers.map((seat) => sign(keys[seat] as Key))),
  };
}

async function deployed() {
  return { harness: (await chain.deploy("AttestationHarness")) as Deployed };
}

async function verify(attestation: { signers: bigint; signatures: string }, needed = 4) {
  const { harness } = await chain.loadFixture(deployed);
  return { harness, call: () => harness.verify(attestation, digest, seats, needed) };
}

async function expectRefused(attestation: { signers: bigint; signatures: string }, error: string, ...args: unknown[]) {
  const { harness, call } = await verify(attestation);
  await expect(call())
    .to.be.revertedWithCustomError(harness, `JobMarket_${error}`)
    .withArgs(...args);
}

describe("Attestation", () => {
  it("refuses none, and one fewer than needed", async () => {
    await expectRefused({ signers: 0n, signatures: "0x" }, "TooFewSignatures", 0, 4);
    await expectRefused(attest(0, 2, 4), "TooFewSignatures", 3, 4);
  });

  it("refuses a bit beyond the seats", async () => {
    const { signatures } = attest(0, 1, 2, 3);
    await expectRefused({ signers: 0b100111n, signatures }, "BadSigners", 0b100111n, 256);
    await expectRefused({ signers: 1n << 255n, signatures }, "BadSigners", 1n << 255n, 256);
  });

  it("refuses more or fewer bytes than 64 for each bit", async () => {
    const { signers, signatures } = attest(0, 1, 2, 3);
    for (const bytes of [
      `${signatures}00`,
      ethers.concat([signatures, sign(keys[4] as Key)]),
      signatures.slice(0, -2),
    ]) {
      await expectRefused({ signers, signatures: bytes }, "BadSigners", signers, ethers.dataLength(bytes));
    }
    await expectRefused({ signers, signatures: "0x" }, "BadSigners", signers, 0);
  });

  it("refuses a signature of another seat, of an outsider, and of another digest, naming the seat", async () => {
    const [a, b, c, d] = [0, 1, 2, 3].map((seat) => sign(keys[seat] as Key)) as [string, string, string, string];
    const swapped = { signers: 0b1111n, signatures: ethers.concat([b, a, c, d]) };
    await expectRefused(swapped, "BadSignature", 0, keys[1]?.address);
    const foreign = { signers: 0b1111n, signatures: ethers.concat([a, b, c, sign(outsider)]) };
    await expectRefused(foreign, "BadSignature", 3, outsider.address);
    const other = sign(keys[2] as Key, ethers.id("another digest"));
    const recovered = ethers.recoverAddress(digest, ethers.Signature.from(other));
    await expectRefused(
      { signers: 0b1111n, signatures: ethers.concat([a, b, other, d]) },
      "BadSignature",
      2,
      recovered,
    );
  });

  it("cannot count one seat twice: the second copy stands where another seat's signature must", async () => {
    const { signatures } = attest(0, 1, 2, 2);
    await expectRefused({ signers: 0b1111n, signatures }, "BadSignature", 3, keys[2]?.address);
    await expectRefused({ signers: 0b0111n, signatures }, "TooFewSignatures", 3, 4);
  });

  it("refuses one wrong signature beside enough good ones", async () => {
    const { signatures } = attest(0, 1, 2, 3);
    const five = { signers: 0b11111n, signatures: ethers.concat([signatures, sign(outsider)]) };
    await expectRefused(five, "BadSignature", 4, outsider.address);
  });

  it("refuses zeros, for which ecrecover gives the zero address, even for a seat without an operator", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const empty = [ethers.ZeroAddress];
    await expect(
      harness.verify({ signers: 1n, signatures: ethers.concat([ethers.ZeroHash, ethers.ZeroHash]) }, digest, empty, 1),
    )
      .to.be.revertedWithCustomError(harness, "JobMarket_BadSignature")
      .withArgs(0, ethers.ZeroAddress);
  });

  it("refuses the malleable twin (r, n − s): the encoding has no bit for it", async () => {
    for (const key of keys) {
      const { r, s, v } = key.signingKey.sign(digest);
      const high = order - BigInt(s);
      // With the other parity the twin is valid for ecrecover itself …
      const { harness } = await chain.loadFixture(deployed);
      expect(await harness.recover(digest, v === 27 ? 28 : 27, r, ethers.toBeHex(high, 32))).to.equal(key.address);
      // … but s above 2^255 takes the bit of the parity, and no choice of that bit leads back to the seat.
      expect(high >> 255n).to.equal(1n);
      for (const parityAndS of [high, high ^ (1n << 255n)]) {
        const signatures = ethers.concat([r, ethers.toBeHex(parityAndS, 32)]);
        const seat = [key.address];
        await expect(harness.verify({ signers: 1n, signatures }, digest, seat, 1)).to.be.revertedWithCustomError(
          harness,
          "JobMarket_BadSignature",
        );
      }
    }
  });

  it("accepts every choice of four seats, all five, and a lower need", async () => {
    for (let absent = 0; absent < 5; absent++) {
      const { call } = await verify(attest(...[0, 1, 2, 3, 4].filter((seat) => seat !== absent)));
      expect(await call()).to.equal(true);
    }
    expect(await (await verify(attest(0, 1, 2, 3, 4))).call()).to.equal(true);
    expect(await (await verify(attest(4), 1)).call()).to.equal(true);
  });
});
