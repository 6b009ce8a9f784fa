import type { Address, Hex } from "../../core/bytes.ts";
import type { ContractCall } from "../legacyTransaction.ts";
import { type ParticipantStatus, participantStatuses } from "../reads/participants.ts";
import { type Addresses, callTo } from "./encode.ts";

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

export function admit(chain: Addresses, admission: Admission): ContractCall {
  const { account, operator, roles, tier, jurisdiction, group, encryptionKey, lei, name, endpoint } = admission;
  const profile = { operator, roles, status: participantStatuses.indexOf("active"), tier, jurisdiction, group };
  return callTo(chain, "ParticipantRegistry", "admit", [account, profile, { encryptionKey, lei, name, endpoint }]);
}

export function setStatus(chain: Addresses, account: Address, status: ParticipantStatus): ContractCall {
  return callTo(chain, "ParticipantRegistry", "setStatus", [account, participantStatuses.indexOf(status)]);
}

export function setRoles(chain: Addresses, account: Address, roles: number): ContractCall {
  return callTo(chain, "ParticipantRegistry", "setRoles", [account, roles]);
}

/** Called by the account itself. */
export function setKeys(
  chain: Addresses,
  keys: { readonly operator: Address; readonly encryptionKey: Hex; readonly endpoint: string },
): ContractCall {
  return callTo(chain, "ParticipantRegistry", "setKeys", [keys.operator, keys.encryptionKey, keys.endpoint]);
}

export function leave(chain: Addresses): ContractCall {
  return callTo(chain, "ParticipantRegistry", "leave", []);
}

export function promote(chain: Addresses, account: Address): ContractCall {
  return callTo(chain, "ParticipantRegistry", "promote", [account]);
}
