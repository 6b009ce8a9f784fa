import { expect } from "chai";
import { keccak256, numberToHex, toRlp } from "viem";
import { headerOf, type RpcBlock } from "../../../offchain/chain/blockHeader.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { FarshoreError } from "../../../offchain/core/errors.ts";

const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const validators = ["1", "2", "3", "4"].map(address);
const seals = ["5", "6", "7"].map((digit): Hex => `0x${digit.repeat(130)}`);
const vanity = word("0");
/** mixHash of IBFT and QBFT blocks. */
const istanbul: Hex = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";

const fields = {
  ...{ parentHash: word("a"), sha3Uncles: word("b"), miner: address("c"), stateRoot: word("d") },
  ...{ transactionsRoot: word("e"), receiptsRoot: word("f"), logsBloom: `0x${"00".repeat(256)}` as Hex },
  ...{ difficulty: "0x1", number: "0x1f4", gasLimit: "0xe0000000", gasUsed: "0x0", timestamp: "0x6913a2c0" },
  ...{ mixHash: istanbul, nonce: "0x0000000000000000" },
};

/** RLP of the header by hand, with this extra data. */
function rlpWith(extra: Hex): Hex {
  const { parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom } = fields;
  const first = [parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom];
  const numbers: Hex[] = ["0x01", "0x01f4", "0xe0000000", "0x", "0x6913a2c0"];
  return toRlp([...first, ...numbers, extra, istanbul, "0x0000000000000000"]);
}

/** A block whose hash is taken over `hashed` and which the RPC shows with `shown`. */
function block(shown: Hex, hashed: Hex): RpcBlock {
  return { ...fields, extraData: shown, hash: keccak256(rlpWith(hashed)) } as RpcBlock;
}

const qbft = (round: Hex, given: readonly Hex[]) => toRlp([vanity, validators, [], round, [...given]]);
const ibft = (given: readonly Hex[]) => `${vanity}${toRlp([validators, seals[0] as Hex, [...given]]).slice(2)}` as Hex;

describe("headers as the chain hashes them", () => {
  it("as they are, where the hash is over all of them", () => {
    expect(headerOf(block("0x1234", "0x1234"))).to.equal(rlpWith("0x1234"));
  });

  it("of QBFT: without committed seals and with round 0", () => {
    const hashed = qbft("0x", []);
    for (const round of ["0x", "0x02"] as const) {
      expect(headerOf(block(qbft(round, seals), hashed))).to.equal(rlpWith(hashed));
    }
  });

  it("of IBFT: without committed seals, with the proposer's", () => {
    expect(headerOf(block(ibft(seals), ibft([])))).to.equal(rlpWith(ibft([])));
  });

  it("of later forks have their fields behind the nonce", () => {
    const later = { baseFeePerGas: "0x0", withdrawalsRoot: word("9") };
    const whole = { ...fields, ...later, extraData: "0x" } as unknown as RpcBlock;
    const { parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom } = fields;
    const first = [parentHash, sha3Uncles, miner, stateRoot, transactionsRoot, receiptsRoot, logsBloom];
    const numbers: Hex[] = ["0x01", "0x01f4", "0xe0000000", "0x", "0x6913a2c0"];
    const rlp = toRlp([...first, ...numbers, "0x", istanbul, "0x0000000000000000", "0x", word("9")]);
    expect(headerOf({ ...whole, hash: keccak256(rlp) })).to.equal(rlp);
  });

  it("are refused when no known form has the block's hash", () => {
    for (const extra of ["0x", "0xc0", numberToHex(7), qbft("0x", seals)] as Hex[]) {
      expect(() => headerOf({ ...block(extra, "0xffff") }))
        .to.throw(FarshoreError)
        .with.property("code", "chain/unknown-header");
    }
  });
});
