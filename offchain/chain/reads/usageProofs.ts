import { encodeEventTopics, parseEventLogs } from "viem";
import type { Hex } from "../../core/bytes.ts";
import type { UsageLeaf } from "../../crypto/usageLeaf.ts";
import { usageLedgerAbi } from "../abi/generated/usageLedger.ts";
import type { Chain } from "../client.ts";
import { logsInRanges } from "../logRanges.ts";
import { unpackUsage } from "../packedUsage.ts";

/** `IUsageLedger.UsageProof` with its leaf index. */
export interface IndexedUsageProof {
  readonly index: bigint;
  readonly proof: UsageLeaf;
  readonly transactionHash: Hex;
}

const [appended] = encodeEventTopics({ abi: usageLedgerAbi, eventName: "UsageAppended" });

/** Usage proofs in the order of the ledger: of one job, or of all (for null, the leaves of the whole mountain range). */
export async function getUsageProofs(chain: Chain, jobId: Hex | null = null): Promise<IndexedUsageProof[]> {
  const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const from = BigInt(chain.manifest.deployedBlock);
  const question = { address: chain.address("UsageLedger"), topics: [appended as Hex, jobId], from, to };
  const found: IndexedUsageProof[] = [];
  for await (const { logs } of logsInRanges(chain, question)) {
    const events = parseEventLogs({ abi: usageLedgerAbi, logs: [...logs], eventName: "UsageAppended" });
    for (const { args, transactionHash } of events) {
      found.push(...unpackUsage(args).map((proof, i) => ({ index: args.first + BigInt(i), proof, transactionHash })));
    }
  }
  return found;
}
