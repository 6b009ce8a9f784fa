import { expect } from "chai";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { deal, expandPart } from "../../offchain/crypto/dealing.ts";
import { encodeProof } from "../../offchain/crypto/dealingProof.ts";
import { toField } from "../../offchain/crypto/field61.ts";
import { finishReasons } from "../../offchain/protocol/chainStructs.ts";
import { encodeFrames } from "../../offchain/protocol/frames.ts";
import { gradientSlice, parametersOf } from "../../offchain/protocol/newtonJob.ts";
import { sharesAggregation } from "../../offchain/protocol/sharesAggregation.ts";
import { sizeIndex } from "../../offchain/protocol/sizeGuard.ts";
import { mod, partBytes, plainProof, words } from "../offchain/crypto/plainShamir.ts";
import { expectBondsKept, expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { messageIn } from "./forge.ts";
import { changedParts, type Honest, lyingDealer, oracleAt, seatOf } from "./lyingDealer.ts";
import { type Balances, balancesOf } from "./money.ts";
import { faultsAt, play } from "./play.ts";

const liar = "bank-2";
const nothing = new Uint8Array();
// Places in the update of round 0 (moments), and in that of a later round.
const sumOfLabels = 1;
const rowsCounted = 0;

/** A dealing of the honest values with some seats' shares changed, proven as well as it can be. */
function bent({ values, scope, job }: Honest, change: (share: bigint, seat: number, place: number) => bigint) {
  const committee = job.terms;
  const { parts } = deal(scope, toField(values), committee, systemRandom);
  const { k, t } = committee;
  const fields = parts.map((part) => {
    const bytes = Buffer.from(part);
    const tail = bytes.length - 48;
    const blindings = [bytes.readBigUInt64LE(tail), bytes.readBigUInt64LE(tail + 8)] as const;
    return { body: part.slice(0, tail), blindings, salt: part.slice(tail + 16) };
  });
  const shares = parts.map((part, seat) => {
    const share = [...expandPart(part, seat, { k, t }, values.length)];
    return seat < t ? share : share.map((value, place) => mod(change(value, seat, place)));
  });
  const own = fields.map((part, seat) => (seat < t ? part : { ...part, body: words(shares[seat] as bigint[]) }));
  const proof = plainProof(scope, own, shares, t);
  return {
    common: encodeFrames([encodeProof(proof), nothing]),
    parts: own.map((part) => encodeFrames([partBytes(part), nothing])),
  };
}

/** Training ended at `rounds` because somebody was missing, and was settled by them. */
function expectAbsentAfter(job: JobRecord, rounds: number): void {
  expect(job.state).to.equal("Settled");
  expect(finishReasons[job.rounds?.reason ?? 0]).to.equal("absent");
  expect(job.rounds?.completed).to.equal(rounds);
}

/** The liar deals, well proven, its honest integers of a round with one changed. */
function changesOne(f: Federation, round: number, place: number, to: bigint): void {
  f.boards.faults = lyingDealer(f, liar, round, ({ values, scope, job }) => {
    const dealt = sharesAggregation.deal(scope, values.with(place, to), job.terms, systemRandom);
    return () => dealt;
  });
}

/** Every oracle wrote down the same fault of nobody, and nothing else. */
function expectNobodyNamed(f: Federation, round: number, code: string): void {
  for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([{ round, party: "nobody", code }]);
}

const refused = (f: Federation, round: number) => {
  return { round, party: f.market.party(liar).operator, code: "update/refused" };
};

describe("a dealer that lies", () => {
  it("with shares of degree t + 1 is named by every seat that the proven polynomial misses; the round is not certified", () =>
    play({
      prepare: (f) => {
        // A cubic that is zero at the first three seats.
        const cubic = (seat: number) => BigInt(seat * (seat - 1) * (seat - 2)) * 12_345n;
        f.boards.faults = lyingDealer(f, liar, 1, (honest) => {
          const dealt = bent(honest, (share, seat, place) => (place === 3 ? share + cubic(seat) : share));
          return () => dealt;
        });
      },
      judge: (f, job) => {
        for (const seat of [0, 1, 2]) expect(faultsAt(f, oracleAt(f, seat))).to.deep.equal([]);
        for (const seat of [3, 4]) expect(faultsAt(f, oracleAt(f, seat))).to.deep.equal([refused(f, 1)]);
        expectAbsentAfter(job, 1);
      },
    }));

  it("with one share off the polynomial is named by that seat; the others certify and the job settles", () =>
    play({
      prepare: (f) => {
        f.boards.faults = lyingDealer(f, liar, 1, (honest) => {
          const dealt = bent(honest, (share, seat) => (seat === 4 ? share + 1n : share));
          return () => dealt;
        });
      },
      judge: (f, job) => {
        for (const seat of [0, 1, 2, 3]) expect(faultsAt(f, oracleAt(f, seat))).to.deep.equal([]);
        expect(faultsAt(f, oracleAt(f, 4))).to.deep.equal([refused(f, 1)]);
        expectWhole(job);
      },
    }));

  it("with parts that do not match their leaves is named by every seat, and is absent", () =>
    play({
      prepare: (f) => {
        f.boards.faults = changedParts(f, liar, 1, (part) => part.with(20, (part[20] as number) ^ 1));
      },
      judge: (f, job) => {
        for (const { name } of f.oracles) expect(faultsAt(f, name)).to.deep.equal([refused(f, 1)]);
        expectAbsentAfter(job, 1);
      },
    }));

  it("in round 0 lets the job fail: the buyer gets all back but the deposit", () =>
    play({
      prepare: (f) => {
        f.boards.faults = changedParts(f, liar, 0, (part) => part.with(20, (part[20] as number) ^ 1));
      },
      judge: (f, job) => {
        for (const { name } of f.oracles) expect(faultsAt(f, name)).to.deep.equal([refused(f, 0)]);
        expect(job.state).to.equal("Failed");
        expect(job.closing?.credits.every((credit) => credit === 0n)).to.equal(true);
      },
    }));

  it("with two dealings for one round is proven to have signed both, at every seat, and gets nothing certified", () =>
    play({
      prepare: (f) => {
        f.boards.faults = lyingDealer(f, liar, 1, ({ values, scope, job }) => {
          const [one, two] = [0, 1].map(() => sharesAggregation.deal(scope, values, job.terms, systemRandom));
          return (seat) => (seat < 3 ? one : two) as NonNullable<typeof one>;
        });
      },
      judge: (f, job) => {
        const fault = { round: 1, party: f.market.party(liar).operator, code: "update/second-dealing" };
        for (const { name } of f.oracles) expect(faultsAt(f, name), name).to.deep.equal([fault]);
        expectAbsentAfter(job, 1);
      },
    }));

  it("that skips another seat each round is absent as soon as too few hold all: who certified can still score", () =>
    play({
      prepare: (f) => {
        f.boards.faults = (delivery) => {
          const message = delivery.from === liar ? messageIn(delivery) : undefined;
          const skipped = message?.kind === "update" && seatOf(f, delivery.to) === message.round;
          return skipped ? { lost: "message" } : undefined;
        };
      },
      judge: (_, job) => {
        expectAbsentAfter(job, 1);
        // Everybody but the first seat signed for round 0; the second lacks round 1, so that three are left for it.
        expect(job.certified.map(({ signers }) => signers)).to.deep.equal([0b11110n]);
      },
    }));

  it("with an update four times its size is named by its opened H[0,0] before any sum of the round leaves", () =>
    play({
      prepare: (f) => {
        f.boards.faults = lyingDealer(f, liar, 1, ({ values, scope, job }) => {
          const dealt = sharesAggregation.deal(
            scope,
            values.map((value) => 4n * value),
            job.terms,
            systemRandom,
          );
          return () => dealt;
        });
      },
      judge: (f, job) => {
        const fault = { round: 1, party: f.market.party(liar).account, code: "update/size" };
        for (const { name } of f.oracles) {
          expect(faultsAt(f, name), name).to.deep.equal([fault]);
          const released = f.node(name).running.ctx.store.messages(job.jobId, "share", 1);
          expect(new Set(released.map(({ slot }) => slot))).to.deep.equal(new Set(["size"]));
        }
        expect(job.rounds?.certified).to.equal(2);
        expectAbsentAfter(job, 1);
      },
    }));

  it("with a gradient beside the right H[0,0] that is far too long is named by its opened norm, at (5,1,4,1)", () =>
    play({
      change: { committee: { k: 5, t: 1, m: 4, f: 1 } },
      prepare: (f) => {
        f.boards.faults = lyingDealer(f, liar, 2, ({ values, scope, job }) => {
          const { from, to } = gradientSlice(f.specification);
          const long = values.map((value, i) => (i >= from && i < to ? value + 4_000_000n : value));
          const dealt = sharesAggregation.deal(scope, long, job.terms, systemRandom);
          return () => dealt;
        });
      },
      judge: (f, job) => {
        const fault = { round: 2, party: f.market.party(liar).account, code: "update/norm" };
        for (const { name } of f.oracles) {
          expect(faultsAt(f, name), name).to.deep.equal([fault]);
          const released = f.node(name).running.ctx.store.messages(job.jobId, "share", 2);
          expect(new Set(released.map(({ slot }) => slot))).to.deep.equal(new Set(["norm"]));
        }
        expectAbsentAfter(job, 2);
      },
    }));

  for (const round of [1, 2]) {
    it(`with a Hessian that no step follows from, in round ${round}, voids that round and has nobody blamed`, () =>
      play({
        prepare: (f) => {
          // H[1,1], behind the first row of the upper triangle: within all bounds, and the opened H[0,0] is right.
          const secondOnDiagonal = sizeIndex(f.specification) + parametersOf(f.specification);
          changesOne(f, round, secondOnDiagonal, -1_000_000_000_000n);
        },
        judge: (f, job) => {
          expectNobodyNamed(f, round, "round/no-state");
          expect(job.rounds?.certified).to.equal(round + 1);
          expectAbsentAfter(job, round);
        },
      }));
  }

  it("with fewer than no ones among its labels lets the job fail in round 0, and nobody there loses a bond", () =>
    play({
      prepare: (f) => changesOne(f, 0, sumOfLabels, -1_000_000_000_000n),
      judge: (f, job) => {
        expectNobodyNamed(f, 0, "round/no-state");
        expect(job.state).to.equal("Failed");
        expect([job.rounds?.certified, job.rounds?.completed]).to.deep.equal([1, 0]);
        expect(job.ready.size, "seats that said that they were there").to.equal(job.terms.k);
      },
    }));

  it("with a number that no step uses beyond all dealers' bounds voids the round all the same", () =>
    play({
      prepare: (f) => changesOne(f, 1, rowsCounted, 2n ** 57n),
      judge: (f, job) => {
        expectNobodyNamed(f, 1, "round/out-of-bound");
        expect(job.rounds?.certified).to.equal(2);
        expectAbsentAfter(job, 1);
      },
    }));

  it("in round 0 costs a seat its bond that was away when the others said that they were there: theirs alone are kept", async () => {
    let held: Balances | undefined;
    await play({
      prepare: async (f) => {
        held = await balancesOf(f);
        changesOne(f, 0, sumOfLabels, -1_000_000_000_000n);
      },
      meanwhile: async (f) => {
        await f.until(({ rounds }) => (rounds?.certified ?? 0) > 0);
        f.kill("oracle-4", null);
      },
      judge: async (f, job) => {
        expect(job.state).to.equal("Failed");
        await expectBondsKept(f, held as Balances, new Set(["oracle-4"]));
        // The look at bonds sees one that is lost.
        const lost = await expectBondsKept(f, held as Balances, new Set()).then(
          () => "",
          (error: Error) => error.message,
        );
        expect(lost).to.include("oracle-4 was there and keeps its bond");
      },
    });
  });
});
