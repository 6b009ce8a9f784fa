import type { LocalRows } from "../../../offchain/protocol/newtonJob.ts";
import { type Forged, replayByFeature, replayOf, scaled, shifted, towards, withoutData } from "./attackers.ts";
import { type Contributor, type Federation, honest, runFederation } from "./federation.ts";
import { type AttackRows, flipped, repeated, slice } from "./rows.ts";

/** An attack: who takes part, which of them are the attacker's, and who would take part if it were honest. */
export interface Scenario {
  readonly name: string;
  readonly contributors: readonly Contributor[];
  readonly attackers: readonly number[];
  /** Participants and those of the attacker without the attack; the attacker earns nothing honestly where there are none. */
  readonly honestly: { readonly contributors: readonly Contributor[]; readonly attackers: readonly number[] };
  /** True where the guards of the default committee leave the attacker no more than honesty would. */
  readonly stopped: boolean;
  /** By what, or why not. */
  readonly remark: string;
}

/** Newton rounds 1 .. 5: the first two carry the gain. */
export const attackRounds = 5;

interface Banks {
  readonly a: Contributor;
  readonly b: Contributor;
  readonly c: Contributor;
  readonly rows: AttackRows;
  /** Rows of C. */
  readonly own: LocalRows;
}

/** Every attack of the table, on three banks and, where it has none of them, one party more. */
export function scenariosOn(rows: AttackRows): Scenario[] {
  const [a, b, c] = rows.banks.map((own, i) => honest(`bank ${"ABC"[i]}`, own)) as [
    Contributor,
    Contributor,
    Contributor,
  ];
  const banks = { a, b, c, rows, own: rows.banks[2] as LocalRows };
  return [
    ...strangers(banks),
    ...changedUpdates(banks),
    ...copies(banks),
    ...splits(banks),
    ...pairs(banks),
    ...sizes(banks),
  ];
}

/** Runs a scenario's job, or the one in which the attacker is honest. */
export function runScenario(features: number, contributors: readonly Contributor[]): Federation {
  return runFederation(features, contributors, attackRounds);
}

/** A party that has no rows and claims as many as a bank. */
function strangers({ a, b, c, rows, own }: Banks): Scenario[] {
  const { labels } = rows.validation;
  const rate = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const published = runScenario(rows.features, [a, b, c]).last.theta;
  const stranger = (name: string, forged: Forged, curvature: number, stopped: boolean, remark: string): Scenario => ({
    ...{ name: `no data: ${name}`, attackers: [3], stopped, remark },
    contributors: [a, b, c, withoutData("stranger", own.labels.length, rate, curvature, forged)],
    honestly: { contributors: [a, b, c], attackers: [] },
  });
  const rest = "in part: what is not along earlier gradients stays";
  return [
    stranger("replays the last global update", replayOf(1), 1, true, "replay"),
    stranger("replays it 4 times over", replayOf(4), 1, true, "overshoots: round 2 loses and is not scored"),
    stranger("damps round 1, then replays", replayOf(4), 20, true, "replay"),
    stranger("damps round 1, then replays feature by feature", replayByFeature(2), 20, false, rest),
    stranger("sends the way to a published model", towards(published), 1, false, "not stopped: knowledge is not data"),
  ];
}

function changedUpdates({ a, b, c, own }: Banks): Scenario[] {
  const instead = (name: string, contributor: Contributor, stopped: boolean, remark: string): Scenario => ({
    ...{ name: `bank C ${name}`, attackers: [2], stopped, remark },
    contributors: [a, b, contributor],
    honestly: { contributors: [a, b, c], attackers: [2] },
  });
  const turned = honest("bank C", flipped(own, 0.4, 3));
  return [
    instead("scales everything by 4", scaled(c, 4n, "everything"), true, "size opened: round void, nobody scores"),
    instead("scales its gradient by 4", scaled(c, 4n, "gradient"), false, "not stopped in round 1, nor by norms"),
    instead("turns 40% of its labels", turned, true, "negative score"),
    instead("sends its gradient reversed", scaled(c, -1n, "gradient"), true, "negative score"),
  ];
}

