import { expect } from "chai";
import { connect, type Deployed } from "../chain.ts";
import { type Candidate, type DrawRules, expectedDraw } from "./expectedDraw.ts";

const chain = await connect();
const { ethers } = chain;
const job = ethers.id("job");
const token = 10n ** 18n;
const [buyerGroup, evaluatorGroup] = [901, 902];
const errors = new ethers.Interface(["error OracleCommittee_TooFewEligible(uint256 had, uint256 needed)"]);

const open: DrawRules = { k: 5, t: 2, buyerGroup, evaluatorGroup, contributorGroups: [] };

function candidate(index: number, group: number, stake: bigint): Candidate {
  const address = (text: string) => ethers.getAddress(ethers.id(`${text} ${index}`).slice(0, 42));
  return { account: address("account"), operator: address("operator"), group, stake };
}

/** A number below `limit` that the text decides. */
function chosen(text: string, limit: number): number {
  return Number(BigInt(ethers.id(text)) % BigInt(limit));
}

function seeds(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => ethers.id(`${text} ${i}`));
}

async function deployed(): Promise<{ harness: Deployed }> {
  return { harness: await chain.deploy("CommitteeDrawHarness") };
}

/** Draws on the chain, as numbers. */
async function draws(candidates: readonly Candidate[], from: string[], rules: DrawRules): Promise<number[][]> {
  const { harness } = await chain.loadFixture(deployed);
  const picked: number[][] = [];
  for (let at = 0; at < from.length; at += 50) {
    const batch: bigint[][] = await harness.draws(candidates, job, from.slice(at, at + 50), rules);
    picked.push(...batch.map((seats) => seats.map(Number)));
  }
  return picked;
}

async function expectTooFew(candidates: readonly Candidate[], rules: DrawRules, had: number): Promise<void> {
  const { harness } = await chain.loadFixture(deployed);
  await expect(harness.draws(candidates, job, seeds("few", 1), rules))
    .to.be.revertedWithCustomError({ interface: errors } as Deployed, "OracleCommittee_TooFewEligible")
    .withArgs(had, rules.k);
}

describe("CommitteeDraw: too few eligible", () => {
  it("is said of an empty roster, and of stakes of zero", async () => {
    await expectTooFew([], open, 0);
    await expectTooFew([candidate(0, 1, 0n), candidate(1, 2, 0n)], { ...open, k: 1 }, 0);
  });

  it("counts groups, not oracles", async () => {
    const twins = [1, 1, 2, 2, 3, 3, 4, 4].map((group, i) => candidate(i, group, token));
    await expectTooFew(twins, open, 4);
  });

  it("leaves out the groups of buyer and evaluator", async () => {
    const groups = [1, 2, 3, 4, buyerGroup, evaluatorGroup];
    await expectTooFew(
      groups.map((group, i) => candidate(i, group, token)),
      open,
      4,
    );
  });

  it("gives contributors' groups t seats and no more", async () => {
    const roster = [1, 2, 3, 4, 5, 6].map((group, i) => candidate(i, group, token));
    const rules = { ...open, contributorGroups: [1, 2, 3, 4] };
    await expectTooFew(roster, rules, 4);
    await expectTooFew(roster, { ...rules, t: 0 }, 2);
    expect((await draws(roster, seeds("t", 1), { ...rules, t: 3 }))[0]).to.have.length(5);
  });

  it("has no evaluator's group to leave out when the buyer delivers the rows", async () => {
    const roster = [1, 2, 3, 4, 5].map((group, i) => candidate(i, group, token));
    expect((await draws(roster, seeds("none", 1), { ...open, evaluatorGroup: 0 }))[0]).to.have.length(5);
  });
});

