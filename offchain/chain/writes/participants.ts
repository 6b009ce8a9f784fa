import type { Address, Hex } from "../../core/bytes.ts";
import type { Chain } from "../client.ts";
import { contractCall } from "../contractCall.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type ParticipantStatus, participantStatuses } from "../reads/participants.ts";

// Calls of `ParticipantRegistry`. Requirements and effects stand in IParticipantRegistry.sol.

/** Who is admitted, and how. `lei`: 20 ASCII bytes; `encryptionKey`: X25519; `tier`: 0 lite, 1 member, 2 core. */
export interface Admission {
  readonly account: Address;
  readonly operator: Address;
  readonly roles: number;
  readonly tier: number;
  readonly jurisdiction: number;
  readonly group: number;
  readonly encryptionKey: Hex;
  readonly lei: Hex;
  readonly name: string;
  readonly endpoint: string;
}

export function admit(chain: Chain, admission: Admission): ContractCall {
  const { account, operator, roles, tier, jurisdiction, group, encryptionKey, lei, name, endpoint } = admission;
  const profile = { operator, roles, status: participantStatuses.indexOf("active"), tier, jurisdiction, group };
  return contractCall(chain, "ParticipantRegistry", "admit", [
    account,
    profile,
    { encryptionKey, lei, name, endpoint },
  ]);
}

export function setStatus(chain: Chain, account: Address, status: ParticipantStatus): ContractCall {
  return contractCall(chain, "ParticipantRegistry", "setStatus", [account, participantStatuses.indexOf(status)]);
}

export function setRoles(chain: Chain, account: Address, roles: number): ContractCall {
  return contractCall(chain, "ParticipantRegistry", "setRoles", [account, roles]);
}

/** Called by the account itself. */
export function setKeys(
  chain: Chain,
  keys: { readonly operator: Address; readonly encryptionKey: Hex; readonly endpoint: string },
): ContractCall {
  return contractCall(chain, "ParticipantRegistry", "setKeys", [keys.operator, keys.encryptionKey, keys.endpoint]);
}

export function leave(chain: Chain): ContractCall {
  return contractCall(chain, "ParticipantRegistry", "leave", []);
}

export function promote(chain: Chain, account: Address): ContractCall {
  return contractCall(chain, "ParticipantRegistry", "promote", [account]);
}
