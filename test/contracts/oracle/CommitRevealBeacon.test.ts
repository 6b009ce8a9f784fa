import { expect } from "chai";
import { hashChain } from "../../../offchain/crypto/hashChain.ts";
import { connect, type Deployed, type Signer } from "../chain.ts";
import { contactOf, profileOf, role } from "../participants.ts";

const chain = await connect();
const { ethers, time } = chain;
const revealSeconds = 60;
const treasury = chain.signer(19).address;
const [seating, running] = [2, 3];
const length = 5;

/** Job number `i` of a market. */
const jobId = (i: number) => ethers.id(`job ${i}`);

interface World {
  readonly beacon: Deployed;
  readonly world: Deployed;
  readonly oracles: readonly Signer[];
  /** Commits an oracle to its chain; `name` tells chains apart. */
  commit(i: number, name?: string, rounds?: number): Promise<unknown>;
  /** The preimage of an oracle's chain for its j-th round. */
  preimage(i: number, j: number, name?: string): Uint8Array;
  /** Opens a round for a job of that number, which waits for its draw. */
  open(job: number): Promise<unknown>;
  reveal(round: number, i: number, j?: number, name?: string): Promise<unknown>;
}

function chainOf(i: number, name = "first", rounds = length) {
  return hashChain(ethers.getBytes(ethers.id(`seed ${i} ${name}`)), rounds);
}

/** Four staked oracles, none of whom committed. */
async function fourOracles(): Promise<World> {
  const manager = await chain.deploy("AccessManager", [chain.signer(0)]);
  const registry = await chain.deploy("ParticipantRegistry", [manager, 1n, 2n, 3600n]);
  const world = await chain.deploy("BeaconWorld");
  const beacon = await chain.deploy("CommitRevealBeacon", [manager, registry, world, treasury, revealSeconds, 3]);
  await beacon.setMarket(world, true);
  const oracles = [1, 2, 3, 4].map(chain.signer);
  for (const [i, account] of oracles.entries()) {
    await registry.admit(account, profileOf(chain, i + 1, { roles: role.oracle }), contactOf(chain, i + 1));
    await world.setStake(account, 10);
  }
  const preimage = (i: number, j: number, name?: string) => chainOf(i, name).preimage(j);
  return {
    ...{ beacon, world, oracles, preimage },
    commit: (i, name, rounds = length) => beacon.connect(oracles[i]).commit(chainOf(i, name, rounds).head, rounds),
    async open(job) {
      await world.setState(jobId(job), seating);
      return beacon.open(world, jobId(job));
    },
    reveal: (round, i, j = round - 1, name) => beacon.reveal(round, oracles[i], preimage(i, j, name)),
  };
}

/** Four committed oracles, and round 1 open. */
async function roundOne(): Promise<World> {
  const w = await fourOracles();
  for (const i of [0, 1, 2, 3]) await w.commit(i);
  await w.open(1);
  return w;
}

/** A call that the contract refused by one of its errors is part of the walk; anything else is not. */
function refusal(error: Error): void {
  if (!error.message.includes("Beacon_")) throw error;
}

