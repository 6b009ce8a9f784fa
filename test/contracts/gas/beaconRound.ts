import type { Deployed, TestChain } from "../chain.ts";
import { chainOf, openDrawing } from "../market/drawing.ts";
import { Job, termsOf } from "../market/job.ts";
import type { Actor } from "../market/stage.ts";
import type { Gas } from "./entryPoints.ts";

/** What `seat` costs where the product's own beacon draws, and what the beacon's round costs its oracles. */
export async function gasOfBeaconRound(chain: TestChain): Promise<Gas> {
  const gas: Gas = new Map();
  const note = async (name: string, sent: Promise<Deployed>) => {
    gas.set(name, Number((await (await sent).wait()).gasUsed));
  };
  const stage = await openDrawing(chain);
  const settled = new Job(stage, termsOf(stage));
  await settled.toSettled();
  gas.set("JobMarket.seat, the beacon of reveals", settled.gas.get("seat") as number);

  const { beacon, jobs, oracles } = stage;
  const job = new Job(stage, termsOf(stage, { validationRoot: chain.ethers.id("beacon") }));
  await job.post();
  await job.start();
  const [first, second, third] = oracles as [Actor, Actor, Actor];
  const preimage = (oracle: Actor) => chainOf(chain, oracle).preimage(1);
  await note("CommitRevealBeacon.open", beacon.open(jobs, job.id));
  await note("CommitRevealBeacon.reveal, the first", beacon.reveal(2, first.account, preimage(first)));
  await note("CommitRevealBeacon.reveal", beacon.reveal(2, second.account, preimage(second)));
  await chain.time.increase(3600);
  await note("CommitRevealBeacon.punish", beacon.punish(third.account));
  const again = chain.ethers.id("another chain");
  await note("CommitRevealBeacon.commit, again", beacon.connect(first.account).commit(again, 64));
  return gas;
}
