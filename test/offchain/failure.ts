import { FarshoreError } from "../../offchain/core/errors.ts";

/** The FarshoreError that `action` throws; anything else fails the test. */
export function failure(action: () => unknown): FarshoreError {
  try {
    action();
  } catch (error) {
    if (error instanceof FarshoreError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

/** The FarshoreError that a promise rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<FarshoreError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FarshoreError) return error;
    throw error;
  }
  throw new Error("expected a rejection");
}
