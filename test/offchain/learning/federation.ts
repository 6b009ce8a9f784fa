import { weightsByRows } from "../../../offchain/core/units.ts";
import type { Design } from "../../../offchain/learning/design.ts";
import { exactLog } from "../../../offchain/learning/exactMath.ts";
import { dequantise, quantise } from "../../../offchain/learning/fixedPoint.ts";
import { logisticSums } from "../../../offchain/learning/logistic.ts";
import { newtonDeltas, newtonStep } from "../../../offchain/learning/newton.ts";
import { scoredRounds } from "../../../offchain/learning/scoredRounds.ts";
import { coalitionUtilities, utility } from "../../../offchain/learning/utility.ts";
import { exactShapley } from "../../../offchain/valuation/shapley.ts";

// Newton sums as they leave a bank (protocol section 1).
const scaleBits = 16;
const contributorsMax = 64;
const bound = 2 ** 54 / 2 ** scaleBits;

/** The model after every round, and what each bank sent in it. */
export interface Training {
  /** theta_1 (base rate), theta_2, ... */
  readonly states: readonly Float64Array[];
  /** Per round, per bank: sums as everybody reads them from the integers. */
  readonly updates: readonly (readonly Float64Array[])[];
}

/** Newton rounds over banks whose sums leave them as integers of 2^-16; ridge 1 is scikit-learn's C = 1. */
export function train(banks: readonly Design[], rounds: number, ridge = 1): Training {
  const states = [baseRate(banks)];
  const updates: Float64Array[][] = [];
  for (let round = 0; round < rounds; round++) {
    const theta = states[round] as Float64Array;
    const sent = banks.map((bank) => dequantise(sumsLeaving(bank, theta), scaleBits));
    updates.push(sent);
    states.push(newtonStep(theta, added(sent), ridge));
  }
  return { states, updates };
}

function sumsLeaving(bank: Design, theta: Float64Array): BigInt64Array {
  return quantise(logisticSums(bank, theta), scaleBits, bound, contributorsMax);
}

/** The state that predicts the share of ones over all banks for everybody. */
export function baseRate(banks: readonly Design[]): Float64Array {
  const rows = banks.reduce((sum, bank) => sum + bank.rows, 0);
  const ones = banks.reduce((sum, bank) => sum + bank.y.reduce((a, b) => a + b, 0), 0);
  const theta = new Float64Array((banks[0] as Design).features + 1);
  theta[0] = exactLog(ones / (rows - ones));
  return theta;
}

/** Elementwise sum of the banks' vectors. */
export function added(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array((vectors[0] as Float64Array).length);
  for (const vector of vectors) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (vector[i] as number);
  }
  return sum;
}

/** V(S) in 1e-9 nat over the first `rounds` rounds of a training. */
export function game(training: Training, banks: readonly Design[], validation: Design, rounds: number): bigint[] {
  const weights = weightsByRows(banks.map((bank) => bank.rows));
  const table = new Array<bigint>(2 ** banks.length).fill(0n);
  for (let t = 0; t < rounds; t++) {
    const [theta, next] = [training.states[t] as Float64Array, training.states[t + 1] as Float64Array];
    const deltas = newtonDeltas(theta, training.updates[t] as Float64Array[], weights, 1);
    coalitionUtilities(theta, next, deltas, validation).forEach((v, mask) => {
      table[mask] = (table[mask] as bigint) + v;
    });
  }
  return table;
}

/** Rounds that the stopping rule lets score. */
export function roundsScored(training: Training, validation: Design): number {
  return scoredRounds(training.states.map((theta) => utility(theta, validation)));
}

/** Shares of the positive Shapley values, sum 1. */
export function shares(table: readonly bigint[]): number[] {
  const positive = exactShapley(table).map((w) => Math.max(Number(w), 0));
  const sum = positive.reduce((a, b) => a + b, 0);
  return positive.map((w) => w / sum);
}
