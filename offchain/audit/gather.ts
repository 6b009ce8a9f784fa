import { decodeFunctionData, type Log, parseEventLogs } from "viem";
import { jobMarketAbi } from "../chain/abi/generated/jobMarket.ts";
import type { Chain } from "../chain/client.ts";
import { readJob } from "../chain/jobParts.ts";
import type { JobRecord } from "../chain/jobRecord.ts";
import { logsInRanges } from "../chain/logRanges.ts";
import type { ManifestContract } from "../chain/manifest.ts";
import { getUsageProofs } from "../chain/reads/usageProofs.ts";
import { type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { ChainFacts, EscrowInput, UsageInput } from "./input.ts";

/**
 * Reads from the chain everything that the checks compare the evidence with. Needs no key and no other network.
 * Throws `audit/not-settled` and chain/* errors.
 */
export async function gatherFacts(chain: Chain, jobId: Hex): Promise<ChainFacts> {
  const record = await readJob(chain, jobId);
  if (record.state !== "Settled") throw notSettled(record);
  const contributors = record.parties?.contributors ?? [];
  const profiles = await chain.call("ParticipantRegistry", "profilesOf", [contributors.map((c) => c.account)]);
  return {
    chainId: chain.manifest.chainId,
    market: chain.address("JobMarket"),
    record,
    operators: profiles.map((p) => p.operator),
    words: await wordsOf(chain, record),
    usage: await usageOf(chain),
    escrow: await escrowOf(chain),
  };
}

function notSettled(record: JobRecord): FarshoreError {
  return new FarshoreError({
    code: "audit/not-settled",
    message: `job ${record.jobId} is ${record.state}: an audit needs a settled job`,
    facts: { jobId: record.jobId, state: record.state },
    remedy: "wait for its settlement; a failed job has only its usage proofs to show",
  });
}

async function wordsOf(chain: Chain, record: JobRecord): Promise<Uint8Array> {
  const step = record.steps.find((s) => s.step === "propose");
  if (step === undefined) return new Uint8Array();
  const { input } = await chain.ask((c) => c.getTransaction({ hash: step.transactionHash }));
  const { functionName, args } = decodeFunctionData({ abi: jobMarketAbi, data: input });
  return functionName === "propose" ? hexToBytes(args[6]) : new Uint8Array();
}

async function logsOf(chain: Chain, name: ManifestContract): Promise<Log[]> {
  const to = await chain.ask((c) => c.getBlockNumber());
  const question = { address: chain.address(name), topics: [], from: BigInt(chain.manifest.deployedBlock), to };
  const logs: Log[] = [];
  for await (const range of logsInRanges(chain, question)) logs.push(...range.logs);
  return logs;
}

async function usageOf(chain: Chain): Promise<UsageInput> {
  const [root, size, proofs] = await Promise.all([
    chain.call("UsageLedger", "root", []),
    chain.call("UsageLedger", "size", []),
    getUsageProofs(chain),
  ]);
  return { proofs: proofs.map(({ proof }) => proof), root, size: Number(size) };
}

async function escrowOf(chain: Chain): Promise<EscrowInput> {
  const [held, jobDeposit, market] = await Promise.all([
    chain.call("StableToken", "balanceOf", [chain.address("JobMarket")]),
    chain.call("JobMarket", "jobDeposit", []),
    logsOf(chain, "JobMarket"),
  ]);
  const deposits = parseEventLogs({ abi: jobMarketAbi, logs: market, eventName: "Deposited", strict: true });
  const withdrawals = parseEventLogs({ abi: jobMarketAbi, logs: market, eventName: "Withdrawn", strict: true });
  return {
    ...{ held, jobDeposit },
    deposited: deposits.reduce((sum, { args }) => sum + args.stable, 0n),
    withdrawn: withdrawals.reduce((sum, { args }) => sum + args.stable, 0n),
  };
}
