import { expect } from "chai";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { keccak256, keccakHex, sha256, sha256Hex } from "../../../offchain/core/hash.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe("hashes", () => {
  it("keccak256 is Ethereum's, not SHA3-256", () => {
    expect(keccakHex(text(""))).to.equal("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    expect(keccakHex(text("abc"))).to.equal("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    expect(bytesToHex(keccak256(text("abc")))).to.equal(keccakHex(text("abc")));
  });

  it("sha256 gives the values of FIPS 180-4", () => {
    expect(sha256Hex(text("abc"))).to.equal("0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(sha256Hex()).to.equal("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("sha256 of parts is that of their concatenation", () => {
    expect(sha256(text("a"), text("b"), text("c"))).to.deep.equal(sha256(text("abc")));
  });
});