function copies({ a, b, c, own }: Banks): Scenario[] {
  const copy = (kind: "same group" | "other group", remark: string): Scenario => ({
    ...{ name: `a byte copy of C joins, ${kind}`, attackers: [2, 3], stopped: false, remark },
    contributors: [a, b, c, honest("copy of C", own, { group: kind === "same group" ? c.group : "other" })],
    honestly: { contributors: [a, b, c], attackers: [2] },
  });
  return [
    copy("other group", "not built yet: needs PSI overlap"),
    copy("same group", "not built yet: needs PSI overlap; two positive scores net to their sum"),
  ];
}

function splits({ a, b, c, own }: Banks): Scenario[] {
  const half = Math.floor(own.labels.length / 2);
  const first = honest("C, first half", slice(own, 0, half), { group: c.group });
  const second = honest("C, second half", slice(own, half, own.labels.length));
  return (["same group", "other group"] as const).map((kind) => ({
    ...{ name: `bank C splits into two halves, ${kind}`, attackers: [2, 3], stopped: true },
    remark: "nothing to gain: projected scores are additive",
    contributors: [a, b, first, kind === "same group" ? { ...second, group: c.group } : second],
    honestly: { contributors: [a, b, c], attackers: [2] },
  }));
}

/** D + X and D' - X: the sum hides it. X is a multiple of B's own gradient, which B may take to be worth something. */
function pairs(banks: Banks): Scenario[] {
  const { a, b, c, rows } = banks;
  const bounded = "not stopped: bounded by twice the total and the cap";
  return [
    pair([a, b, c], 2n, "same group", true, "group"),
    pair([a, b, c], 2n, "other groups", false, bounded),
    pair([a, b, c], 4n, "other groups", false, bounded),
    pair(eightBanks(rows), 12n, "other groups", false, bounded),
    pair([a, b, c], 1000n, "same group", true, "limit"),
    pair([a, b, c], 1000n, "other groups", true, "limit"),
    pair([a, b, c], 10n ** 9n, "other groups", true, "limit: what wraps the field is beyond it too"),
  ];
}

function pair(
  banks: readonly Contributor[],
  times: bigint,
  kind: "same group" | "other groups",
  stopped: boolean,
  remark: string,
): Scenario {
  const [a, b, c, ...others] = banks as [Contributor, Contributor, Contributor, ...Contributor[]];
  const group = kind === "same group" ? b.group : c.group;
  return {
    name: `${banks.length} banks: pair B + X, C - X, X = ${times} x B's, ${kind}`,
    contributors: [a, shifted(b, b, times), { ...shifted(c, b, -times), group }, ...others],
    honestly: { contributors: banks, attackers: [1, 2] },
    ...{ attackers: [1, 2], stopped, remark },
  };
}

/** The same rows in eight banks of one size. */
export function eightBanks({ banks }: AttackRows, size?: number): Contributor[] {
  return Array.from({ length: 8 }, (_, i) => {
    const rows = banks[i % 3] as LocalRows;
    const third = Math.floor(rows.labels.length / 3);
    const from = Math.floor(i / 3) * third;
    return honest(`bank ${"ABCDEFGH"[i]}`, slice(rows, from, from + (size ?? third)));
  });
}

function sizes({ a, b, own }: Banks): Scenario[] {
  const few = slice(own, 0, Math.floor(own.labels.length / 4));
  const quarter = honest("quarter of C", few);
  const again = honest("quarter of C", repeated(few, 4));
  const scenario = (name: string, instead: Contributor, stopped: boolean, remark: string): Scenario => ({
    ...{ name: `a quarter of C ${name}`, attackers: [2], stopped, remark },
    contributors: [a, b, instead],
    honestly: { contributors: [a, b, quarter], attackers: [2] },
  });
  return [
    scenario("commits as many rows as C", { ...quarter, rows: own.labels.length }, true, "size opened: round void"),
    scenario(
      "repeats its rows 4 times, commits them once",
      { ...again, rows: few.labels.length },
      true,
      "size opened: round void, nobody scores",
    ),
    scenario(
      "repeats its rows 4 times, commits all",
      again,
      false,
      "not stopped: H[0,0] is right; needs distinct ids or PSI",
    ),
  ];
}
