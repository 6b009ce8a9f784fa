import { expect } from "chai";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { beaconChain, beaconChainLength } from "../../../offchain/protocol/beaconChain.ts";

const key = new Uint8Array(32).fill(3);
const domain = { chainId: 1337, beacon: `0x${"0b".repeat(20)}` } as const;
const headOf = (...args: Parameters<typeof beaconChain>) => bytesToHex(beaconChain(...args).head);

describe("an oracle's chain for the beacon", () => {
  it("is the same after a restart, whatever case the beacon's address is written in", () => {
    expect(headOf(key, domain, 0)).to.equal(headOf(key.slice(), { ...domain, beacon: `0x${"0B".repeat(20)}` }, 0));
  });

  it("is another one for another key, chain, beacon and commitment", () => {
    const heads = [
      headOf(key, domain, 0),
      headOf(new Uint8Array(32).fill(4), domain, 0),
      headOf(key, { ...domain, chainId: 1338 }, 0),
      headOf(key, { ...domain, beacon: `0x${"0c".repeat(20)}` }, 0),
      headOf(key, domain, 1),
    ];
    expect(new Set(heads).size).to.equal(heads.length);
  });

  it("shows nothing of the key", () => {
    const { preimage } = beaconChain(key, domain, 0);
    expect(bytesToHex(preimage(beaconChainLength - 1))).to.not.equal(bytesToHex(key));
  });
});
