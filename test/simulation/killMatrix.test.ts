import { expect } from "chai";
import { steps } from "../../offchain/node/steps.ts";
import { awayMs, Killing, placeName, places, settles } from "./killing.ts";

describe("a job in which a party is killed at every step, and comes back", () => {
  const killing = new Killing();
  before(async function () {
    this.timeout(60_000);
    await killing.measure();
  });

  for (const place of places) {
    const when = place.phase === "before" ? "first" : "middle";
    it(`settles when ${placeName(place)}`, () => killing.run([killing.strikeOf(place, when, awayMs)], settles));
  }

  it("has a case for every step of the list, and saw no step that is not in it", () => {
    const listed = Object.values(steps).flat().sort();
    expect([...killing.reached].sort()).to.deep.equal(listed);
    expect(killing.seen.sort()).to.deep.equal(listed);
  });
});
