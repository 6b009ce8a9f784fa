import type { Step } from "../../offchain/node/steps.ts";
import type { Federation, SeenStep } from "./federation.ts";
import { Killed, type Phase } from "./simulatedNode.ts";

/** Where a party dies. `party` null: whichever comes there. `occurrence` counts from 1. */
export interface Strike {
  readonly party: string | null;
  readonly step: Step;
  readonly phase: Phase;
  readonly occurrence: number;
  /** Until it is started again (ms); null: never. */
  readonly afterMs: number | null;
}

/** What became of a strike: whom it hit. */
export interface Struck {
  readonly strike: Strike;
  party: string | null;
}

/** Makes parties die where the strikes say; `watch` sees every step before. Returns what becomes of each. */
export function strikeAt(f: Federation, strikes: readonly Strike[], watch: (seen: SeenStep) => void): Struck[] {
  const struck = strikes.map((strike): Struck => ({ strike, party: null }));
  const counts = new Map<Struck, number>();
  f.onStep = (seen) => {
    watch(seen);
    for (const one of struck) {
      const { party, step, phase, occurrence, afterMs } = one.strike;
      if (one.party !== null || step !== seen.step || phase !== seen.phase) continue;
      if (party !== null && party !== seen.party) continue;
      const count = (counts.get(one) ?? 0) + 1;
      counts.set(one, count);
      if (count !== occurrence) continue;
      one.party = seen.party;
      f.kill(seen.party, afterMs);
      throw new Killed(`${seen.party} dies ${phase} ${step}`);
    }
  };
  return struck;
}
