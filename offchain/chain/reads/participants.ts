import type { Address, Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";

/** `IParticipantRegistry.Status`, by number. */
export const participantStatuses = ["none", "active", "suspended", "left"] as const;
export type ParticipantStatus = (typeof participantStatuses)[number];

/** A participant as the registry holds it. `roles`: bitmap; `tier`: 0 lite, 1 member, 2 core. */
export interface Participant {
  readonly account: Address;
  readonly operator: Address;
  readonly roles: number;
  readonly status: ParticipantStatus;
  readonly tier: number;
  readonly jurisdiction: number;
  readonly group: number;
  readonly encryptionKey: Hex;
  readonly lei: Hex;
  readonly name: string;
  readonly endpoint: string;
}

/** One participant by its account; status `none` when it was never admitted. */
export async function getParticipant(chain: Chain, account: Address): Promise<Participant> {
  const [profile, contact] = await Promise.all([
    chain.call("ParticipantRegistry", "profileOf", [account]),
    chain.call("ParticipantRegistry", "contactOf", [account]),
  ]);
  return { account, ...profile, status: participantStatuses[profile.status] ?? "none", ...contact };
}

/** The account whose node signs with this operator key; undefined when there is none. */
export async function getAccountOfOperator(chain: Chain, operator: Address): Promise<Address | undefined> {
  const account = await chain.call("ParticipantRegistry", "accountOf", [operator]);
  return BigInt(account) === 0n ? undefined : account;
}

/** All participants in the order in which they were admitted. */
export async function getParticipants(chain: Chain): Promise<Participant[]> {
  const count = Number(await chain.call("ParticipantRegistry", "count", []));
  const accounts = Array.from({ length: count }, (_, i) => chain.call("ParticipantRegistry", "accountAt", [BigInt(i)]));
  return Promise.all((await Promise.all(accounts)).map((account) => getParticipant(chain, account)));
}
