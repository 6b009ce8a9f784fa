import fc from "fast-check";
import { seeded } from "../../scripts/portfolio/random.ts";
import type { Fault } from "./boards.ts";
import type { Federation } from "./federation.ts";
import { play } from "./play.ts";
import { Killed } from "./simulatedNode.ts";

/** What happens to a job that nobody planned for. Chances in percent; `deaths`: at which step of all parties', and for how long. */
interface Schedule {
  readonly seed: number;
  readonly lost: number;
  readonly late: number;
  readonly twice: number;
  readonly deaths: readonly { readonly step: number; readonly awayMs: number }[];
}

const schedules: fc.Arbitrary<Schedule> = fc.record({
  seed: fc.nat(),
  lost: fc.integer({ min: 0, max: 20 }),
  late: fc.integer({ min: 0, max: 40 }),
  twice: fc.integer({ min: 0, max: 20 }),
  deaths: fc.array(
    fc.record({ step: fc.integer({ min: 1, max: 900 }), awayMs: fc.integer({ min: 100, max: 30_000 }) }),
    { maxLength: 5 },
  ),
});

/** Sets a federation to a schedule. */
function disturb(f: Federation, { seed, lost, late, twice, deaths }: Schedule): void {
  const random = seeded(seed);
  const chance = (percent: number) => random() * 100 < percent;
  f.boards.faults = ({ rpc }): Fault | undefined => {
    if (rpc !== "deliver") return undefined;
    if (chance(lost)) return { lost: random() < 0.5 ? "message" : "answer" };
    if (chance(late)) return { delayMs: Math.floor(random() * 4000) };
    return chance(twice) ? { times: 2 } : undefined;
  };
  const watch = f.onStep;
  const left = new Map(deaths.map(({ step, awayMs }) => [step, awayMs]));
  let steps = 0;
  f.onStep = (seen) => {
    watch(seen);
    steps += 1;
    const awayMs = left.get(steps);
    if (awayMs === undefined) return;
    f.kill(seen.party, awayMs);
    throw new Killed(`${seen.party} dies at step ${steps}`);
  };
}

describe("a job under any schedule of losses, delays and deaths", () => {
  it("comes to an end, and money, shares and proofs are what the rules say", async function () {
    this.timeout(600_000);
    const property = fc.asyncProperty(schedules, (schedule) =>
      play({ prepare: (f) => disturb(f, schedule), judge: () => undefined }),
    );
    // What fails prints its seed and schedule; nothing is gained by shrinking a race.
    await fc.assert(property, { numRuns: Number(process.env.FARSHORE_SCHEDULES ?? 8), endOnFailure: true });
  });
});
