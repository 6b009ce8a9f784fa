import { randomBytes } from "node:crypto";
import { concatBytes } from "../../offchain/core/bytes.ts";
import { keccak256 } from "../../offchain/core/hash.ts";
import type { Figure } from "../bench.ts";
import { figure } from "./measure.ts";

const oracles = 12;
const seats = 5;
/** Liars that the default committee (5,2,4,1) bears: with one more it is not what it is trusted to be. */
const mostLiars = 1;
const trials = 10_000;
const partBytes = 18;

/**
 * What withholding gives: `a` of 12 oracles of equal stake collude, see what all others revealed to the beacon, and choose which of
 * their own parts to bring; who withholds is not drawn. Beside each figure the same without withholding, and what it would be were
 * they drawn all the same. The values are those of CommitRevealBeacon (exclusive or of 144 bits of hashes), the draw that of
 * CommitteeDraw for equal stakes and groups of their own.
 */
export async function beaconFigures(): Promise<Figure[]> {
  return [1, 2, 3, 4].flatMap((colluders) => {
    const [honest, ruled, unruled] = [new Tally(), new Tally(), new Tally()];
    for (let trial = 0; trial < trials; trial++) {
      const parts = Array.from({ length: oracles }, () => randomBytes(partBytes));
      const reached = (drawnAllTheSame: boolean) =>
        Array.from({ length: 1 << colluders }, (_, withheld) =>
          seatsOf(parts, colluders, { withheld, drawnAllTheSame }),
        );
      const choices = reached(false);
      honest.add([choices[0] as number]);
      ruled.add(choices);
      unruled.add(reached(true));
    }
    const who = `${colluders} of ${oracles} ${colluders === 1 ? "withholds" : "withhold"}`;
    const tooMany = `more than ${mostLiars} ${mostLiars === 1 ? "seat" : "seats"}`;
    return [
      figure(`${who}: seats`, ruled.seats, "of 5", null, honest.seats),
      figure(`${who}: ${tooMany}`, ruled.tooMany, "% of draws", null, honest.tooMany || null),
      figure(`${who}: parts withheld, each 10% of a stake`, ruled.withheld, "a draw", null),
      figure(`${who}, were they drawn: seats`, unruled.seats, "of 5", null, honest.seats),
      figure(`${who}, were they drawn: ${tooMany}`, unruled.tooMany, "% of draws", null, honest.tooMany || null),
    ];
  });
}

/** What the best of each trial's choices brings, on average. */
class Tally {
  #trials = 0;
  #seats = 0;
  #tooMany = 0;
  #withheld = 0;

  /** Seats by the bitmap of who withholds. */
  add(choices: readonly number[]): void {
    const best = Math.max(...choices);
    this.#trials += 1;
    this.#seats += best;
    this.#tooMany += best > mostLiars ? 1 : 0;
    this.#withheld += fewestWithheld(choices, best);
  }

  get seats(): number {
    return this.#seats / this.#trials;
  }

  /** % of draws. */
  get tooMany(): number {
    return (100 * this.#tooMany) / this.#trials;
  }

  get withheld(): number {
    return this.#withheld / this.#trials;
  }
}

interface Choice {
  /** Bitmap of colluders. */
  readonly withheld: number;
  readonly drawnAllTheSame: boolean;
}

/** Seats of the colluders (the first oracles). */
function seatsOf(parts: readonly Uint8Array[], colluders: number, { withheld, drawnAllTheSame }: Choice): number {
  const withholds = (i: number) => i < colluders && ((withheld >> i) & 1) === 1;
  const value = new Uint8Array(partBytes);
  parts.forEach((part, i) => {
    if (withholds(i)) return;
    for (let j = 0; j < partBytes; j++) value[j] = (value[j] as number) ^ (part[j] as number);
  });
  const seed = keccak256(value);
  const pool = parts.map((_, i) => i).filter((i) => drawnAllTheSame || !withholds(i));
  let seated = 0;
  for (let pick = 0; pick < seats; pick++) {
    const point = BigInt(`0x${Buffer.from(keccak256(concatBytes(seed, new Uint8Array([pick])))).toString("hex")}`);
    const [oracle] = pool.splice(Number(point % BigInt(pool.length)), 1);
    if ((oracle as number) < colluders) seated++;
  }
  return seated;
}

/** Parts that the cheapest way to the best outcome withholds. */
function fewestWithheld(choices: readonly number[], best: number): number {
  const ways = choices.flatMap((reached, withheld) => (reached === best ? [withheld] : []));
  return Math.min(...ways.map((way) => way.toString(2).replaceAll("0", "").length));
}
