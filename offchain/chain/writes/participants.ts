import { type Address, type Hex, hexToBytes } from "../../core/bytes.ts";
import { farshoreDomain, typedHash } from "../../core/eip712.ts";
import type { Chain } from "../client.ts";
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

/** `reason`: number of the table of reasons of freeze for `suspended` and `left`, 0 for `active`. */
export function setStatus(chain: Addresses, account: Address, status: ParticipantStatus, reason: number): ContractCall {
  return callTo(chain, "ParticipantRegistry", "setStatus", [account, participantStatuses.indexOf(status), reason]);
}

/** Registrar only: a participant that left is active again. */
export function readmit(chain: Addresses, account: Address): ContractCall {
  return callTo(chain, "ParticipantRegistry", "readmit", [account]);
}

export function setRoles(chain: Addresses, account: Address, roles: number): ContractCall {
  return callTo(chain, "ParticipantRegistry", "setRoles", [account, roles]);
}

/** Called by the account itself. `operatorProof`: the new operator's signature of `operatorKeyDigest`; "0x" where it stays. */
export function setKeys(
  chain: Addresses,
  keys: {
    readonly operator: Address;
    readonly encryptionKey: Hex;
    readonly endpoint: string;
    readonly operatorProof: Hex;
  },
): ContractCall {
  const { operator, encryptionKey, endpoint, operatorProof } = keys;
  return callTo(chain, "ParticipantRegistry", "setKeys", [operator, encryptionKey, endpoint, operatorProof]);
}

/** The EIP-712 digest by which a new operator says that it acts for `account`; `nonce`: the account's `keyNonce`. */
export function operatorKeyDigest(
  chain: Pick<Chain, "address" | "manifest">,
  message: { readonly account: Address; readonly operator: Address; readonly nonce: bigint },
): Uint8Array {
  return hexToBytes(
    typedHash(farshoreDomain(chain.manifest.chainId, chain.address("ParticipantRegistry")), "OperatorKey", message),
  );
}

export function leave(chain: Addresses): ContractCall {
  return callTo(chain, "ParticipantRegistry", "leave", []);
}

export function promote(chain: Addresses, account: Address): ContractCall {
  return callTo(chain, "ParticipantRegistry", "promote", [account]);
}
