import { expect } from "chai";
import { checkLei, makeLei } from "../../../offchain/core/lei.ts";
import { connect } from "../chain.ts";

const chain = await connect();
const { ethers } = chain;
const valid = async (text: string) => (await lei()).isValid(ethers.hexlify(ethers.toUtf8Bytes(text)));
const lei = async () => chain.loadFixture(deployHarness);
async function deployHarness() {
  return chain.deploy("LeiHarness");
}

// Published identifiers: Bloomberg Finance L.P., Apple Inc., Deutsche Bank AG.
const published = ["5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394", "7LTWFZYICNSX8D621K86"];

describe("Lei", () => {
  it("refuses lower-case letters, other characters and letters among the check digits", async () => {
    for (const bad of [
      "5493001kJTIIGC8Y1R12",
      "5493001KJTIIGC8Y1R1A",
      "5493001KJTIIGC8Y1R 2",
      "5493001KJTIIGC8Y1R/2",
    ]) {
      expect(await valid(bad), bad).to.equal(false);
    }
    expect(await (await lei()).isValid(ethers.ZeroHash.slice(0, 42))).to.equal(false);
  });

  it("refuses every digit or letter replaced by another one, and every swap of two neighbours of one kind", async () => {
    const text = published[0] as string;
    for (let i = 0; i < 18; i++) {
      const [own, next] = [text[i] as string, text[i + 1] as string];
      const other = isDigit(own) ? String((Number(own) + 1) % 10) : own === "Z" ? "A" : "Z";
      expect(await valid(`${text.slice(0, i)}${other}${text.slice(i + 1)}`), `character ${i}`).to.equal(false);
      if (own === next || isDigit(own) !== isDigit(next)) continue;
      expect(await valid(`${text.slice(0, i)}${next}${own}${text.slice(i + 2)}`), `swap at ${i}`).to.equal(false);
    }
  });

  it("accepts published identifiers", async () => {
    for (const text of published) expect(await valid(text), text).to.equal(true);
  });

  it("agrees with the off-chain check on all check digits of a prefix", async () => {
    const prefix = "969500A1B2C3D4E5F6";
    for (let check = 0; check < 100; check++) {
      const text = `${prefix}${String(check).padStart(2, "0")}`;
      expect(await valid(text), text).to.equal(accepted(text));
    }
    expect(await valid(makeLei(prefix))).to.equal(true);
  });
});

function accepted(text: string): boolean {
  try {
    return checkLei(text) === text;
  } catch {
    return false;
  }
}

function isDigit(character: string): boolean {
  return character >= "0" && character <= "9";
}
