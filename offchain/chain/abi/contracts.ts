import { assetRegistryAbi } from "./generated/assetRegistry.ts";
import { beaconAbi } from "./generated/beacon.ts";
import { jobMarketAbi } from "./generated/jobMarket.ts";
import { oracleCommitteeAbi } from "./generated/oracleCommittee.ts";
import { participantRegistryAbi } from "./generated/participantRegistry.ts";
import { privacyLedgerAbi } from "./generated/privacyLedger.ts";
import { usageLedgerAbi } from "./generated/usageLedger.ts";
import { tokenAbi } from "./token.ts";

/** ABI of each contract that off-chain code talks to, by the name it has in the manifest. */
export const abis = {
  ParticipantRegistry: participantRegistryAbi,
  StableToken: tokenAbi,
  IncentiveToken: tokenAbi,
  AssetRegistry: assetRegistryAbi,
  PrivacyLedger: privacyLedgerAbi,
  UsageLedger: usageLedgerAbi,
  OracleCommittee: oracleCommitteeAbi,
  Beacon: beaconAbi,
  JobMarket: jobMarketAbi,
} as const;

export type Abis = typeof abis;
export type ContractName = keyof Abis;
