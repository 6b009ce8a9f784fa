import { expect } from "chai";
import { groupPlaces, kinOf } from "../../../offchain/chain/kin.ts";
import { packHead, packParties, packProposal, packRounds } from "../../../offchain/chain/packedParts.ts";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import { weightsByRows } from "../../../offchain/core/units.ts";
import { rhoNanoOf } from "../../../offchain/protocol/termsRules.ts";
import { pot } from "../../../offchain/valuation/payout.ts";
import { connect, type Deployed } from "../chain.ts";
import { type Stream, stream } from "../settlement/games.ts";
import { termsOf } from "./job.ts";
import type { Stage } from "./stage.ts";

// What stands in Solidity and in TypeScript, on the same random cases: *.t.sol beside holds the Solidity to its properties.

const chain = await connect();
const cases = 400;
const banks = [{ assetId: 1n, listing: { version: { rows: 1 } } }];
const word: Hex = `0x${"00".repeat(32)}`;

async function deployed(): Promise<{ market: Deployed }> {
  return { market: await chain.deploy("MarketArithmetic") };
}

/** A value of that many bits: any, or one of the ends. */
function bits(random: Stream, width: number): bigint {
  const most = (1n << BigInt(width)) - 1n;
  return [0n, most, BigInt.asUintN(width, random.signed(32)), BigInt.asUintN(width, random.signed(32))][
    random.below(4)
  ] as bigint;
}

const number = (random: Stream, width: number) => Number(bits(random, width));

function account(random: Stream): Address {
  return chain.ethers.getAddress(`0x${bits(random, 160).toString(16).padStart(40, "0")}`) as Address;
}

/** Runs `compare` on as many random cases. */
async function onRandomCases(label: string, compare: (market: Deployed, random: Stream) => Promise<void>) {
  const { market } = await chain.loadFixture(deployed);
  const random = stream(label);
  for (let i = 0; i < cases; i++) await compare(market, random);
}

describe("The market's arithmetic: Solidity and TypeScript", () => {
  it("agree on rho", () =>
    onRandomCases("rho", async (market, random) => {
      const [rounds, noiseMilli] = [number(random, 16), random.below(5) === 0 ? 0 : 10 + random.below(999_991)];
      expect(await market.rhoNano(rounds, noiseMilli)).to.equal(rhoNanoOf({ rounds, noiseMilli }));
    }));

  it("agree on the performance that is due", () =>
    onRandomCases("performance", async (market, random) => {
      const utility = () => [random.signed(4), random.signed(8) / 4n][random.below(2)] as bigint;
      const [start, end, above] = [utility(), utility(), utility()];
      const target = above > 0n ? -above : above;
      const performance = bits(random, 128);
      const terms = { ...termsOf({ chain, banks } as unknown as Stage), performance, utilityTarget: target };
      expect(await market.performanceDown(terms, start, end)).to.equal(pot(0n, performance, start, end, target));
    }));

  it("agree on weights by rows: the contract takes what TypeScript computes, and not two parts per billion more", () =>
    onRandomCases("weights", async (market, random) => {
      const rows = Array.from(
        { length: 2 + random.below(11) },
        () => 1 + number(random, random.below(2) === 0 ? 8 : 31),
      );
      const uses = weightsByRows(rows).map((weight, i) => {
        return { assetId: i, version: 1, weight, rhoNano: 0n, price: 0n };
      });
      await market.checkWeights(uses, rows);
      const [first, ...others] = uses as [(typeof uses)[0], ...typeof uses];
      const more = [{ ...first, weight: first.weight + 2 }, ...others];
      await expect(market.checkWeights(more, rows)).to.be.revertedWithCustomError(market, "JobMarket_BadTerms");
    }));

  it("agree on the words of a head", () =>
    onRandomCases("head", async (market, random) => {
      const [rounds, fullSetOnly] = [number(random, 16), random.below(2) === 0];
      const [contributors, k, m, t] = [number(random, 8), number(random, 8), number(random, 8), number(random, 8)];
      const [buyer, escrow] = [account(random), bits(random, 128)];
      const [roundSeconds, proposeSeconds, challengeSeconds] = [
        number(random, 32),
        number(random, 32),
        number(random, 32),
      ];
      const windows = { roundSeconds, proposeSeconds, challengeSeconds };
      const head = { termsHash: word, buyer, rounds, contributors, k, m, t, fullSetOnly, escrow, ...windows };
      const { shape, limits } = packHead(head);
      expect(await market.packShape(buyer, rounds, contributors, k, m, t, fullSetOnly)).to.equal(shape);
      expect(await market.packLimits(escrow, roundSeconds, proposeSeconds, challengeSeconds)).to.equal(limits);
    }));

  it("agree on the words of parties", () =>
    onRandomCases("parties", async (market, random) => {
      const [buyerGroup, evaluatorGroup, minimumCohort] = [number(random, 32), number(random, 32), number(random, 8)];
      const beaconRound = bits(random, 64);
      const [holder, group, consents] = [account(random), number(random, 32), number(random, 32)];
      const contributor = { account: holder, group, consents, datasetRoot: word, populationId: word };
      const bounds = { buyerGroup, evaluatorGroup, minimumCohort, beaconRound };
      const packed = packParties({ ...bounds, roster: word, contributors: [contributor] });
      expect(await market.packBounds(buyerGroup, evaluatorGroup, minimumCohort, beaconRound)).to.equal(packed.bounds);
      expect(await market.packHolder(holder, group, consents)).to.equal(packed.contributors[0]?.holder);
    }));

  it("agree on the word of rounds and on who belongs together", () =>
    onRandomCases("rounds", async (market, random) => {
      const groups = Array.from({ length: 1 + random.below(12) }, () => random.below(6));
      const [kin, cohort, reason] = [kinOf(groups), bits(random, 64), number(random, 8)];
      const [certified, completed] = [number(random, 16), number(random, 16)];
      const { progress } = packRounds({ kin, cohort, certified, completed, reason, digest: word, lastState: word });
      expect(await market.kinOf(groupPlaces(groups))).to.equal(kin);
      expect(await market.packProgress(kin, cohort, certified, completed, reason)).to.equal(progress);
    }));

  it("agree on the words of a proposal", () =>
    onRandomCases("proposal", async (market, random) => {
      const [kind, signers, excess] = [number(random, 8), bits(random, 64), bits(random, 128)];
      const [amount, share] = [bits(random, 128), number(random, 32)];
      const roots = { modelRoot: word, evidenceRoot: word, deliveryRoot: word };
      const packed = packProposal({ kind, signers, excess, amounts: [amount], shares: [share], ...roots });
      expect(await market.packOutcome(kind, signers, excess)).to.equal(packed.outcome);
      expect(await market.packEarning(amount, share)).to.equal(packed.earnings[0]);
    }));
});
