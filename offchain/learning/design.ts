/** Rows in the units of the model. `x` is row-major, rows * features values; `y` holds labels 0 or 1. */
export interface Design {
  readonly rows: number;
  readonly features: number;
  readonly x: Float64Array;
  readonly y: Uint8Array;
}
