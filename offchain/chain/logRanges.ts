import { getAddress, type Log } from "viem";
import type { Address, Hex } from "../core/bytes.ts";
import type { Chain } from "./client.ts";

/** Blocks that one `eth_getLogs` may span: nodes refuse or time out on more. */
export const blocksPerRange = 5_000n;

/** Consecutive ranges [from, to], both inclusive, of at most `size` blocks; none when `from > to`. */
export function* blockRanges(from: bigint, to: bigint, size = blocksPerRange): Generator<readonly [bigint, bigint]> {
  for (let at = from; at <= to; at += size) {
    const end = at + size - 1n;
    yield [at, end < to ? end : to];
  }
}

/** Topics of a question: null = any, an array = any of these. */
export type Topics = readonly (Hex | readonly Hex[] | null)[];

/** Raw logs of one contract in bounded ranges, in order, from block `from` to block `to` inclusive. */
export async function* logsInRanges(
  chain: Chain,
  question: { readonly address: Address; readonly topics: Topics; readonly from: bigint; readonly to: bigint },
): AsyncGenerator<{ readonly logs: readonly Log[]; readonly to: bigint }> {
  for (const [fromBlock, toBlock] of blockRanges(question.from, question.to)) {
    const filter = {
      address: question.address,
      topics: question.topics,
      fromBlock: hex(fromBlock),
      toBlock: hex(toBlock),
    };
    const raw = await chain.ask((c) => c.request({ method: "eth_getLogs", params: [filter as never] }));
    yield { logs: (raw as unknown as readonly RawLog[]).map(logOf), to: toBlock };
  }
}

interface RawLog {
  readonly address: Hex;
  readonly data: Hex;
  readonly topics: Hex[];
  readonly blockNumber: Hex;
  readonly logIndex: Hex;
  readonly transactionHash: Hex;
}

function logOf(raw: RawLog): Log {
  const { address, data, topics, transactionHash } = raw;
  const place = { blockNumber: BigInt(raw.blockNumber), logIndex: Number(raw.logIndex), transactionHash };
  return { address: getAddress(address), data, topics, ...place } as unknown as Log;
}

function hex(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}
