import { domainSeparator, hashStruct } from "viem";
import { type Address, concatBytes, type Hex, hexToBytes } from "./bytes.ts";
import { keccakHex } from "./hash.ts";
import { encodeStatic } from "./staticStruct.ts";

/**
 * EIP-712 types of everything that is signed, field by field as in contracts/market/IJobTypes.sol,
 * contracts/assets/IAssetRegistry.sol and contracts/identity/IParticipantRegistry.sol. Enumerations of the contracts are uint8 here, as in the structs that are signed.
 */
export const farshoreTypes = {
  /** Signed by a new operator in the registry's domain: nobody names a key that it does not hold. */
  OperatorKey: [
    { name: "account", type: "address" },
    { name: "operator", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
  AssetUse: [
    { name: "assetId", type: "uint256" },
    { name: "version", type: "uint32" },
    { name: "weight", type: "uint32" },
    { name: "rhoNano", type: "uint64" },
    { name: "price", type: "uint128" },
  ],
  JobTerms: [
    { name: "specHash", type: "bytes32" },
    { name: "codeHash", type: "bytes32" },
    { name: "validationRoot", type: "bytes32" },
    { name: "evaluator", type: "address" },
    { name: "purpose", type: "uint16" },
    { name: "legalBasis", type: "uint16" },
    { name: "aggregation", type: "uint8" },
    { name: "noiseMilli", type: "uint32" },
    { name: "rounds", type: "uint16" },
    { name: "k", type: "uint8" },
    { name: "m", type: "uint8" },
    { name: "t", type: "uint8" },
    { name: "f", type: "uint8" },
    { name: "tier", type: "uint8" },
    { name: "base", type: "uint128" },
    { name: "performance", type: "uint128" },
    { name: "oracleFee", type: "uint128" },
    { name: "utilityTarget", type: "int64" },
    { name: "startSeconds", type: "uint32" },
    { name: "roundSeconds", type: "uint32" },
    { name: "proposeSeconds", type: "uint32" },
    { name: "challengeSeconds", type: "uint32" },
    { name: "retentionDays", type: "uint32" },
    { name: "rulesVersion", type: "uint32" },
    { name: "validationRows", type: "uint32" },
    { name: "parameters", type: "uint32" },
    { name: "assets", type: "AssetUse[]" },
  ],
  Acceptance: [
    { name: "jobId", type: "bytes32" },
    { name: "termsHash", type: "bytes32" },
    { name: "assetIndex", type: "uint8" },
    { name: "consents", type: "uint32" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint64" },
  ],
  RoundSet: [
    { name: "jobId", type: "bytes32" },
    { name: "round", type: "uint16" },
    { name: "stateHash", type: "bytes32" },
    { name: "bitmap", type: "uint256" },
    { name: "dealingsRoot", type: "bytes32" },
  ],
  StateAttestation: [
    { name: "jobId", type: "bytes32" },
    { name: "round", type: "uint16" },
    { name: "stateHash", type: "bytes32" },
    { name: "roundsDigest", type: "bytes32" },
  ],
  ShareStatement: [
    { name: "jobId", type: "bytes32" },
    { name: "round", type: "uint16" },
    { name: "kind", type: "uint8" },
    { name: "roundsDigest", type: "bytes32" },
    { name: "valuesHash", type: "bytes32" },
  ],
  Finish: [
    { name: "jobId", type: "bytes32" },
    { name: "round", type: "uint16" },
    { name: "stateHash", type: "bytes32" },
    { name: "reason", type: "uint8" },
  ],
  JobResult: [
    { name: "jobId", type: "bytes32" },
    { name: "termsHash", type: "bytes32" },
    { name: "kind", type: "uint8" },
    { name: "roundsDigest", type: "bytes32" },
    { name: "modelRoot", type: "bytes32" },
    { name: "evidenceRoot", type: "bytes32" },
    { name: "deliveryRoot", type: "bytes32" },
    { name: "utilityStart", type: "int64" },
    { name: "utilityEnd", type: "int64" },
    { name: "scoreTotal", type: "int64" },
    { name: "removed", type: "int64" },
    { name: "ridgeTerm", type: "int64" },
    { name: "wordsHash", type: "bytes32" },
  ],
  Verdict: [
    { name: "proposalHash", type: "bytes32" },
    { name: "ruling", type: "uint8" },
    { name: "result", type: "JobResult" },
  ],
} as const;

export type PrimaryType = keyof typeof farshoreTypes;

/** What binds signatures to one market on one chain. */
export interface FarshoreDomain {
  readonly name: "Farshore";
  readonly version: "1";
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** The EIP-712 domain of a market, or of the registry for `OperatorKey`. */
export function farshoreDomain(chainId: number, market: Address): FarshoreDomain {
  return { name: "Farshore", version: "1", chainId, verifyingContract: market };
}

/**
 * The EIP-712 digest that is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash). viem's error for a field that is
 * missing, of another type or out of its range.
 */
export function typedHash(domain: FarshoreDomain, primaryType: PrimaryType, message: object): Hex {
  const struct = hexToBytes(structHash(primaryType, message));
  return keccakHex(concatBytes(domainPrefix(domain), struct));
}

// 0x1901 and the domain's separator: one market signs many statements.
function domainPrefix(domain: FarshoreDomain): Uint8Array {
  const key = `${domain.chainId}:${domain.verifyingContract.toLowerCase()}`;
  const known = prefixes.get(key);
  if (known !== undefined) return known;
  const prefix = concatBytes(Uint8Array.of(0x19, 0x01), hexToBytes(domainSeparator({ domain })));
  prefixes.set(key, prefix);
  return prefix;
}

const prefixes = new Map<string, Uint8Array>();

/** The EIP-712 struct hash without a domain; the digest of certified rounds chains those of `RoundSet`. */
export function structHash(primaryType: PrimaryType, message: object): Hex {
  const words = staticWords(primaryType, message as Record<string, unknown>);
  if (words !== undefined) return keccakHex(words);
  return hashStruct({ data: message as never, primaryType, types: farshoreTypes });
}

/** Type hash and fields of a struct whose fields are one word each; undefined for one that holds structs. */
function staticWords(primaryType: PrimaryType, message: Record<string, unknown>): Uint8Array | undefined {
  return encodeStatic(primaryType, farshoreTypes[primaryType], message);
}
