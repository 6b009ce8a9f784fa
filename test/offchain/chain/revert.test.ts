import { expect } from "chai";
import { encodeErrorResult, type Hex } from "viem";
import { abis } from "../../../offchain/chain/abi/contracts.ts";
import { jobMarketAbi } from "../../../offchain/chain/abi/generated/jobMarket.ts";
import { decodeRevert, isSuperseded, revertError } from "../../../offchain/chain/revert.ts";

const account: Hex = "0x1111111111111111111111111111111111111111";

describe("a contract's refusal", () => {
  it("is named Empty without data and Unknown with data of no known error", () => {
    expect(decodeRevert("0x")).to.deep.equal({ error: "Empty", args: {} });
    expect(decodeRevert("0xdeadbeef")).to.deep.equal({ error: "Unknown", args: { data: "0xdeadbeef" } });
    expect(decodeRevert("0x08c379a0")).to.include({ error: "Unknown" });
  });

  it("is decoded for every error that any contract of the house declares", () => {
    const errors = Object.values(abis).flatMap((abi) =>
      (abi as readonly { type: string; name?: string }[]).filter(isError),
    );
    expect(errors.length).to.be.greaterThan(60);
    for (const entry of errors) {
      const args = entry.inputs.map(({ type }) => sample(type));
      const data = encodeErrorResult({ abi: [entry], errorName: entry.name, args } as never);
      expect(decodeRevert(data).error).to.equal(entry.name);
    }
  });

  it("becomes an error with the arguments as facts, states by name, and a remedy", () => {
    const args = [account, 5n, 7n] as const;
    const data = encodeErrorResult({ abi: jobMarketAbi, errorName: "Escrow_BalanceTooSmall", args });
    const error = revertError(decodeRevert(data));
    expect(error.code).to.equal("chain/revert");
    expect(error.facts).to.deep.equal({ error: "Escrow_BalanceTooSmall", account, had: 5n, needed: 7n });
    expect(error.remedy).to.match(/deposit/);
  });

  it("counts as superseded only where another caller's step explains it", () => {
    expect(isSuperseded({ error: "JobMarket_WrongRound", args: {} })).to.equal(true);
    expect(isSuperseded({ error: "JobMarket_TooFewSignatures", args: {} })).to.equal(false);
    expect(isSuperseded({ error: "Escrow_BalanceTooSmall", args: {} })).to.equal(false);
  });
});

function isError(entry: {
  readonly type: string;
}): entry is { type: "error"; name: string; inputs: { type: string }[] } {
  return entry.type === "error";
}

function sample(type: string): unknown {
  if (type === "address") return account;
  if (type === "string") return "field";
  if (type === "bool") return true;
  if (type.startsWith("bytes")) return `0x${"ab".repeat(Number(type.slice(5)) || 4)}`;
  return /int(8|16|32)$/.test(type) ? 1 : 1n;
}
