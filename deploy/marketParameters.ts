import type {
  AccountRuntimeValue,
  IgnitionModuleBuilder,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";

const fields = [
  "deposit",
  "bondFactorBps",
  "grace",
  "seatSeconds",
  "minimumRoundSeconds",
  "minimumProposeSeconds",
  "minimumChallengeSeconds",
  "minimumValidationRows",
  "embedded",
  "epochSeconds",
  "epochEmission",
  "incentivePerStable",
  "halvingEpochs",
  "challengeBond",
  "verdictSeconds",
  "adjudicationSeconds",
  "haltGap",
  "protocolFeeBps",
  "openJobsLite",
  "openJobsMember",
  "openJobsCore",
] as const;

/**
 * The struct `MarketParameters`, each field a parameter of the module; the treasury is the deployer's unless named, and
 * epochs begin when the incentive token's do.
 */
export function marketParameters(
  m: IgnitionModuleBuilder,
  deployer: AccountRuntimeValue,
  incentiveToken: NamedArtifactContractDeploymentFuture<"IncentiveToken">,
) {
  const epochStart = m.staticCall(incentiveToken, "emissionStart");
  const values = Object.fromEntries(fields.map((field) => [field, m.getParameter(field)]));
  return { treasury: m.getParameter("treasury", deployer), ...values, epochStart };
}
