import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { type Role, type Step, steps } from "../../offchain/node/steps.ts";
import type { Faults } from "./boards.ts";
import { expectClosedByTheRules, expectWhole } from "./closedByTheRules.ts";
import { Federation } from "./federation.ts";
import { sharedMarket } from "./market.ts";
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
export const awayMs = 3000;

/** Where a party may die. */
export interface Place {
  readonly role: Role;
  readonly step: Step;
  readonly phase: Phase;
}

/** Every role, step and phase of the exported list. */
export const places: readonly Place[] = (Object.keys(steps) as Role[]).flatMap((role) =>
  steps[role].flatMap((step: Step) => phases.map((phase) => ({ role, step, phase }))),
);

export function placeName({ role, step, phase }: Place): string {
  return `${role === "oracle" ? "an" : "a"} ${role} dies ${phase} ${step}`;
}

/** Dealings reach one seat after the other, so that a dealer's death leaves some with and some without. */
const oneByOne: Faults = ({ from, to, rpc }) => {
  if (rpc !== "deliver" || from.startsWith("oracle")) return undefined;
  return { delayMs: 100 * Number(to.replace("oracle-", "")) };
};

/** Jobs in which parties die, measured against one in which nobody does. */
export class Killing {
  /** How often each party does each step in an undisturbed job; null: all parties together. */
  readonly #usual = new Map<string, number>();
  /** Steps at which somebody died. */
  readonly reached = new Set<string>();

  /** Steps of an undisturbed job. */
  get seen(): string[] {
    return [...this.#usual.keys()].filter((key) => key.startsWith("null:")).map((key) => key.slice("null:".length));
  }

  /** Runs the job in which nobody dies. */
  async measure(): Promise<void> {
    const f = await Federation.open(await sharedMarket());
    f.onStep = ({ party, step, phase }) => {
      if (phase === "before") return;
      for (const who of [party, null]) this.#usual.set(`${who}:${step}`, (this.#usual.get(`${who}:${step}`) ?? 0) + 1);
    };
    await f.post();
    expectWhole(await f.untilClosed());
    f.close();
  }

  /** A death at a place: the first time, or in the middle of as often as it is usual. `afterMs` null: for good. */
  strikeOf({ role, step, phase }: Place, when: "first" | "middle", afterMs: number | null): Strike {
    const party = victims[role];
    const often = this.#usual.get(`${party}:${step}`) ?? 0;
    return { party, step, phase, occurrence: when === "first" ? 1 : Math.ceil(often / 2), afterMs };
  }

  /** Plays a job with these deaths, each of which must come to pass, and judges it; `gone` are those who stay away. */
  async run(strikes: readonly Strike[], judge: (f: Federation, gone: readonly string[]) => void): Promise<void> {
    const f = await Federation.open(await sharedMarket());
    try {
      const shares = new KeptShares(f);
      const struck = strikeAt(f, strikes, (seen) => shares.see(seen));
      const before = await balancesOf(f);
      f.boards.faults = oneByOne;
      await f.post();
      await f.untilClosed();
      for (const { strike, party } of struck) {
        expect(party, `nobody came to ${strike.phase} ${strike.step}`).to.not.equal(null);
        this.reached.add(strike.step);
      }
      // Whoever crashed and came back did nothing that others could take for a lie.
      for (const { name, alive } of f.nodes) if (alive) expect(faultsAt(f, name), name).to.deep.equal([]);
      const gone = struck.filter(({ strike }) => strike.afterMs === null).map(({ party }) => party as string);
      judge(f, gone);
      await expectClosedByTheRules(f, before, shares);
    } finally {
      f.close();
    }
  }
}

/** Nobody's death cost a round. */
export function settles(f: Federation): void {
  expectWhole(f.job as JobRecord);
}