describe("CommitRevealBeacon", () => {
  describe("commit", () => {
    it("is for active oracles with a stake, by account or operator", async () => {
      const { beacon, world, oracles } = await chain.loadFixture(fourOracles);
      const [account] = oracles as [Signer];
      const refused = (who: Signer) =>
        expect(beacon.connect(who).commit(jobId(0), 1))
          .to.be.revertedWithCustomError(beacon, "Beacon_NotOracle")
          .withArgs(who.address);
      await refused(chain.signer(9));
      await world.setStake(account, 9);
      await refused(account);
      await world.setStake(account, 10);
      await expect(beacon.connect(account).commit(jobId(0), 7))
        .to.emit(beacon, "BeaconCommitted")
        .withArgs(account.address, jobId(0), 0, 7);
    });

    it("refuses chains of no round and of too many", async () => {
      const { commit, beacon } = await chain.loadFixture(fourOracles);
      for (const rounds of [0, 2 ** 20 + 1]) {
        await expect(beacon.connect(chain.signer(1)).commit(jobId(0), rounds))
          .to.be.revertedWithCustomError(beacon, "Beacon_BadLength")
          .withArgs(rounds, 2 ** 20);
      }
      await commit(0);
    });

    it("is refused while a part is owed, and counts once however often it is repeated", async () => {
      const { beacon, commit, oracles, reveal } = await chain.loadFixture(roundOne);
      await expect(commit(0, "other"))
        .to.be.revertedWithCustomError(beacon, "Beacon_Owes")
        .withArgs(oracles[0]?.address, 1);
      await reveal(1, 0);
      await commit(0, "other");
      await commit(0, "third");
      expect(await beacon.participants()).to.equal(4);
      expect((await beacon.participantOf(oracles[0])).commits).to.equal(3);
    });

    it("during an open round is for the next one", async () => {
      const { beacon, oracles } = await chain.loadFixture(fourOracles);
      const w = await chain.loadFixture(fourOracles);
      for (const i of [0, 1, 2]) await w.commit(i);
      await w.open(1);
      await w.commit(3);
      expect(await beacon.owes(oracles[3])).to.equal(false);
      await expect(w.reveal(1, 3, 0)).to.be.revertedWithCustomError(beacon, "Beacon_NotOwed");
      for (const i of [0, 1, 2]) await w.reveal(1, i);
      expect((await beacon.current()).expected).to.equal(3);
      await w.open(2);
      expect((await beacon.current()).expected).to.equal(4);
      await w.reveal(2, 3, 0);
    });
  });

  describe("open", () => {
    it("needs a market of the house, and a job of it that waits for its draw and opened none before", async () => {
      const { beacon, world, open } = await chain.loadFixture(roundOne);
      await expect(beacon.open(chain.signer(1), jobId(2)))
        .to.be.revertedWithCustomError(beacon, "Beacon_NotMarket")
        .withArgs(chain.signer(1).address);
      for (const state of [0, 1, running, 7]) {
        await world.setState(jobId(2), state);
        await expect(beacon.open(world, jobId(2)))
          .to.be.revertedWithCustomError(beacon, "Beacon_NotSeating")
          .withArgs(jobId(2));
      }
      await expect(open(1)).to.be.revertedWithCustomError(beacon, "Beacon_JobUsed").withArgs(jobId(1));
    });

    it("is opened once more for the dispute of a job", async () => {
      const { beacon, world, reveal } = await chain.loadFixture(roundOne);
      for (const i of [0, 1, 2, 3]) await reveal(1, i);
      await world.setState(jobId(1), 6);
      await beacon.open(world, jobId(1));
      for (const i of [0, 1, 2, 3]) await reveal(2, i);
      await expect(beacon.open(world, jobId(1))).to.be.revertedWithCustomError(beacon, "Beacon_JobUsed");
    });

    it("waits until the round before is closed", async () => {
      const { beacon, open, reveal } = await chain.loadFixture(roundOne);
      const { closesAt } = await beacon.current();
      await expect(open(2)).to.be.revertedWithCustomError(beacon, "Beacon_StillOpen").withArgs(1, closesAt);
      for (const i of [0, 1, 2, 3]) await reveal(1, i);
      await expect(open(2)).to.emit(beacon, "BeaconOpened");
    });

    it("needs participants enough", async () => {
      const { beacon, commit, open } = await chain.loadFixture(fourOracles);
      for (const i of [0, 1]) await commit(i);
      await expect(open(1)).to.be.revertedWithCustomError(beacon, "Beacon_TooFewParticipants").withArgs(2, 3);
      await commit(2);
      await open(1);
    });

    it("counts those whose chain still has a preimage", async () => {
      const { beacon, commit, open, reveal } = await chain.loadFixture(fourOracles);
      for (const i of [0, 1, 2]) await commit(i);
      await commit(3, "first", 1);
      await open(1);
      expect((await beacon.current()).expected).to.equal(4);
      expect(await beacon.participants()).to.equal(3);
      await beacon.reveal(1, chain.signer(4), chainOf(3, "first", 1).preimage(0));
      for (const i of [0, 1, 2]) await reveal(1, i);
      await open(2);
      expect((await beacon.current()).expected).to.equal(3);
    });
  });

  describe("reveal", () => {
    it("takes no part of another round, of nobody, twice, or after the end", async () => {
      const { beacon, reveal, oracles } = await chain.loadFixture(roundOne);
      for (const round of [0, 2]) {
        await expect(beacon.reveal(round, oracles[0], jobId(0)))
          .to.be.revertedWithCustomError(beacon, "Beacon_WrongRound")
          .withArgs(round, 1);
      }
      await expect(beacon.reveal(1, chain.signer(9), jobId(0))).to.be.revertedWithCustomError(beacon, "Beacon_NotOwed");
      await reveal(1, 0);
      await expect(reveal(1, 0)).to.be.revertedWithCustomError(beacon, "Beacon_NotOwed");
      await time.increase(revealSeconds + 1);
      await expect(reveal(1, 1)).to.be.revertedWithCustomError(beacon, "Beacon_Closed").withArgs(1);
    });

    it("takes the preimage alone, whoever brings it", async () => {
      const { beacon, reveal, oracles, preimage } = await chain.loadFixture(roundOne);
      await expect(reveal(1, 0, 1))
        .to.be.revertedWithCustomError(beacon, "Beacon_WrongPreimage")
        .withArgs(oracles[0]?.address, 1);
      await expect(beacon.connect(chain.signer(9)).reveal(1, oracles[0], preimage(0, 0)))
        .to.emit(beacon, "BeaconRevealed")
        .withArgs(1, oracles[0]?.address, ethers.hexlify(preimage(0, 0)));
    });
  });

  const valueAt = (beacon: Deployed, round: number) => beacon.getFunction("valueOf")(round);

  describe("valueOf", () => {
    it("is not there before the round is closed", async () => {
      const { beacon, reveal } = await chain.loadFixture(roundOne);
      for (const i of [0, 1, 2]) await reveal(1, i);
      for (const round of [0, 1, 2]) {
        await expect(valueAt(beacon, round)).to.be.revertedWithCustomError(beacon, "Beacon_NotReady").withArgs(round);
      }
      expect(await beacon.next()).to.equal(2);
    });

    it("is the same in whatever order parts come, and another one where any part is missing", async () => {
      const values: string[] = [];
      for (const order of [
        [0, 1, 2, 3],
        [3, 1, 0, 2],
        [0, 1, 2],
        [1, 2, 3],
      ]) {
        const { beacon, reveal } = await chain.loadFixture(roundOne);
        for (const i of order) await reveal(1, i);
        if (order.length < 4) await time.increase(revealSeconds + 1);
        values.push(await valueAt(beacon, 1));
      }
      expect(values[1]).to.equal(values[0]);
      expect(new Set(values).size).to.equal(3);
    });

    it("stays, and is lost where half or fewer came", async () => {
      const { beacon, reveal, open } = await chain.loadFixture(roundOne);
      for (const i of [0, 1]) await reveal(1, i);
      await time.increase(revealSeconds + 1);
      await expect(valueAt(beacon, 1)).to.be.revertedWithCustomError(beacon, "Beacon_Lost").withArgs(1);
      await open(2);
      for (const i of [0, 1]) await reveal(2, i);
      await expect(valueAt(beacon, 1)).to.be.revertedWithCustomError(beacon, "Beacon_Lost").withArgs(1);
      const w = await chain.loadFixture(roundOne);
      for (const i of [0, 1, 2]) await w.reveal(1, i);
      await time.increase(revealSeconds + 1);
      const value = await valueAt(w.beacon, 1);
      await w.open(2);
      expect(await valueAt(w.beacon, 1)).to.equal(value);
    });
  });

  describe("seedOf and hasRevealed", () => {
    it("tell a complete round from one in which somebody withheld, and who brought a part, also long after", async () => {
      const w = await chain.loadFixture(roundOne);
      const { beacon, oracles, reveal, open, commit } = w;
      const revealed = (round: number) => Promise.all(oracles.map((account) => beacon.hasRevealed(round, account)));
      for (const i of [0, 1, 2]) await reveal(1, i);
      await time.increase(revealSeconds + 1);
      expect(await beacon.seedOf(1)).to.deep.equal([await valueAt(beacon, 1), false]);
      expect(await revealed(1)).to.deep.equal([true, true, true, false]);
      // Who is punished and commits again has not revealed for what it missed.
      await beacon.punish(oracles[3]);
      await commit(3, "again");
      await open(2);
      for (const i of [0, 1, 2]) await reveal(2, i);
      await reveal(2, 3, 0, "again");
      expect(await beacon.seedOf(2)).to.deep.equal([await valueAt(beacon, 2), true]);
      expect(await revealed(1)).to.deep.equal([true, true, true, false]);
      expect(await revealed(2)).to.deep.equal([true, true, true, true]);
      expect(await beacon.hasRevealed(2, chain.signer(9))).to.equal(false);
    });
  });

  describe("punish", () => {
    it("is for who missed a closed round, once, and ends its part", async () => {
      const { beacon, world, reveal, oracles, open, commit } = await chain.loadFixture(roundOne);
      for (const i of [0, 1, 2]) await reveal(1, i);
      await expect(beacon.punish(oracles[3])).to.be.revertedWithCustomError(beacon, "Beacon_StillOpen");
      await time.increase(revealSeconds + 1);
      await expect(beacon.punish(oracles[0]))
        .to.be.revertedWithCustomError(beacon, "Beacon_NotOwed")
        .withArgs(oracles[0]?.address, 1);
      await expect(beacon.connect(chain.signer(9)).punish(oracles[3]))
        .to.emit(world, "Slashed")
        .withArgs(oracles[3]?.address, 1000, chain.signer(9).address, treasury);
      await expect(beacon.punish(oracles[3])).to.be.revertedWithCustomError(beacon, "Beacon_NotOwed");
      await open(2);
      expect((await beacon.current()).expected).to.equal(3);
      await commit(3, "again");
      expect(await beacon.participants()).to.equal(4);
    });

    it("reaches who missed the last round of its chain also later", async () => {
      const { beacon, commit, open, oracles, reveal } = await chain.loadFixture(fourOracles);
      for (const i of [0, 1, 2]) await commit(i);
      await commit(3, "first", 1);
      await open(1);
      for (const i of [0, 1, 2]) await reveal(1, i);
      await time.increase(revealSeconds + 1);
      await open(2);
      for (const i of [0, 1, 2]) await reveal(2, i);
      await expect(commit(3, "again")).to.be.revertedWithCustomError(beacon, "Beacon_Owes");
      await expect(beacon.punish(oracles[3])).to.emit(beacon, "BeaconPunished");
    });

    it("reaches who missed a round also when the next one is open, and that part is not made good", async () => {
      const { beacon, reveal, oracles, open } = await chain.loadFixture(roundOne);
      for (const i of [0, 1, 2]) await reveal(1, i);
      await time.increase(revealSeconds + 1);
      await open(2);
      for (const j of [0, 1]) {
        await expect(reveal(2, 3, j))
          .to.be.revertedWithCustomError(beacon, "Beacon_Missed")
          .withArgs(oracles[3]?.address, 1);
      }
      for (const i of [0, 1, 2]) await reveal(2, i);
      await time.increase(revealSeconds + 1);
      await expect(beacon.punish(oracles[3])).to.emit(beacon, "BeaconPunished");
    });
  });

  it("counts exactly those that have a preimage for the next round, whatever happens", async () => {
    const { beacon, world, oracles, commit, open } = await chain.loadFixture(fourOracles);
    // Deterministic: the same walk each time.
    let state = 7;
    const draw = (n: number) => {
      state = (state * 48271) % 2147483647;
      return state % n;
    };
    const chains = [0, 0, 0, 0].map(() => ({ from: 0, rounds: 0, name: "" }));
    for (let i = 0; i < 400; i++) {
      const who = draw(4);
      const act = draw(8);
      const { round } = await beacon.current();
      const mine = chains[who] as (typeof chains)[number];
      const before = (await beacon.participantOf(oracles[who])).commits;
      if (act === 0) {
        const next = { from: Number(round), rounds: 1 + draw(4), name: `walk ${i}` };
        await commit(who, next.name, next.rounds).catch(refusal);
        if ((await beacon.participantOf(oracles[who])).commits > before) chains[who] = next;
      } else if (act === 1) await open(1000 + i).catch(refusal);
      else if (act === 2) await time.increase(revealSeconds + 1);
      else if (act === 3) await beacon.punish(oracles[who]).catch(refusal);
      else if (act === 4) {
        await world.setStake(oracles[who], 0);
        await beacon.drop(oracles[who]).catch(refusal);
        await world.setStake(oracles[who], 10);
      } else {
        const at = Number(round) - mine.from - 1;
        if (at < 0 || at >= mine.rounds) continue;
        const preimage = chainOf(who, mine.name, mine.rounds).preimage(at);
        await beacon.reveal(round, oracles[who], preimage).catch(refusal);
      }
      const now = (await beacon.current()).round;
      const held = await Promise.all(oracles.map((account) => beacon.participantOf(account)));
      expect(await beacon.participants()).to.equal(held.filter(({ endRound }) => endRound > now).length);
    }
    expect((await beacon.current()).round).to.be.at.least(8);
  });

  describe("drop", () => {
    it("takes out who has no stake and owes nothing, so that rounds do not wait for it", async () => {
      const { beacon, world, reveal, oracles, open } = await chain.loadFixture(roundOne);
      await expect(beacon.drop(oracles[3])).to.be.revertedWithCustomError(beacon, "Beacon_Owes");
      for (const i of [0, 1, 2, 3]) await reveal(1, i);
      await expect(beacon.drop(oracles[3])).to.be.revertedWithCustomError(beacon, "Beacon_StillStaked");
      await world.setStake(oracles[3], 0);
      await expect(beacon.drop(oracles[3])).to.emit(beacon, "BeaconDropped").withArgs(oracles[3]?.address);
      await expect(beacon.drop(oracles[3])).to.be.revertedWithCustomError(beacon, "Beacon_NoParticipant");
      await open(2);
      expect((await beacon.current()).expected).to.equal(3);
    });
  });

  it("lets governance alone name markets", async () => {
    const { beacon, world } = await chain.loadFixture(fourOracles);
    await expect(beacon.connect(chain.signer(1)).setMarket(world, false)).to.be.revertedWithCustomError(
      beacon,
      "AccessManagedUnauthorized",
    );
  });

  it("is deployed with sensible bounds only", async () => {
    const { beacon, world } = await chain.loadFixture(fourOracles);
    const parameters = [await beacon.authority(), await beacon.registry(), world];
    for (const [field, values] of [
      ["revealSeconds", [0, 3]],
      ["revealSeconds", [86_401, 3]],
      ["minimumParticipants", [60, 1]],
    ] as const) {
      await expect(chain.deploy("CommitRevealBeacon", [...parameters, treasury, ...values]))
        .to.be.revertedWithCustomError(beacon, "Beacon_BadParameter")
        .withArgs(field);
    }
  });
});
