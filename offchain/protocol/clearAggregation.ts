import type { Aggregation } from "./aggregation.ts";
import { decodeIntegers, encodeIntegers } from "./integers.ts";

const nothing = new Uint8Array();

/** Updates sealed to the committee, which reads them: exact Shapley and replay are possible, secrecy towards oracles is not. */
export const clearAggregation: Aggregation = {
  name: "clear",
  deal(_, values, { k }) {
    return { common: encodeIntegers(values), parts: Array.from({ length: k }, () => nothing) };
  },
  open(_, { common }, __, expected) {
    return { integers: decodeIntegers(common, expected.length, expected.bound), share: null, mask: null };
  },
};

/** The sum of updates in the clear, in order; the bound on each leaves room for it. */
export function sumIntegers(updates: readonly BigInt64Array[]): BigInt64Array {
  const sum = new BigInt64Array(updates[0]?.length ?? 0);
  for (const values of updates) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as bigint) + (values[i] as bigint);
  }
  return sum;
}
