import type {
  AccountRuntimeValue,
  Future,
  IgnitionModuleBuilder,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";
import { toFunctionSelector } from "viem";

type Deployed<N extends string> = NamedArtifactContractDeploymentFuture<N>;

interface Administered {
  readonly AccessManager: Deployed<"AccessManager">;
  readonly ParticipantRegistry: Deployed<"ParticipantRegistry">;
  readonly StableToken: Deployed<"StableToken">;
  readonly AssetRegistry: Deployed<"AssetRegistry">;
  readonly JobMarket: Deployed<"JobMarket">;
  readonly Constitution: Deployed<"Constitution">;
}

/** The AccessManager's own role: whatever no other role may, after its holder's delay. */
const administrator = 0n;

/** Roles of the AccessManager by number, and whose parameter names the holder. */
export const roles = {
  /** Mints and burns the stable token. */
  issuer: 1n,
  /** Admits and readmits participants and sets their roles. */
  registrar: 2n,
  /** Pauses new jobs and new listings; ends no pause. */
  guardian: 3n,
  /** Suspends, reinstates and expels participants: the registrar and the regulator. */
  supervisor: 4n,
  /** Freezes and moves stable tokens under a case, and seizes balances in the market. */
  regulator: 5n,
  /** Decides disputes that no second committee decided: a person or body that all parties trust, the regulator unless named. */
  adjudicator: 6n,
} as const;

// Struct parameters are written out: the selector depends on them.
const profile = "(address,uint16,uint8,uint8,uint16,uint32)";
const contact = "(bytes32,bytes20,string,string)";

const packedTerms = "(bytes32,bytes32,bytes32,uint256,uint256,uint256,uint256,uint256[])";
const parts = {
  head: "(bytes32,uint256,uint256)",
  parties: "(uint256,bytes32,(uint256,bytes32,bytes32)[])",
  committee: "(uint128,bytes32,address[])",
  rounds: "(uint256,bytes32,bytes32)",
  proposal: "(uint256,bytes32,bytes32,bytes32,uint256[])",
};
const { head, parties, committee, rounds, proposal } = parts;
const disputedJob = `(${[head, packedTerms, parties, committee, "address[]", rounds, proposal, "bytes"].join(",")})`;
const result = "(bytes32,bytes32,uint8,bytes32,bytes32,bytes32,bytes32,int64,int64,int64,int64,int64,bytes32)";
const verdict = `(bytes32,uint8,${result})`;

const duties = [
  { role: "issuer", contract: "StableToken", functions: ["mint(address,uint256,bytes32)", "burn(uint256,bytes32)"] },
  {
    role: "registrar",
    contract: "ParticipantRegistry",
    functions: [`admit(address,${profile},${contact})`, "setRoles(address,uint16)", "readmit(address)"],
  },
  { role: "supervisor", contract: "ParticipantRegistry", functions: ["setStatus(address,uint8,uint16)"] },
  { role: "guardian", contract: "JobMarket", functions: ["pause()"] },
  { role: "guardian", contract: "AssetRegistry", functions: ["pause()"] },
  {
    role: "regulator",
    contract: "StableToken",
    functions: [
      ...["openCase(bytes32,uint16,bytes32)", "resumeCase(bytes32)", "closeCase(bytes32)"],
      ...["setFrozenTokens(address,uint256)", "forcedTransfer(address,address,uint256)"],
    ],
  },
  { role: "regulator", contract: "JobMarket", functions: ["seize(address,address,uint128,bytes32)"] },
  {
    role: "adjudicator",
    contract: "JobMarket",
    functions: [`adjudicate(bytes32,${disputedJob},(address[],address[]),${verdict},bytes)`],
  },
] as const;

/** Who holds a role: the parameter of that name, the deployer where it is absent. */
const holders = [
  { role: "issuer", parameter: "issuer" },
  { role: "registrar", parameter: "registrar" },
  { role: "guardian", parameter: "guardian" },
  { role: "supervisor", parameter: "registrar" },
  { role: "supervisor", parameter: "regulator" },
  { role: "regulator", parameter: "regulator" },
  { role: "adjudicator", parameter: "adjudicator" },
] as const;

/**
 * Gives each restricted function its role and each role its holders; everything else stays with the administrator. That is
 * the Constitution under `administratorDelay` seconds, and, last of all steps, no more the deployer: unless the parameter
 * `outgoingAdministrator` names another account than the deployer, who then stays (the embedded chain).
 */
export function administration(
  m: IgnitionModuleBuilder,
  deployer: AccountRuntimeValue,
  contracts: Administered,
  wiring: readonly Future[],
): void {
  const manager = contracts.AccessManager;
  const done: Future[] = [...wiring];
  for (const { role, contract, functions } of duties) {
    const selectors = functions.map((signature) => toFunctionSelector(`function ${signature}`));
    const args = [contracts[contract], selectors, roles[role]];
    done.push(m.call(manager, "setTargetFunctionRole", args, { id: `${role}Of${contract}` }));
  }
  for (const { role, parameter } of holders) {
    const holder = m.getParameter(parameter, deployer);
    done.push(m.call(manager, "grantRole", [roles[role], holder, 0], { id: `${parameter}Is${role}` }));
  }
  for (const [role, id] of Object.entries(roles)) {
    done.push(m.call(manager, "labelRole", [id, role], { id: `label_${role}` }));
  }
  handOver(m, deployer, contracts, done);
}

function handOver(
  m: IgnitionModuleBuilder,
  deployer: AccountRuntimeValue,
  { AccessManager, Constitution }: Administered,
  done: Future[],
): void {
  const delay = m.getParameter("administratorDelay");
  const granted = m.call(AccessManager, "grantRole", [administrator, Constitution, delay], {
    id: "ConstitutionAdministers",
    after: done,
  });
  const outgoing = m.getParameter("outgoingAdministrator", deployer);
  m.call(AccessManager, "revokeRole", [administrator, outgoing], { id: "DeployerHandsOver", after: [granted] });
}
