/** a · b, added in order. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}

/** a - factor * b. */
export function minus(a: Float64Array, b: Float64Array, factor = 1): Float64Array {
  return a.map((value, j) => value - factor * (b[j] as number));
}
