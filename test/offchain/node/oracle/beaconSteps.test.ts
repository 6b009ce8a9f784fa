import { expect } from "chai";
import type { BeaconParticipant } from "../../../../offchain/chain/reads/beacon.ts";
import type { Address, Hex } from "../../../../offchain/core/bytes.ts";
import { hexToBytes } from "../../../../offchain/core/bytes.ts";
import { keccakHex } from "../../../../offchain/core/hash.ts";
import type { BeaconNetwork, CallOutcome } from "../../../../offchain/node/network.ts";
import { keepCommitted, stepBeacon } from "../../../../offchain/node/oracle/beaconSteps.ts";
import { jobView, makeTestParties, nodeOf, standingClock, type TestParties } from "../committee.ts";

const done: CallOutcome = { status: "done" };
const nobody: BeaconParticipant = { last: `0x${"00".repeat(32)}`, lastRound: 0n, endRound: 0n, commits: 0 };

/** A beacon in memory, as CommitRevealBeacon keeps it, of which a test sets the round. */
class MemoryBeacon implements BeaconNetwork {
  readonly address: Address = `0x${"be".repeat(20)}`;
  readonly held = new Map<Address, BeaconParticipant>();
  readonly calls: string[] = [];
  state = { round: 0n, closesAt: 0, revealed: 0, expected: 0, isClosed: true };
  me: Address = "0x";

  round = async () => this.state;
  participant = async (account: Address) => this.held.get(account) ?? nobody;

  async commit(commits: number, head: Hex, length: number): Promise<CallOutcome> {
    const { round } = this.state;
    this.calls.push(`commit ${commits}`);
    this.held.set(this.me, { last: head, lastRound: round, endRound: round + BigInt(length), commits: commits + 1 });
    return done;
  }

  async open(): Promise<CallOutcome> {
    this.calls.push("open");
    this.state = { ...this.state, round: this.state.round + 1n, revealed: 0, expected: 2, isClosed: false };
    return done;
  }

  async reveal(round: bigint, account: Address, preimage: Hex): Promise<CallOutcome> {
    this.calls.push(`reveal ${round}`);
    const held = await this.participant(account);
    expect(keccakHex(hexToBytes(preimage)), "the preimage").to.equal(held.last);
    this.held.set(account, { ...held, last: preimage, lastRound: round });
    return done;
  }

  async punish(account: Address, missed: bigint): Promise<CallOutcome> {
    this.calls.push(`punish ${account} ${missed}`);
    this.held.delete(account);
    return done;
  }
}

describe("an oracle's part in the beacon", () => {
  let parties: TestParties;
  before(async () => {
    parties = await makeTestParties();
  });

  function oracle() {
    const [me] = parties.seats as [TestParties["seats"][number]];
    const clock = standingClock();
    const beacon = new MemoryBeacon();
    beacon.me = me.account;
    const ctx = nodeOf(me, parties, { clock, network: { beacon } });
    const seating = (beaconRound: bigint) => jobView(parties, { state: "Seating", beaconRound });
    return { me, clock, beacon, ctx, seating };
  }

  it("is a commitment, looked at again from time to time and made once", async () => {
    const { ctx, beacon, clock } = oracle();
    for (let minute = 0; minute < 5; minute++) {
      await keepCommitted(ctx);
      clock.pass(61_000);
    }
    expect(beacon.calls).to.deep.equal(["commit 0"]);
  });

  it("is committed to anew when the chain nears its end", async () => {
    const { ctx, beacon, clock, me } = oracle();
    await keepCommitted(ctx);
    const held = beacon.held.get(me.account) as BeaconParticipant;
    const round = held.endRound - 3n;
    beacon.state = { ...beacon.state, round };
    clock.pass(61_000);
    // Three rounds are left, and it owes the one that is open: first that.
    await keepCommitted(ctx);
    expect(beacon.calls).to.deep.equal(["commit 0"]);
    beacon.held.set(me.account, { ...held, lastRound: round });
    clock.pass(61_000);
    await keepCommitted(ctx);
    expect(beacon.calls).to.deep.equal(["commit 0", "commit 1"]);
  });

  it("is committed to anew with another operator key", async () => {
    const { ctx, beacon, clock, me } = oracle();
    beacon.held.set(me.account, { last: `0x${"07".repeat(32)}`, lastRound: 0n, endRound: 4096n, commits: 1 });
    await keepCommitted(ctx);
    clock.pass(61_000);
    await keepCommitted(ctx);
    expect(beacon.calls).to.deep.equal(["commit 1"]);
  });

  it("is the right preimage round after round, once each, and the draw waits until the round is closed", async () => {
    const { ctx, beacon, seating } = oracle();
    await keepCommitted(ctx);
    for (const round of [1n, 2n, 3n]) {
      beacon.state = { round, closesAt: 0, revealed: 0, expected: 2, isClosed: false };
      expect(await stepBeacon(ctx, seating(round))).to.equal(false);
      expect(await stepBeacon(ctx, seating(round))).to.equal(false);
      beacon.state = { ...beacon.state, revealed: 2, isClosed: true };
      expect(await stepBeacon(ctx, seating(round))).to.equal(true);
    }
    expect(beacon.calls).to.deep.equal(["commit 0", "reveal 1", "reveal 2", "reveal 3"]);
  });

  it("is to open the round of a job, once the one before is closed", async () => {
    const { ctx, beacon, seating, clock } = oracle();
    const stepFor = async (seconds: number) => {
      for (let i = 0; i < seconds; i++) {
        await stepBeacon(ctx, seating(2n));
        clock.pass(1000);
      }
    };
    beacon.state = { round: 1n, closesAt: 0, revealed: 1, expected: 2, isClosed: false };
    await stepFor(10);
    expect(beacon.calls).to.deep.equal([]);
    beacon.state = { ...beacon.state, isClosed: true };
    await stepFor(10);
    expect(beacon.calls).to.deep.equal(["open"]);
  });

  it("is to see those punished who owed a part of the closed round, and to draw all the same", async () => {
    const { ctx, beacon, seating, clock } = oracle();
    const [, silent] = parties.seats as [unknown, TestParties["seats"][number]];
    beacon.held.set(silent.account, { ...nobody, lastRound: 4n, endRound: 100n, commits: 1 });
    beacon.state = { round: 5n, closesAt: 0, revealed: 1, expected: 2, isClosed: true };
    for (let i = 0; i < 10; i++) {
      expect(await stepBeacon(ctx, seating(5n))).to.equal(true);
      clock.pass(1000);
    }
    expect(beacon.calls).to.deep.equal([`punish ${silent.account} 5`]);
  });
});
