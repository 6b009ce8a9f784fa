import { keccakHex } from "../core/hash.ts";
import { purposes } from "../core/tables/purposes.ts";
import { type Rules, rulesBytes } from "./rules.ts";

const gdpr = [
  ...(["gdprConsent", "gdprContract", "gdprLegalObligation"] as const),
  ...(["gdprVitalInterests", "gdprPublicTask", "gdprLegitimateInterests"] as const),
];
const pipl = [
  ...(["piplConsent", "piplContract", "piplStatutoryDuty", "piplEmergency"] as const),
  ...(["piplNews", "piplDisclosed", "piplOtherLaw"] as const),
];

/** Version 1 of the rules, in force from the deployment on: every release carries it, later versions come from the boards. */
export const genesisRules: Rules = {
  version: 1,
  title: "Farshore rules at genesis",
  text: "Contributors take part under a legal basis of their own jurisdiction; a model is scored on at least 1000 rows that it was not trained on.",
  minimumValidationRows: 1000,
  purposes: Object.keys(purposes) as Rules["purposes"],
  legalBases: { "*": gdpr, CN: pipl },
  leastNoiseMilli: {},
};

/** keccak256 of its bytes: what the deployment publishes. */
export const genesisRulesHash = keccakHex(rulesBytes(genesisRules));
