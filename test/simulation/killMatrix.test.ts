import { expect } from "chai";
import { type Role, type Step, steps } from "../../offchain/node/steps.ts";
import type { Faults } from "./boards.ts";
import { expectClosedByTheRules, expectWhole } from "./closedByTheRules.ts";
import { expectClosedByWhatArrived } from "./closedByWhatArrived.ts";
import { Federation, type SeenStep } from "./federation.ts";
import { type SimulatedMarket, sharedMarket } from "./market.ts";
import { balancesOf } from "./money.ts";
import { faultsAt } from "./play.ts";
import { KeptShares } from "./secrets.ts";
import type { Phase } from "./simulatedNode.ts";
import { type Strike, strikeAt } from "./strike.ts";

/** Who dies for each role; a submitter is whoever's turn it is. */
const victims: Readonly<Record<Role, string | null>> = {
  ...{ contributor: "bank-2", oracle: "oracle-3", submitter: null, validator: "buyer" },
};
const phases: readonly Phase[] = ["before", "after"];
/** Long enough to be missed by the others, short of every deadline (ms). */
const awayMs = 3000;

/** Dealings reach one seat after the other, so that a dealer's death leaves some with and some without. */
const oneByOne: Faults = ({ from, to, rpc }) => {
  if (rpc !== "deliver" || from.startsWith("oracle")) return undefined;
  return { delayMs: 100 * Number(to.replace("oracle-", "")) };
};

/** Every role, step and phase of the exported list. */
const places = (Object.keys(steps) as Role[]).flatMap((role) =>
  steps[role].flatMap((step: Step) => phases.map((phase) => ({ role, step, phase }))),
);
type Place = (typeof places)[number];

describe("a job in which parties are killed at every step", () => {
  let m: SimulatedMarket;
  /** How often each party does each step in an undisturbed job; null: all parties together. */
  const usual = new Map<string, number>();
  const key = (party: string | null, step: string) => `${party}:${step}`;
  const reached = new Set<string>();

  before(async function () {
    this.timeout(60_000);
    m = await sharedMarket();
    const f = await Federation.open(m);
    f.onStep = ({ party, step, phase }) => {
      if (phase === "before") return;
      for (const who of [party, null]) usual.set(key(who, step), (usual.get(key(who, step)) ?? 0) + 1);
    };
    await f.post();
    expectWhole(await f.untilClosed());
    f.close();
  });

  /** The first time, or in the middle of as often as it is usual. */
  function strikeOf({ role, step, phase }: Place, when: "first" | "middle", afterMs: number | null): Strike {
    const party = victims[role];
    const often = usual.get(key(party, step)) ?? 0;
    return { party, step, phase, occurrence: when === "first" ? 1 : Math.ceil(often / 2), afterMs };
  }

  async function run(
    strikes: readonly Strike[],
    judge: (f: Federation, gone: readonly string[]) => void,
  ): Promise<void> {
    const f = await Federation.open(m);
    try {
      const shares = new KeptShares(f);
      const struck = strikeAt(f, strikes, (seen: SeenStep) => shares.see(seen));
      const before = await balancesOf(f);
      f.boards.faults = oneByOne;
      await f.post();
      await f.untilClosed();
      for (const { strike, party } of struck) {
        expect(party, `nobody came to ${strike.phase} ${strike.step}`).to.not.equal(null);
        reached.add(strike.step);
      }
      // Whoever crashed and came back did nothing that others could take for a lie.
      for (const { name, alive } of f.nodes) if (alive) expect(faultsAt(f, name), name).to.deep.equal([]);
      judge(
        f,
        struck.flatMap(({ strike, party }) => (strike.afterMs === null ? [party as string] : [])),
      );
      await expectClosedByTheRules(f, before, shares);
    } finally {
      f.close();
    }
  }

  const settles = (f: Federation) => expectWhole(f.job as NonNullable<Federation["job"]>);
  const name = ({ role, step, phase }: Place) => `a ${role} dies ${phase} ${step}`;

  for (const place of places) {
    const when = place.phase === "before" ? "first" : "middle";
    it(`settles when ${name(place)} and comes back`, () => run([strikeOf(place, when, awayMs)], settles));
  }

  for (const place of places) {
    const when = place.phase === "before" ? "middle" : "first";
    const isOracle = place.role === "oracle" || place.role === "submitter";
    const end = isOracle ? "settles" : "is closed by what had arrived";
    it(`${end} when ${name(place)} for good`, () =>
      run([strikeOf(place, when, null)], isOracle ? settles : expectClosedByWhatArrived));
  }

  const contributors = places.filter(({ role }) => role === "contributor");
  for (const [i, place] of places.filter(({ role }) => role === "oracle").entries()) {
    const other = contributors[i % contributors.length] as Place;
    const forGood = i % 2 === 0;
    const back = forGood ? "for good, the second comes back" : "and both come back";
    it(`settles when ${name(place)} and ${name(other)}, the first ${back}`, () =>
      run([strikeOf(place, "first", forGood ? null : awayMs), strikeOf(other, "middle", 2 * awayMs)], settles));
  }

  it("has a case for every step of the list, and saw no step that is not in it", () => {
    const listed = Object.values(steps).flat().sort();
    expect([...reached].sort()).to.deep.equal(listed);
    const seen = [...usual.keys()].filter((k) => k.startsWith("null:")).map((k) => k.slice("null:".length));
    expect(seen.sort()).to.deep.equal(listed);
  });
});
