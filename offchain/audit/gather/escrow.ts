import { encodeEventTopics, type Log, pad, parseEventLogs } from "viem";
import { jobMarketAbi } from "../../chain/abi/generated/jobMarket.ts";
import { stableTokenAbi } from "../../chain/abi/generated/stableToken.ts";
import type { Chain } from "../../chain/client.ts";
import { decodeJobLogs } from "../../chain/jobLogs.ts";
import { JobHistory } from "../../chain/jobParts.ts";
import { escrowOf, type JobRecord } from "../../chain/jobRecord.ts";
import { logsInRanges, type Topics } from "../../chain/logRanges.ts";
import type { ManifestContract } from "../../chain/manifest.ts";
import type { Address, Hex } from "../../core/bytes.ts";
import { namesEvaluator } from "../../protocol/acceptance.ts";
import type { EscrowInput } from "../input.ts";

/** Accounts whose balance is asked for at once. */
const accountsPerRound = 50;

/**
 * The market's books at a block: what each account is credited by its contract, what open jobs hold by their terms, and
 * the tokens that lie at its address. Throws chain/* errors.
 */
export async function escrowAt(chain: Chain, block: bigint): Promise<EscrowInput> {
  const at = { blockNumber: block };
  const [held, jobDeposit, protocolFeeBps, treasury, logs, received] = await Promise.all([
    chain.call("StableToken", "balanceOf", [chain.address("JobMarket")], at),
    chain.call("JobMarket", "jobDeposit", [], at),
    chain.call("JobMarket", "protocolFeeBps", [], at),
    chain.call("JobMarket", "treasury", [], at),
    logsOf(chain, "JobMarket", [], block),
    receivedBy(chain, block),
  ]);
  const deposits = parseEventLogs({ abi: jobMarketAbi, logs: [...logs], eventName: "Deposited", strict: true });
  const deposited = deposits.reduce((sum, { args }) => sum + args.stable, 0n);
  const seized = parseEventLogs({ abi: jobMarketAbi, logs: [...logs], eventName: "Seized", strict: true });
  const history = new JobHistory();
  history.apply(decodeJobLogs(logs));
  const jobs = history.jobs();
  const accounts = creditedAccounts(
    [treasury, ...deposits.map(({ args }) => args.account), ...seized.map(({ args }) => args.to)],
    jobs,
  );
  const open = jobs.filter(({ closing }) => closing === null);
  return {
    ...{ block, held, jobDeposit, protocolFeeBps, accounts: accounts.length, openJobs: open.length },
    credits: await creditsOf(chain, accounts, block),
    open: open.reduce((sum, job) => sum + heldBy(job, jobDeposit) + jobDeposit, 0n),
    unclaimed: received - deposited,
  };
}

/** Stable minor units that an open job holds beside its deposit: escrow, bonds of its seats and of challengers, and that of an evaluator from the start on. */
function heldBy({ terms, parties, committee, seatAccounts, dispute }: JobRecord, bond: bigint): bigint {
  const evaluator = parties !== null && namesEvaluator(terms) ? bond : 0n;
  const challenges = (dispute?.challenges ?? []).reduce((sum, challenge) => sum + challenge.bond, 0n);
  return escrowOf(terms) + (committee?.seatBond ?? 0n) * BigInt(seatAccounts.length) + evaluator + challenges;
}

/** Everybody whom the market can credit: depositors, and those whom a job pays or refunds. */
function creditedAccounts(others: readonly Address[], jobs: readonly JobRecord[]): Address[] {
  const ofJobs = jobs.flatMap(({ buyer, terms, parties, seatAccounts, dispute }) => [
    buyer,
    ...(namesEvaluator(terms) ? [terms.evaluator] : []),
    ...(parties?.contributors ?? []).map((c) => c.account),
    ...seatAccounts,
    ...(dispute?.challenges ?? []).map(({ account }) => account),
    ...(dispute?.panel?.accounts ?? []),
  ]);
  return [...new Set([...others, ...ofJobs].map((account) => account.toLowerCase() as Address))];
}

async function creditsOf(chain: Chain, accounts: readonly Address[], blockNumber: bigint): Promise<bigint> {
  let sum = 0n;
  for (let i = 0; i < accounts.length; i += accountsPerRound) {
    const some = accounts.slice(i, i + accountsPerRound);
    const credits = await Promise.all(some.map((a) => chain.call("JobMarket", "creditOf", [a], { blockNumber })));
    sum += credits.reduce((all, { stable }) => all + stable, 0n);
  }
  return sum;
}

async function receivedBy(chain: Chain, block: bigint): Promise<bigint> {
  const [transfer] = encodeEventTopics({ abi: stableTokenAbi, eventName: "Transfer" });
  const market = pad(chain.address("JobMarket").toLowerCase() as Address, { size: 32 });
  const logs = await logsOf(chain, "StableToken", [transfer as Hex, null, market], block);
  const transfers = parseEventLogs({ abi: stableTokenAbi, logs: [...logs], eventName: "Transfer", strict: true });
  return transfers.reduce((sum, { args }) => sum + args.value, 0n);
}

async function logsOf(chain: Chain, name: ManifestContract, topics: Topics, to: bigint): Promise<Log[]> {
  const question = { address: chain.address(name), topics, from: BigInt(chain.manifest.deployedBlock), to };
  const logs: Log[] = [];
  for await (const range of logsInRanges(chain, question)) logs.push(...range.logs);
  return logs;
}
