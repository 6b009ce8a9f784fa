import { expect } from "chai";
import { type BuiltContract, builtContracts, bytecodeOf } from "../../scripts/checks/builtContracts.ts";
import { sizeProblems } from "../../scripts/checks/contractSize.ts";
import { forbiddenUses, metadataLength, opcodeProblems } from "../../scripts/checks/forbiddenOpcodes.ts";
import { fixture } from "./fixture.ts";

describe("deployed code", () => {
  const code = (...bytes: number[]) => new Uint8Array(bytes);
  const contract = (deployed: Uint8Array): BuiltContract => ({
    name: "Large",
    source: "contracts/Large.sol",
    deployed,
  });

  it("must be there: no artifacts are a failure, not a pass", () => {
    expect(() => builtContracts(fixture("format"))).to.throw("no artifacts");
  });

  it("that is no hexadecimal is refused; library addresses count as twenty bytes", () => {
    expect(() => bytecodeOf("0x123")).to.throw("hexadecimal");
    expect(() => bytecodeOf("60")).to.throw("hexadecimal");
    expect(bytecodeOf(`0x73__$${"0f".repeat(17)}$__30`)).to.deep.equal(code(0x73, ...new Array(20).fill(0), 0x30));
  });

  it("may have 24 576 bytes and not one more", () => {
    expect(sizeProblems([contract(new Uint8Array(24_577))])).to.deep.equal([
      "contracts/Large.sol: Large has 24577 bytes, 24576 are allowed",
    ]);
    expect(sizeProblems([contract(new Uint8Array(24_576))])).to.deep.equal([]);
  });

  it("built for Cancun has PUSH0, and the contract is named", () => {
    expect(opcodeProblems(builtContracts(fixture("bytecode", "cancun")))).to.deep.equal([
      "contracts/Doubling.sol: Doubling has PUSH0 at byte 11; build for Berlin",
    ]);
  });

  it("may have none of the opcodes after Berlin", () => {
    for (const [byte, opcode] of [
      [0x48, "BASEFEE"],
      [0x49, "BLOBHASH"],
      [0x4a, "BLOBBASEFEE"],
      [0x5c, "TLOAD"],
      [0x5d, "TSTORE"],
      [0x5e, "MCOPY"],
      [0x5f, "PUSH0"],
    ] as const) {
      // PUSH1 00, then the opcode.
      expect(forbiddenUses(code(0x60, 0x00, byte))).to.deep.equal([{ opcode, offset: 2 }]);
    }
  });

  it("may have their bytes as data of PUSH, but not right behind it", () => {
    expect(forbiddenUses(code(0x60, 0x5f, 0x00))).to.deep.equal([]);
    expect(forbiddenUses(code(0x7f, ...new Array(32).fill(0x5f)))).to.deep.equal([]);
    expect(forbiddenUses(code(0x7f, ...new Array(33).fill(0x5f)))).to.deep.equal([{ opcode: "PUSH0", offset: 33 }]);
  });

  it("may have their bytes in the metadata; an end that is no metadata is code", () => {
    // {"solc": h'5f5f5f'} in CBOR, and its length.
    const metadata = [0xa1, 0x64, 0x73, 0x6f, 0x6c, 0x63, 0x43, 0x5f, 0x5f, 0x5f, 0x00, 0x0a];
    expect(metadataLength(code(0x00, ...metadata))).to.equal(12);
    expect(forbiddenUses(code(0x00, ...metadata))).to.deep.equal([]);
    expect(forbiddenUses(code(0x00, 0x5f, 0x5f, 0x00, 0x02))).to.have.length(2);
  });

  it("built for Berlin passes", () => {
    const contracts = builtContracts(fixture("bytecode", "berlin"));
    expect(contracts.map(({ name }) => name)).to.deep.equal(["Doubling"]);
    expect(opcodeProblems(contracts)).to.deep.equal([]);
    expect(sizeProblems(contracts)).to.deep.equal([]);
  });
});
