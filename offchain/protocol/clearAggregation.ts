import { FarshoreError } from "../core/errors.ts";
import type { Aggregation } from "./aggregation.ts";
import { decodeIntegers, encodeIntegers } from "./integers.ts";

/** Updates sealed to the committee, which reads them: exact Shapley and replay are possible, secrecy towards oracles is not. */
export const clearAggregation: Aggregation = {
  name: "clear",
  deal(values, seats) {
    const content = encodeIntegers(values);
    return Array.from({ length: seats }, () => content);
  },
  accept(content, expected) {
    return { values: decodeIntegers(content, expected.length, expected.bound) };
  },
  release() {
    return null;
  },
  combine(held) {
    const first = held[0];
    if (first === undefined) return null;
    const sum = new BigInt64Array(first.values.length);
    for (const { values } of held) {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as bigint) + (values[i] as bigint);
    }
    return sum;
  },
};

/** The aggregation of a job; throws `job/unsupported` for those that this release does not have. */
export function aggregationOf(name: Aggregation["name"]): Aggregation {
  if (name === "clear") return clearAggregation;
  throw new FarshoreError({
    code: "job/unsupported",
    message: `aggregation ${name} is not in this release`,
    facts: { field: "aggregation", had: name },
    remedy: "use aggregation clear",
  });
}
