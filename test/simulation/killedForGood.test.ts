import { expect } from "chai";
import { steps } from "../../offchain/node/steps.ts";
import { expectClosedByWhatArrived } from "./closedByWhatArrived.ts";
import { awayMs, Killing, type Place, placeName, places, settles } from "./killing.ts";

describe("a job in which a party is killed at every step, for good", () => {
  const killing = new Killing();
  before(async function () {
    this.timeout(60_000);
    await killing.measure();
  });

  for (const place of places) {
    const when = place.phase === "before" ? "middle" : "first";
    const isOracle = place.role === "oracle" || place.role === "submitter";
    const end = isOracle ? "settles" : "is closed by what had arrived";
    it(`${end} when ${placeName(place)}`, () =>
      killing.run([killing.strikeOf(place, when, null)], isOracle ? settles : expectClosedByWhatArrived));
  }

  it("has a case for every step of the list", () => {
    expect([...killing.reached].sort()).to.deep.equal(Object.values(steps).flat().sort());
  });
});

describe("a job in which an oracle and a contributor are killed", () => {
  const killing = new Killing();
  before(async function () {
    this.timeout(60_000);
    await killing.measure();
  });

  const contributors = places.filter(({ role }) => role === "contributor");
  for (const [i, place] of places.filter(({ role }) => role === "oracle").entries()) {
    // One phase of each oracle's step, in turn, with one of the contributor's.
    if (i % 2 !== Math.floor(i / 2) % 2) continue;
    const other = contributors[i % contributors.length] as Place;
    const forGood = i % 4 === 0;
    const back = forGood ? "the first for good, the second comes back" : "and both come back";
    it(`settles when ${placeName(place)} and ${placeName(other)}, ${back}`, () =>
      killing.run(
        [killing.strikeOf(place, "first", forGood ? null : awayMs), killing.strikeOf(other, "middle", 2 * awayMs)],
        settles,
      ));
  }
});
