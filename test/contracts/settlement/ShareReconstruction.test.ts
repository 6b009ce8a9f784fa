import { expect } from "chai";
import { reconstructShares } from "../../../offchain/valuation/shareReconstruction.ts";
import { connect, type Deployed, randomCases } from "../chain.ts";
import { type Stream, stream } from "./games.ts";
import { brought, changed, deal, prime } from "./sharings.ts";

const chain = await connect();
const { ethers } = chain;
const largest = (prime - 1n) / 2n;
/** (k, t, m) of protocol section 5. */
const committees = [
  [4, 1, 3],
  [5, 2, 4],
  [5, 1, 4],
  [7, 2, 5],
  [9, 2, 7],
  [10, 3, 7],
] as const;

async function deployed(): Promise<{ harness: Deployed }> {
  return { harness: await chain.deploy("ScoresHarness") };
}

async function reconstruct(bytes: Uint8Array, signers: bigint, t: number, players: number): Promise<bigint[]> {
  const { harness } = await chain.loadFixture(deployed);
  return [...(await harness.reconstruct(ethers.hexlify(bytes), signers, t, players))];
}

async function refuses(bytes: Uint8Array, signers: bigint, error: string, ...facts: unknown[]) {
  const { harness } = await chain.loadFixture(deployed);
  await expect(harness.reconstruct(ethers.hexlify(bytes), signers, 2, 3))
    .to.be.revertedWithCustomError(harness, error)
    .withArgs(...facts);
}

const secrets = [5n, -7n, 1_000_000n];
const words = deal(secrets, 2, 5, stream("three secrets"));

describe("ShareReconstruction: words that are refused", () => {
  it("are not n for each seat, or of too few seats to define the polynomial", async () => {
    const { bytes, signers } = brought(words, [0, 1, 2, 4]);
    for (const wrong of [bytes.slice(0, -1), new Uint8Array([...bytes, 0]), bytes.slice(0, -24), new Uint8Array()]) {
      await refuses(wrong, signers, "JobMarket_BadResult", "words");
    }
    await refuses(bytes, 0b11111n, "JobMarket_BadResult", "words");
    const two = brought(words, [0, 3]);
    await refuses(two.bytes, two.signers, "JobMarket_BadResult", "words");
    await refuses(new Uint8Array(), 0n, "JobMarket_BadResult", "words");
  });

  it("are the prime itself, or above it, at any place", async () => {
    const { bytes, signers } = brought(words, [0, 1, 2, 4]);
    for (const place of [0, 4, 11]) {
      for (const value of [prime, prime + 1n, 2n ** 64n - 1n]) {
        const wrong = Uint8Array.from(bytes);
        new DataView(wrong.buffer).setBigUint64(8 * place, value);
        await refuses(wrong, signers, "JobMarket_BadResult", "words");
      }
    }
  });

  it("do not lie on one polynomial: the first seat that is off the one of the lowest three is named, and the contributor", async () => {
    for (const [seat, player, named] of [
      [3, 0, 3],
      [4, 2, 4],
      [4, 1, 4],
      // A lie among the lowest three moves the polynomial itself: the first of the others is off it.
      [0, 1, 3],
      [2, 2, 3],
    ] as const) {
      const { bytes, signers } = brought(changed(words, seat, player), [0, 1, 2, 3, 4]);
      await refuses(bytes, signers, "JobMarket_InconsistentWords", named, player);
    }
    const { bytes, signers } = brought(changed(words, 4, 0, prime - 1n), [1, 2, 3, 4]);
    await refuses(bytes, signers, "JobMarket_InconsistentWords", 4, 0);
  });

  it("are of degree t + 1: m words of an honest dealer's larger polynomial do not pass", async () => {
    const { bytes, signers } = brought(deal(secrets, 3, 5, stream("degree 3")), [0, 1, 2, 3]);
    await refuses(bytes, signers, "JobMarket_InconsistentWords", 3, 0);
  });
});

describe("ShareReconstruction", () => {
  it("gives the secrets, of the largest size and either sign, whoever brings words", async () => {
    const extremes = [largest, -largest, 0n, -1n, 1n, 2n ** 59n];
    for (const [k, t, m] of committees) {
      const dealt = deal(extremes, t, k, stream(`extremes ${k} ${t}`));
      const all = [...dealt.keys()];
      for (const seats of [all, all.slice(k - m), all.slice(0, m)]) {
        const { bytes, signers } = brought(dealt, seats);
        expect(await reconstruct(bytes, signers, t, extremes.length)).to.deep.equal(extremes);
      }
    }
  });

  it("agrees with the product's own on 10 000 random sharings, refusals among them", async () => {
    const { harness } = await chain.loadFixture(deployed);
    const random = stream("sharings");
    let inconsistent = 0;
    for (let done = 0; done < randomCases; done += 200) {
      const cases = Array.from({ length: 200 }, () => randomCase(random));
      const honest = cases.filter(({ own }) => own !== undefined);
      const found: bigint[][] = await harness.reconstructMany(honest.map(({ call }) => call));
      expect(found.map(String).join(";")).to.equal(honest.map(({ own }) => String(own)).join(";"));
      for (const { call, seat, player } of cases.filter(({ own }) => own === undefined)) {
        inconsistent++;
        await expect(harness.reconstruct(call.words, call.signers, call.t, call.players))
          .to.be.revertedWithCustomError(harness, "JobMarket_InconsistentWords")
          .withArgs(seat, player);
      }
    }
    expect(inconsistent).to.be.within(randomCases / 200, randomCases / 25);
  });
});

/** A sharing with a word changed now and then; what the product's own code makes of it. */
function randomCase(random: Stream) {
  const [k, t, m] = committees[random.below(committees.length)] as (typeof committees)[number];
  const players = 1 + random.below(4);
  const secrets = Array.from({ length: players }, () => randomSecret(random));
  const dealt = deal(secrets, t, k, random);
  const lied = random.below(100) < 2 ? changed(dealt, random.below(k), random.below(players), 77n) : dealt;
  const seats = [...dealt.keys()].filter(() => random.below(4) > 0);
  const enough = seats.length >= m ? seats : [...dealt.keys()].slice(0, m);
  const { bytes, signers } = brought(lied, enough);
  const call = { words: ethers.hexlify(bytes), signers, t, players };
  const mine = new Map(enough.map((seat) => [seat, lied.get(seat) as Uint8Array]));
  try {
    return { call, own: reconstructShares(mine, t, players), seat: 0, player: 0 };
  } catch (error) {
    const { seat, contributor } = (error as { facts: { seat: number; contributor: number } }).facts;
    return { call, own: undefined, seat, player: contributor };
  }
}

function randomSecret(random: Stream): bigint {
  const kinds = [0n, largest, -largest, random.signed(4), random.signed(8) % largest];
  return kinds[random.below(kinds.length)] as bigint;
}
