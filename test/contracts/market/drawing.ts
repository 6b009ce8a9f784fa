import { hashChain } from "../../../offchain/crypto/hashChain.ts";
import type { Deployed, Signer, TestChain } from "../chain.ts";
import type { Platform } from "../platform.ts";
import { type Actor, openStage, type Stage, seatedOracles } from "./stage.ts";

/** Seconds of a round of the beacon, and how many rounds an oracle's chain serves. */
const revealSeconds = 60;
const rounds = 64;
const minimumParticipants = 3;

/** An oracle's chain of preimages. */
export function chainOf(chain: TestChain, oracle: Actor) {
  return hashChain(chain.ethers.getBytes(chain.ethers.id(`seed of ${oracle.account.address}`)), rounds);
}

/** The stage with the product's own beacon, to which all oracles committed: a job's round is opened for it and filled by all of them. */
export async function openDrawing(chain: TestChain, bankCount = 3, oracleCount = seatedOracles): Promise<Stage> {
  const treasury = chain.signer(39);
  const withBeacon = (usual: Platform) => deployBeacon(chain, usual, treasury);
  const stage = await openStage(chain, bankCount, {}, oracleCount, withBeacon);
  const { beacon, committee, jobs, oracles } = stage;
  await committee.setSlasher(beacon, true);
  await beacon.setMarket(jobs, true);
  for (const oracle of oracles) await beacon.connect(oracle.account).commit(chainOf(chain, oracle).head, rounds);
  return { ...stage, draw: (jobId) => fillRound(stage, jobId) };
}

async function deployBeacon(chain: TestChain, usual: Platform, treasury: Signer): Promise<{ beacon: Deployed }> {
  const { manager, registry, committee } = usual;
  const args = [manager, registry, committee, treasury, revealSeconds, minimumParticipants];
  return { beacon: await chain.deploy("CommitRevealBeacon", args) };
}

async function fillRound({ chain, beacon, jobs, oracles }: Stage, jobId: string): Promise<void> {
  await beacon.open(jobs, jobId);
  const { round } = await beacon.current();
  for (const oracle of oracles) {
    await beacon.reveal(round, oracle.account, chainOf(chain, oracle).preimage(Number(round) - 1));
  }
}
