import { setTimeout as pause } from "node:timers/promises";
import { FarshoreError } from "../core/errors.ts";

// How long one board may think before the next is asked beside it (ms).
const aheadMs = 400;

/**
 * Asks several until one answers: the next as soon as one failed or has not answered for a moment, so that one that hangs
 * costs a moment and not its time-out. The first answer wins and ends the other calls; when all fail, the failure that
 * tells most is thrown: what a board said rather than that another was away. Null of nobody.
 */
export async function firstAnswer<B, T>(
  boards: readonly B[],
  ask: (board: B, signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T } | null> {
  if (boards.length === 0) return null;
  const enough = new AbortController();
  const failures: unknown[] = [];
  try {
    return await new Promise((resolve, reject) => {
      void askInOrder(boards, enough.signal, async (board) => {
        try {
          resolve({ answer: await ask(board, enough.signal) });
          enough.abort();
        } catch (error) {
          failures.push(error);
          if (failures.length === boards.length) reject(mostTelling(failures));
        }
      });
    });
  } finally {
    enough.abort();
  }
}

async function askInOrder<B>(boards: readonly B[], enough: AbortSignal, ask: (board: B) => Promise<void>) {
  for (const board of boards) {
    if (enough.aborted) return;
    const asked = ask(board);
    await Promise.race([asked, pause(aheadMs, undefined, { signal: enough }).catch(() => undefined)]);
  }
}

function mostTelling(failures: readonly unknown[]): unknown {
  const said = failures.filter((f) => f instanceof FarshoreError && !f.code.startsWith("transport/"));
  return said.at(-1) ?? failures.at(-1);
}
