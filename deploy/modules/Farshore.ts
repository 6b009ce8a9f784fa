import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { genesisRulesHash } from "../../offchain/protocol/genesisRules.ts";
import { administration } from "../administration.ts";
import { marketParameters } from "../marketParameters.ts";

/**
 * The whole deployment. The first account deploys and administers; parameters stand in deploy/parameters/NETWORK.json.
 * Contracts that hot paths call are constructor arguments (immutable); who may write where is wired afterwards.
 */
export default buildModule("Farshore", (m) => {
  const deployer = m.getAccount(0);
  const AccessManager = m.contract("AccessManager", [deployer]);
  const tiers = [m.getParameter("memberAt"), m.getParameter("coreAt"), m.getParameter("noticeSeconds")];
  const ParticipantRegistry = m.contract("ParticipantRegistry", [AccessManager, ...tiers]);
  const StableToken = m.contract("StableToken", [AccessManager, ParticipantRegistry]);
  const IncentiveToken = m.contract("IncentiveToken", [
    AccessManager,
    m.getParameter("incentiveCap"),
    {
      initialEmission: m.getParameter("epochEmission"),
      epochSeconds: m.getParameter("epochSeconds"),
      halvingEpochs: m.getParameter("halvingEpochs"),
    },
    m.getParameter("genesisRecipients"),
    m.getParameter("genesisAmounts"),
  ]);
  const PrivacyLedger = m.contract("PrivacyLedger", [AccessManager]);
  const UsageLedger = m.contract("UsageLedger", [AccessManager]);
  const AssetRegistry = m.contract("AssetRegistry", [
    ...[AccessManager, ParticipantRegistry, PrivacyLedger],
    m.getParameter("listingCaps"),
  ]);
  const OracleCommittee = m.contract("OracleCommittee", [
    ...[AccessManager, ParticipantRegistry, IncentiveToken],
    ...[m.getParameter("minimumStake"), m.getParameter("exitDelaySeconds")],
  ]);
  const CommitRevealBeacon = m.contract("CommitRevealBeacon", [
    ...[AccessManager, ParticipantRegistry, OracleCommittee, m.getParameter("treasury", deployer)],
    ...[m.getParameter("revealSeconds"), m.getParameter("minimumParticipants")],
  ]);
  const RuleBook = m.contract("RuleBook", [AccessManager, m.getParameter("rulesGraceSeconds")]);
  const contracts = {
    registry: ParticipantRegistry,
    assets: AssetRegistry,
    privacyLedger: PrivacyLedger,
    usageLedger: UsageLedger,
    committee: OracleCommittee,
    beacon: CommitRevealBeacon,
    stableToken: StableToken,
    incentiveToken: IncentiveToken,
    rules: RuleBook,
  };
  const parameters = marketParameters(m, deployer, IncentiveToken);
  const JobOpening = m.contract("JobOpening", [contracts, parameters]);
  const JobEnding = m.contract("JobEnding", [contracts, parameters]);
  const JobDisputes = m.contract("JobDisputes", [contracts, parameters]);
  const JobVerdicts = m.contract("JobVerdicts", [contracts, parameters]);
  const halves = { opening: JobOpening, ending: JobEnding, disputes: JobDisputes, verdicts: JobVerdicts };
  const JobMarket = m.contract("JobMarket", [AccessManager, contracts, parameters, halves]);
  const Constitution = m.contract("Constitution", [AccessManager, IncentiveToken, m.getParameter("constitution")]);

  const wiring = [
    m.call(ParticipantRegistry, "setIncentiveToken", [IncentiveToken]),
    m.call(IncentiveToken, "setMinter", [JobMarket, true]),
    m.call(StableToken, "setProtocolContract", [JobMarket, true], { id: "MarketHoldsStable" }),
    m.call(PrivacyLedger, "setWriter", [AssetRegistry, true], { id: "AssetsWriteBudgets" }),
    m.call(PrivacyLedger, "setWriter", [JobMarket, true], { id: "MarketWritesBudgets" }),
    m.call(AssetRegistry, "setWriter", [JobMarket, true], { id: "MarketUsesAssets" }),
    m.call(UsageLedger, "setWriter", [JobMarket, true], { id: "MarketWritesUsage" }),
    m.call(OracleCommittee, "setSlasher", [JobMarket, true], { id: "MarketSlashes" }),
    m.call(OracleCommittee, "setSlasher", [CommitRevealBeacon, true], { id: "BeaconSlashes" }),
    m.call(CommitRevealBeacon, "setMarket", [JobMarket, true]),
    m.call(RuleBook, "publish", [genesisRulesHash, `board:${genesisRulesHash}`, 0]),
  ];
  const guarded = { AccessManager, ParticipantRegistry, StableToken, AssetRegistry, JobMarket, Constitution };
  administration(m, deployer, guarded, wiring);

  return {
    ...{ AccessManager, ParticipantRegistry, StableToken, IncentiveToken, AssetRegistry },
    ...{ PrivacyLedger, UsageLedger, OracleCommittee, CommitRevealBeacon, JobMarket },
    ...{ JobOpening, JobEnding, JobDisputes, JobVerdicts },
    ...{ RuleBook, Constitution },
  };
});
