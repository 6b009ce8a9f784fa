import { expect } from "chai";
import { encodeAbiParameters, encodeEventTopics, type Hex } from "viem";
import { jobMarketAbi } from "../../../offchain/chain/abi/generated/jobMarket.ts";
import { readJobLogs, watchJobs } from "../../../offchain/chain/events.ts";
import { blockRanges } from "../../../offchain/chain/logRanges.ts";
import { systemClock } from "../../../offchain/core/clock.ts";
import { FakeNode } from "./fakeNode.ts";

const jobId: Hex = `0x${"ab".repeat(32)}`;

function cancelled(blockNumber: number, logIndex: number) {
  const topics = encodeEventTopics({ abi: jobMarketAbi, eventName: "JobCancelled", args: { jobId } });
  const data = encodeAbiParameters([{ type: "uint128" }], [BigInt(logIndex)]);
  const place = { blockNumber: `0x${blockNumber.toString(16)}`, logIndex: `0x${logIndex.toString(16)}` };
  return { address: `0x${"1".repeat(40)}`, topics, data, ...place, transactionHash: jobId };
}

/** A node that holds logs and counts how it is asked for them. */
class LogNode extends FakeNode {
  logs = [cancelled(3, 0)];
  readonly asked: [number, number][] = [];
  override async answer(method: string, params: readonly unknown[]): Promise<unknown> {
    if (method !== "eth_getLogs") return super.answer(method, params);
    const { fromBlock, toBlock } = params[0] as { fromBlock: Hex; toBlock: Hex };
    this.asked.push([Number(fromBlock), Number(toBlock)]);
    await this.faults.get(method)?.();
    return this.logs.filter(
      (l) => Number(l.blockNumber) >= Number(fromBlock) && Number(l.blockNumber) <= Number(toBlock),
    );
  }
}

describe("logs", () => {
  it("are asked for in ranges that meet without a gap or an overlap", () => {
    expect([...blockRanges(0n, 11n, 5n)]).to.deep.equal([
      [0n, 4n],
      [5n, 9n],
      [10n, 11n],
    ]);
    expect([...blockRanges(3n, 3n, 5n)]).to.deep.equal([[3n, 3n]]);
    expect([...blockRanges(4n, 3n, 5n)]).to.deep.equal([]);
  });

  it("never span more than 5000 blocks", async () => {
    const node = new LogNode();
    node.head = 12_000;
    const ends: bigint[] = [];
    for await (const { to } of readJobLogs(node.chain(), 0n)) ends.push(to);
    expect(node.asked).to.deep.equal([
      [0, 4_999],
      [5_000, 9_999],
      [10_000, 12_000],
    ]);
    expect(ends).to.deep.equal([4_999n, 9_999n, 12_000n]);
  });

  it("come in the chain's order", async () => {
    const node = new LogNode();
    node.logs = [cancelled(9, 0), cancelled(3, 5), cancelled(3, 1)];
    const seen: bigint[] = [];
    for await (const { logs } of readJobLogs(node.chain(), 0n))
      seen.push(...logs.map((l) => ("refunded" in l.args && l.args.refunded) || 0n));
    expect(seen).to.deep.equal([1n, 5n, 0n]);
  });
});

describe("watching jobs", () => {
  it("hands each block over once, goes on after a failure from where it was, and ends with its signal", async () => {
    const node = new LogNode();
    node.head = 5;
    const stop = new AbortController();
    const seen: number[] = [];
    const failures: unknown[] = [];
    const onLogs = ({ logs }: { logs: readonly { blockNumber: bigint }[] }) => {
      seen.push(...logs.map((l) => Number(l.blockNumber)));
      if (seen.length === 1) {
        node.faults.set("eth_getLogs", node.refuse("busy"));
        node.logs.push(cancelled(8, 0));
        node.head = 9;
      }
      if (seen.length === 2) stop.abort();
    };
    const onFailure = (error: unknown) => {
      failures.push(error);
      node.faults.clear();
    };
    const common = { chain: node.chain(), clock: systemClock, pollMs: 1, signal: stop.signal };
    await watchJobs({ ...common, fromBlock: 0n, onLogs, onFailure });
    expect(seen).to.deep.equal([3, 8]);
    expect(failures).to.have.length(1);
    expect(node.asked).to.deep.equal([
      [0, 5],
      [6, 9],
      [6, 9],
    ]);
  });

  it("ends with the consumer's error: what it could not store must not be passed over", async () => {
    const node = new LogNode();
    const watch = watchJobs({
      ...{ chain: node.chain(), clock: systemClock, fromBlock: 0n, signal: new AbortController().signal },
      onLogs: () => {
        throw new Error("disk full");
      },
    });
    const error = await watch.then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(String(error)).to.match(/disk full/);
  });
});
