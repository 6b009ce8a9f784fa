import { encodeEventTopics, parseEventLogs } from "viem";
import type { Address, Hex } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { oracleCommitteeAbi } from "../abi/generated/oracleCommittee.ts";
import type { Chain } from "../client.ts";
import { logsInRanges } from "../logRanges.ts";

/** An oracle eligible for draws. `stake`: incentive token, 18 decimals. */
export interface Candidate {
  readonly account: Address;
  readonly operator: Address;
  readonly group: number;
  readonly stake: bigint;
}

const [rosterChanged] = encodeEventTopics({ abi: oracleCommitteeAbi, eventName: "RosterChanged" });

/**
 * The oracles behind a roster hash: the committee's current roster where it is that one, else the event that announced
 * it. Throws `chain/unknown-roster`.
 */
export async function getRoster(chain: Chain, hash: Hex): Promise<readonly Candidate[]> {
  if ((await chain.call("OracleCommittee", "rosterHash", [])) === hash) {
    const candidates = await chain.call("OracleCommittee", "roster", []);
    if ((await chain.call("OracleCommittee", "rosterHash", [])) === hash) return candidates;
  }
  const to = await chain.ask((c) => c.getBlockNumber({ cacheTime: 0 }));
  const from = BigInt(chain.manifest.deployedBlock);
  const question = { address: chain.address("OracleCommittee"), topics: [rosterChanged as Hex, hash], from, to };
  for await (const { logs } of logsInRanges(chain, question)) {
    const [event] = parseEventLogs({ abi: oracleCommitteeAbi, logs: [...logs], eventName: "RosterChanged" });
    if (event !== undefined) return event.args.candidates;
  }
  throw new FarshoreError({
    code: "chain/unknown-roster",
    message: `no roster of oracles with hash ${hash} was ever announced`,
    facts: { roster: hash },
    remedy: "read the job again; if it persists, the node serves incomplete logs: use another",
  });
}
