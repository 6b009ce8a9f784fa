import { accessManagerAbi } from "./generated/accessManager.ts";
import { assetRegistryAbi } from "./generated/assetRegistry.ts";
import { commitRevealBeaconAbi } from "./generated/commitRevealBeacon.ts";
import { constitutionAbi } from "./generated/constitution.ts";
import { incentiveTokenAbi } from "./generated/incentiveToken.ts";
import { jobDisputesAbi } from "./generated/jobDisputes.ts";
import { jobEndingAbi } from "./generated/jobEnding.ts";
import { jobMarketAbi } from "./generated/jobMarket.ts";
import { jobOpeningAbi } from "./generated/jobOpening.ts";
import { jobVerdictsAbi } from "./generated/jobVerdicts.ts";
import { oracleCommitteeAbi } from "./generated/oracleCommittee.ts";
import { participantRegistryAbi } from "./generated/participantRegistry.ts";
import { privacyLedgerAbi } from "./generated/privacyLedger.ts";
import { ruleBookAbi } from "./generated/ruleBook.ts";
import { stableTokenAbi } from "./generated/stableToken.ts";
import { usageLedgerAbi } from "./generated/usageLedger.ts";

/** ABI of each contract that off-chain code talks to, by the name it has in the manifest. */
export const abis = {
  AccessManager: accessManagerAbi,
  ParticipantRegistry: participantRegistryAbi,
  StableToken: stableTokenAbi,
  IncentiveToken: incentiveTokenAbi,
  AssetRegistry: assetRegistryAbi,
  PrivacyLedger: privacyLedgerAbi,
  UsageLedger: usageLedgerAbi,
  OracleCommittee: oracleCommitteeAbi,
  CommitRevealBeacon: commitRevealBeaconAbi,
  JobMarket: jobMarketAbi,
  JobOpening: jobOpeningAbi,
  RuleBook: ruleBookAbi,
  Constitution: constitutionAbi,
  JobEnding: jobEndingAbi,
  JobDisputes: jobDisputesAbi,
  JobVerdicts: jobVerdictsAbi,
} as const;

export type Abis = typeof abis;
export type ContractName = keyof Abis;
