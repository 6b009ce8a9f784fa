import type { LocalRows } from "../../../offchain/protocol/newtonJob.ts";
import { normal, seeded } from "../../portfolio/random.ts";

/** Rows that attacks are run on: three banks of alike customers and validation rows of the same kind. */
export interface AttackRows {
  readonly features: number;
  readonly banks: readonly LocalRows[];
  readonly validation: LocalRows;
}

/** Standard normal features whose labels follow one logistic law with about 25% ones. */
export function generatedRows(features: number, bankRows: number, validationRows: number): AttackRows {
  const lawSource = seeded(100);
  const law = Float64Array.from({ length: features }, () => normal(lawSource) / 2);
  const draw = (seed: number, rows: number) => rowsOfLaw(law, seed, rows);
  return {
    features,
    banks: [1, 2, 3].map((seed) => draw(seed, bankRows)),
    validation: draw(4, validationRows),
  };
}

function rowsOfLaw(law: Float64Array, seed: number, rows: number): LocalRows {
  const random = seeded(seed);
  const columns = Array.from(law, () => Float64Array.from({ length: rows }, () => normal(random)));
  const labels = Uint8Array.from({ length: rows }, (_, i) => {
    const margin = columns.reduce((sum, column, j) => sum + (column[i] as number) * (law[j] as number), -1.3);
    return random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  return { columns, labels };
}

/** Rows from <= i < to. */
export function slice({ columns, labels }: LocalRows, from: number, to: number): LocalRows {
  return { columns: columns.map((column) => column.slice(from, to)), labels: labels.slice(from, to) };
}

/** The same rows `times` times. */
export function repeated({ columns, labels }: LocalRows, times: number): LocalRows {
  const again = <T>(values: Iterable<T>): T[] => Array.from({ length: times }, () => [...values]).flat();
  return { columns: columns.map((column) => Float64Array.from(again(column))), labels: Uint8Array.from(again(labels)) };
}

/** A seeded part of the labels turned round. */
export function flipped({ columns, labels }: LocalRows, part: number, seed: number): LocalRows {
  const random = seeded(seed);
  return { columns, labels: labels.map((label) => (random() < part ? 1 - label : label)) };
}
