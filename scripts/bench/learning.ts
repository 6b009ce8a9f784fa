import type { Design } from "../../offchain/learning/design.ts";
import { logisticSums } from "../../offchain/learning/logistic.ts";
import { auc } from "../../offchain/learning/metrics.ts";
import { newtonStep } from "../../offchain/learning/newton.ts";
import { coalitionUtilities } from "../../offchain/learning/utility.ts";
import { exactShapley } from "../../offchain/valuation/shapley.ts";
import type { Figure } from "../bench.ts";
import { normal, seeded } from "../portfolio/random.ts";
import { aucFigures } from "./defaultCredit.ts";
import { added, expectEqual, figure, median } from "./measure.ts";
import { plainNewtonStep, plainRows } from "./plainLogistic.ts";
import { aucOfObjects, byMarginals, modelByModel } from "./plainValuation.ts";

const features = 23;
const bankRows = 8_000;
const validationRows = 6_000;
const ridge = 1;
/** A warm round of the whole job has 500 ms with all parties on two cores; the learning in it must leave room for the rest. */
const roundBar = 500;

/** Speed of learning and valuation, each beside a plain version in the same run; AUC where the shared data is there. */
export async function learningFigures(): Promise<Figure[]> {
  return [...newtonFigures(), ...utilityFigures(), shapleyFigure(), aucSpeed(), ...(await aucFigures())];
}

function newtonFigures(): Figure[] {
  const banks = [1, 2, 3].map((seed) => randomDesign(seed, bankRows));
  const theta = new Float64Array(features + 1);
  const plain = banks.map(plainRows);
  const round = () => newtonStep(theta, added(banks.map((bank) => logisticSums(bank, theta))), ridge);
  const plainRound = () => plainNewtonStep(plain, [...theta], ridge);
  expectEqual("the plain Newton step", round(), plainRound(), 1e-9);
  return [
    figure("Newton round, 3 x 8 000 x 23, one process", median(round), "ms", roundBar, median(plainRound)),
    figure(
      "one bank's sums, 8 000 x 23",
      median(() => logisticSums(banks[0] as Design, theta)),
      "ms",
      null,
    ),
  ];
}

function utilityFigures(): Figure[] {
  const validation = randomDesign(4, validationRows);
  const theta = new Float64Array(features + 1);
  return [3, 8, 12].map((n) => {
    const deltas = Array.from({ length: n }, (_, i) => randomDesign(50 + i, 1).x).map((x) =>
      Float64Array.from([0, ...x], (value) => value / (10 * n)),
    );
    const next = added([theta, ...deltas]);
    const all = () => coalitionUtilities(theta, next, deltas, validation);
    const each = () => modelByModel(theta, deltas, validation);
    // 4 096 models are scored once: seconds, and the same loop as 256.
    const times = n === 12 ? 1 : 7;
    if (n === 3) expectEqual("utilities model by model", all().map(Number), each().map(Number), 1);
    return figure(`2^${n} utilities of a round, 6 000 x 23`, median(all, times), "ms", null, median(each, times));
  });
}

function shapleyFigure(): Figure {
  const random = seeded(5);
  const table = Array.from({ length: 2 ** 12 }, (_, mask) => (mask === 0 ? 0n : BigInt(Math.floor(random() * 1e9))));
  const [values, defined] = [exactShapley(table), byMarginals(table)];
  if (values.some((value, i) => value !== defined[i])) throw new Error("exact Shapley differs from its definition");
  const took = median(() => exactShapley(table));
  return figure(
    "exact Shapley, n = 12",
    took,
    "ms",
    null,
    median(() => byMarginals(table)),
  );
}

function aucSpeed(): Figure {
  const { x, y } = randomDesign(6, 100_000, 1);
  // Three decimals, so that there are ties.
  const margins = x.map((value) => Math.round(value * 1_000) / 1_000);
  expectEqual("AUC over sorted objects", [auc(margins, y)], [aucOfObjects(margins, y)], 1e-12);
  const took = median(() => auc(margins, y));
  return figure(
    "AUC of 100 000 rows with ties",
    took,
    "ms",
    null,
    median(() => aucOfObjects(margins, y)),
  );
}

function randomDesign(seed: number, rows: number, columns = features): Design {
  const random = seeded(seed);
  const x = Float64Array.from({ length: rows * columns }, () => normal(random));
  const y = Uint8Array.from({ length: rows }, (_, i) => ((x[i * columns] as number) + normal(random) > 1 ? 1 : 0));
  return { rows, features: columns, x, y };
}
