import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, concat, type Hex, hexToBytes, numberToHex, toRlp } from "viem";
import { headerOf, type RpcBlock } from "../../../offchain/chain/blockHeader.ts";
import { connect } from "../chain.ts";

const chain = await connect();
const harness = await chain.deploy("HeaderHarness");
const read = async (header: Hex) => [...(await harness.read(header))] as [boolean, string, bigint, bigint];

const bytes = (minLength: number, maxLength = minLength) =>
  fc.uint8Array({ minLength, maxLength }).map((value) => bytesToHex(value));
const quantity = (most: bigint) => fc.bigInt({ min: 0n, max: most });
const rlpNumber = (value: bigint): Hex => {
  const digits = numberToHex(value);
  if (value === 0n) return "0x";
  return digits.length % 2 === 0 ? digits : `0x0${digits.slice(2)}`;
};

/** Headers of any chain: extra data up to a kilobyte, as many later fields as may come. */
const headers = fc.record({
  words: fc.tuple(bytes(32), bytes(32), bytes(20), bytes(32), bytes(32), bytes(32), bytes(256)),
  numbers: fc.tuple(...[0, 1, 2, 3, 4].map(() => quantity(2n ** 63n))),
  extra: bytes(0, 1000),
  later: fc.array(bytes(0, 32), { maxLength: 8 }),
});
const rlpOf = ({ words, numbers, extra, later }: { words: Hex[]; numbers: bigint[]; extra: Hex; later: Hex[] }) =>
  toRlp([...words, ...numbers.map(rlpNumber), extra, ...later]);

describe("HeaderReader", () => {
  it("reads parent's hash, number and time of any header", async () => {
    await fc.assert(
      fc.asyncProperty(headers, async (header) => {
        const [parentHash] = header.words;
        const [, number, , , time] = header.numbers;
        expect(await read(rlpOf(header))).to.deep.equal([true, parentHash, number, time]);
      }),
      { numRuns: 60 },
    );
  });

  it("reads the blocks of a chain as its RPC shows them", async () => {
    await chain.mine(3);
    const block = (await chain.ethers.provider.send("eth_getBlockByNumber", ["latest", false])) as RpcBlock;
    expect(await read(headerOf(block))).to.deep.equal([
      ...[true, block.parentHash],
      ...[BigInt(block.number as string), BigInt(block.timestamp as string)],
    ]);
  });

  it("says of bytes that end early, go on after the list, or are any bytes that they are none", async () => {
    await fc.assert(
      fc.asyncProperty(headers, fc.nat(), bytes(1, 40), async (header, cut, more) => {
        const whole = hexToBytes(rlpOf(header));
        const shorter = bytesToHex(whole.slice(0, cut % whole.length));
        expect((await read(shorter))[0], "shorter").to.equal(false);
        expect((await read(concat([bytesToHex(whole), more])))[0], "longer").to.equal(false);
      }),
      { numRuns: 40 },
    );
    const noise = fc.asyncProperty(bytes(0, 300), async (any) => {
      expect((await read(any))[0]).to.equal(false);
    });
    await fc.assert(noise, { numRuns: 100 });
  });

  it("never reverts, whatever a byte is changed to", async () => {
    await fc.assert(
      fc.asyncProperty(headers, fc.nat(), fc.nat(255), async (header, at, value) => {
        const changed = hexToBytes(rlpOf(header));
        changed[at % changed.length] = value;
        await read(bytesToHex(changed));
      }),
      { numRuns: 80 },
    );
  });

  it("takes no list for a field, no hash of another length and no number above 8 bytes", async () => {
    const fields = [...Array(7).fill(`0x${"11".repeat(32)}`), ...Array(5).fill("0x05"), "0x", "0x", "0x"] as Hex[];
    const well = async (changes: Record<number, Hex | Hex[]>) => {
      const changed = fields.map((field, i) => changes[i] ?? field);
      return (await read(toRlp(changed as Hex[])))[0];
    };
    expect(await well({})).to.equal(true);
    expect(await well({ 0: `0x${"11".repeat(31)}` })).to.equal(false);
    expect(await well({ 8: `0x${"11".repeat(9)}` })).to.equal(false);
    expect(await well({ 11: `0x${"11".repeat(9)}` })).to.equal(false);
    expect(await well({ 3: [] })).to.equal(false);
    expect((await read(toRlp(fields.slice(0, 11))))[0]).to.equal(false);
    expect((await read(toRlp(fields.slice(0, 12))))[0]).to.equal(true);
  });
});
