import { encodeEventTopics, pad, parseEventLogs } from "viem";
import { participantRegistryAbi } from "../../chain/abi/generated/participantRegistry.ts";
import type { Chain } from "../../chain/client.ts";
import { logsInRanges } from "../../chain/logRanges.ts";
import type { Address, Hex } from "../../core/bytes.ts";
import type { OperatorHistory } from "../input.ts";

const topics = (["ParticipantAdmitted", "ParticipantKeysChanged"] as const).map(
  (eventName) => encodeEventTopics({ abi: participantRegistryAbi, eventName })[0] as Hex,
);

/**
 * Operators of accounts up to a block, from the registry's events: what `profileOf` says today is no fact about a past job,
 * and neither is a suspension since. Throws chain/* errors.
 */
export async function operatorsUntil(
  chain: Chain,
  accounts: readonly Address[],
  to: bigint,
): Promise<OperatorHistory[]> {
  const found: { account: string; operator: Address; from: bigint }[] = [];
  const question = {
    address: chain.address("ParticipantRegistry"),
    topics: [topics, accounts.map((account) => pad(account.toLowerCase() as Address, { size: 32 }))],
    ...{ from: BigInt(chain.manifest.deployedBlock), to },
  };
  for await (const { logs } of logsInRanges(chain, question)) {
    const events = parseEventLogs({
      abi: participantRegistryAbi,
      logs: [...logs],
      eventName: ["ParticipantAdmitted", "ParticipantKeysChanged"],
    });
    for (const { eventName, args, blockNumber } of events) {
      const operator = eventName === "ParticipantAdmitted" ? args.profile.operator : args.operator;
      found.push({ account: args.account.toLowerCase(), operator, from: blockNumber });
    }
  }
  return accounts.map((account) => found.filter((f) => f.account === account.toLowerCase()));
}
