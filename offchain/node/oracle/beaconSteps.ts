import { type BeaconRound, owesBeacon } from "../../chain/reads/beacon.ts";
import { bytesToHex, type Hex } from "../../core/bytes.ts";
import { keccakHex } from "../../core/hash.ts";
import type { HashChain } from "../../crypto/hashChain.ts";
import { beaconChain, beaconChainLength } from "../../protocol/beaconChain.ts";
import type { NodeContext } from "../context.ts";
import type { JobView } from "../network.ts";
import { inTurn, oraclePlace } from "./turn.ts";

/** A chain this near to its end is replaced. */
const fewRounds = 16n;
/** Milliseconds between looks at this oracle's own commitment: while it stands, and while it does not. */
const standingMs = 60_000;
const missingMs = 2_000;

/**
 * Keeps this oracle committed to the beacon's next rounds: at once where it is not, anew where its chain nears its end or is of an
 * operator's key that it no longer has. Nothing where it has no stake: then it is no oracle yet.
 */
export async function keepCommitted(ctx: NodeContext): Promise<void> {
  const now = ctx.clock.nowMs();
  if (now < (ctx.turns.get(lookAt) ?? 0)) return;
  // Before any answer: a look at a time.
  ctx.turns.set(lookAt, now + missingMs);
  const { beacon } = ctx.network;
  const [round, held] = await Promise.all([beacon.round(), beacon.participant(ctx.me.account)]);
  const owes = owesBeacon(held, round);
  const isOwn = held.endRound > 0n && nextPreimage(ctx, held) !== null;
  if (owes || (isOwn && held.endRound > round.round + fewRounds)) {
    ctx.turns.set(lookAt, now + (owes ? missingMs : standingMs));
    return;
  }
  const { head } = chainOf(ctx, held.commits);
  const { status, reason } = await beacon.commit(held.commits, bytesToHex(head), beaconChainLength);
  if (status === "done") ctx.log.info({ commits: held.commits, rounds: beaconChainLength }, "committed to the beacon");
  else ctx.log.debug({ status, reason }, "not committed to the beacon");
}

const lookAt = "beacon:look";

/**
 * What a job that waits for its draw needs of the beacon: its round opened, this oracle's part of it, and who owed one and did not bring it
 * punished. True once the round is closed.
 */
export async function stepBeacon(ctx: NodeContext, job: JobView): Promise<boolean> {
  const { beacon } = ctx.network;
  const round = await beacon.round();
  if (round.round > job.beaconRound) return true;
  if (round.round < job.beaconRound) {
    if (round.round === 0n || round.isClosed) await openRound(ctx, job);
    return false;
  }
  if (!round.isClosed) await revealOwn(ctx, round);
  else if (round.revealed < round.expected) await punishMissing(ctx, job, round);
  return round.isClosed;
}

async function openRound(ctx: NodeContext, job: JobView): Promise<void> {
  await inTurn(ctx, job.jobId, "beacon:open", await oraclePlace(ctx), () => ctx.network.beacon.open(job.jobId));
}

async function revealOwn(ctx: NodeContext, round: BeaconRound): Promise<void> {
  const { beacon } = ctx.network;
  const key = `beacon:reveal:${round.round}`;
  if (ctx.done.has(key)) return;
  const held = await beacon.participant(ctx.me.account);
  if (!owesBeacon(held, round)) return;
  const preimage = nextPreimage(ctx, held);
  if (preimage === null) {
    ctx.log.warn(
      { round: round.round },
      "the beacon waits for a part that an earlier operator key of this oracle made",
    );
    return;
  }
  const { status, reason } = await beacon.reveal(round.round, ctx.me.account, preimage);
  if (status === "done") ctx.done.add(key);
  else ctx.log.debug({ round: round.round, status, reason }, "not revealed to the beacon");
}

async function punishMissing(ctx: NodeContext, job: JobView, round: BeaconRound): Promise<void> {
  const { beacon } = ctx.network;
  const place = await oraclePlace(ctx);
  for (const { account } of await ctx.network.oracles()) {
    const held = await beacon.participant(account);
    if (!owesBeacon(held, round)) continue;
    ctx.log.warn({ party: account, round: round.round }, "an oracle did not reveal its part to the beacon");
    await inTurn(ctx, job.jobId, `beacon:punish:${account}`, place, () => beacon.punish(account, held.lastRound + 1n));
  }
}

/** What hashes to `last` in this oracle's newest chain; null when the chain is another key's. */
function nextPreimage(
  ctx: NodeContext,
  held: { last: Hex; endRound: bigint; lastRound: bigint; commits: number },
): Hex | null {
  const left = Number(held.endRound - held.lastRound);
  if (held.commits === 0 || left < 1 || left > beaconChainLength) return null;
  const preimage = chainOf(ctx, held.commits - 1).preimage(beaconChainLength - left);
  return keccakHex(preimage) === held.last ? bytesToHex(preimage) : null;
}

function chainOf(ctx: NodeContext, commits: number): HashChain {
  const { chainId } = ctx.domain;
  return beaconChain(ctx.keys.operator, { chainId, beacon: ctx.network.beacon.address }, commits);
}
