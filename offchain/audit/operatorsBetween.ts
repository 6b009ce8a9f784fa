import type { Address } from "../core/bytes.ts";
import type { OperatorHistory } from "./input.ts";

/** Operators that an account had at some time from one block to another, both inclusive. */
export function operatorsBetween(history: OperatorHistory, first: bigint, last: bigint): Address[] {
  return history
    .filter(({ from }, i) => {
      const until = history[i + 1]?.from;
      // At the block of a change both were in force.
      return from <= last && (until === undefined || until >= first);
    })
    .map(({ operator }) => operator);
}
