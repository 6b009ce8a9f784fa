import { expect } from "chai";
import { connect } from "../chain.ts";
import { type Candidate, type DrawRules, expectedDraw } from "./expectedDraw.ts";

// Oracles see the seed before `seat` is called. What can a group of them make of that, each free to empty its balance?

const chain = await connect();
const { ethers } = chain;
const job = ethers.id("job");
const rules: DrawRules = { k: 5, t: 2, buyerGroup: 901, evaluatorGroup: 0, contributorGroups: [] };
const roster: Candidate[] = Array.from({ length: 14 }, (_, i) => {
  const address = (text: string) => ethers.getAddress(ethers.id(`${text} ${i}`).slice(0, 42));
  return { account: address("account"), operator: address("operator"), group: i + 1, stake: 10n ** 18n };
});
const colluding = [0, 1, 2, 3];
/** Every way in which some of the colluding make themselves unable to sit, as bitmaps. */
const withdrawals = Array.from({ length: 2 ** colluding.length }, (_, bits) => BigInt(bits));
const seeds = Array.from({ length: 60 }, (_, i) => ethers.id(`seed ${i}`));
const seatsOf = (picked: readonly number[]) => picked.filter((i) => colluding.includes(i)).length;

describe("CommitteeDraw: who empties its balance after the seed is known", () => {
  it("wins no seat for its friends, whoever of them does it", async () => {
    const harness = await chain.deploy("CommitteeDrawHarness");
    let gains = 0;
    let losses = 0;
    const honest = await drawn(harness, 0n);
    for (const unable of withdrawals.slice(1)) {
      (await drawn(harness, unable)).forEach((picked, i) => {
        const difference = seatsOf(picked) - seatsOf(honest[i] as number[]);
        if (difference > 0) gains++;
        if (difference < 0) losses++;
      });
    }
    expect(gains).to.equal(0);
    expect(losses, "withdrawals change something").to.be.greaterThan(100);
  });

  it("would win seats if it were left out of the weights from the start: the rule that was not taken", () => {
    const withoutThem = (unable: bigint) => roster.filter((_, i) => ((unable >> BigInt(i)) & 1n) === 0n);
    const seatsAfter = (unable: bigint, seed: string) => {
      const left = withoutThem(unable);
      const picked = expectedDraw(left, job, seed, rules) as number[];
      return seatsOf(picked.map((i) => roster.indexOf(left[i] as Candidate)));
    };
    const best = seeds.map((seed) => Math.max(...withdrawals.map((unable) => seatsAfter(unable, seed))));
    const honest = seeds.map((seed) => seatsAfter(0n, seed));
    expect(best.filter((seats, i) => seats > (honest[i] as number)).length).to.be.greaterThan(seeds.length / 5);
  });
});

// biome-ignore lint/suspicious/noExplicitAny: methods come from the ABI at run time
async function drawn(harness: any, unable: bigint): Promise<number[][]> {
  const picked: bigint[][] = await harness.drawsWithout(roster, job, seeds, rules, unable);
  return picked.map((seats) => seats.map(Number));
}