describe("CommitteeDraw: the roster brought", () => {
  const type = "tuple(address account, address operator, uint32 group, uint96 stake)[]";
  const roster = Array.from({ length: 20 }, (_, i) => candidate(i, i + 1, BigInt(i) * token));
  const encoded = (candidates: readonly Candidate[]) =>
    ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode([type], [candidates]));

  it("has another hash with any field changed, one entry fewer, or two swapped", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const [first, ...rest] = roster as [Candidate, ...Candidate[]];
    const changed = [
      { ...first, account: ethers.ZeroAddress },
      { ...first, operator: ethers.ZeroAddress },
      { ...first, group: 77 },
      { ...first, stake: 1n },
    ].map((entry) => [entry, ...rest]);
    for (const brought of [...changed, rest, roster.slice(0, -1), [...roster].reverse()]) {
      expect(await harness.hashOf(brought)).to.not.equal(encoded(roster));
    }
  });

  it("is hashed as the ledger of stakes hashes its own, for 0 to 20 oracles", async () => {
    const { harness } = await chain.loadFixture(deployed);
    for (let size = 0; size <= roster.length; size++) {
      expect(await harness.hashOf(roster.slice(0, size)), `${size}`).to.equal(encoded(roster.slice(0, size)));
    }
  });
});

describe("CommitteeDraw: who sits", () => {
  it("is what the rule says, on random rosters: groups apart, buyer and evaluator out, at most t of contributors", async () => {
    let compared = 0;
    for (let round = 0; round < 60; round++) {
      const size = 7 + chosen(`size ${round}`, 14);
      const groups = [...Array.from({ length: 12 }, (_, i) => i + 1), buyerGroup, evaluatorGroup];
      const roster = Array.from({ length: size }, (_, i) => {
        const group = groups[chosen(`group ${round} ${i}`, groups.length)] as number;
        return candidate(i, group, BigInt(chosen(`stake ${round} ${i}`, 1_000_000)) * token);
      });
      const rules = {
        ...open,
        k: 4 + chosen(`k ${round}`, 3),
        t: chosen(`t ${round}`, 3),
        contributorGroups: [1, 2, 3],
      };
      const from = seeds(`random ${round}`, 5);
      const wanted = from.map((seed) => expectedDraw(roster, job, seed, rules));
      if (wanted.some((picked) => picked === undefined)) continue;
      const picked = await draws(roster, from, rules);
      expect(picked).to.deep.equal(wanted);
      for (const seats of picked) expectRulesKept(roster, seats, rules);
      compared += seats(picked);
    }
    expect(compared).to.be.greaterThan(800);
  });

  it("depends on the job as well as on the seed", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const roster = Array.from({ length: 20 }, (_, i) => candidate(i, i + 1, token));
    const of = (id: string) => harness.draws(roster, id, seeds("one", 3), open);
    expect(await of(job)).to.not.deep.equal(await of(ethers.id("another job")));
  });

  it("takes stakes of 2^95 without overflow", async () => {
    const roster = Array.from({ length: 9 }, (_, i) => candidate(i, i + 1, 2n ** 95n + BigInt(i)));
    const from = seeds("large", 20);
    expect(await draws(roster, from, open)).to.deep.equal(from.map((seed) => expectedDraw(roster, job, seed, open)));
  });

  it("is in proportion to stake: χ² of 3 000 first picks over stakes 1 : 2 : 3 : 4 below its 0.1 % point", async () => {
    const roster = [1, 2, 3, 4].map((share, i) => candidate(i, i + 1, BigInt(share) * token));
    const picks = (await draws(roster, seeds("chi", 3000), { ...open, k: 1 })).map(([first]) => first);
    const statistic = (shares: number[]) =>
      shares.reduce((sum, share, i) => {
        const expected = (3000 * share) / shares.reduce((a, b) => a + b);
        return sum + (picks.filter((pick) => pick === i).length - expected) ** 2 / expected;
      }, 0);
    // Three degrees of freedom: 16.27.
    expect(statistic([1, 2, 3, 4])).to.be.lessThan(16.27);
    expect(statistic([1, 1, 1, 1]), "the same picks against equal chances").to.be.greaterThan(16.27);
  });
});

function seats(picked: number[][]): number {
  return picked.reduce((sum, { length }) => sum + length, 0);
}

function expectRulesKept(roster: readonly Candidate[], picked: number[], rules: DrawRules): void {
  const groups = picked.map((i) => roster[i]?.group as number);
  expect(new Set(groups).size, "groups pairwise distinct").to.equal(rules.k);
  expect(groups.filter((group) => rules.contributorGroups.includes(group)).length).to.be.at.most(rules.t);
  expect(groups).to.not.include(rules.buyerGroup).and.not.include(rules.evaluatorGroup);
}
