import type {
  AccountRuntimeValue,
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
}

/** Roles of the AccessManager by number (0, its own, is the administrator), and whose parameter names the holder. */
const roles = {
  /** Mints and burns the stable token. */
  issuer: 1n,
  /** Admits participants and sets their roles. */
  registrar: 2n,
  /** Pauses new jobs and new listings. */
  guardian: 3n,
  /** Suspends and readmits participants: the registrar and the regulator. */
  supervisor: 4n,
  /** Decides disputes that no second committee decided: a person or body that all parties trust, the regulator unless named. */
  adjudicator: 5n,
  /** Moves credits inside the market, with a case id. */
  regulator: 6n,
} as const;

// Struct parameters are written out: the selector depends on them.
const profile = "(address,uint16,uint8,uint8,uint16,uint32)";
const contact = "(bytes32,bytes20,string,string)";

const jobTerms =
  "(bytes32,bytes32,bytes32,address,uint16,uint16,uint8,uint32,uint16,uint8,uint8,uint8,uint8,uint8,uint128,uint128,uint128,int64,uint32,uint32,uint32,uint32,uint32,uint32,uint32,uint32,(uint256,uint32,uint32,uint64,uint128)[])";
const parts = {
  head: "(bytes32,uint256,uint256)",
  parties: "(uint256,bytes32,(uint256,bytes32,bytes32)[])",
  committee: "(uint128,bytes32,address[])",
  rounds: "(uint256,bytes32,bytes32)",
  proposal: "(uint256,bytes32,bytes32,bytes32,uint256[])",
};
const { head, parties, committee, rounds, proposal } = parts;
const disputedJob = `(${[head, jobTerms, parties, committee, "address[]", rounds, proposal, "bytes"].join(",")})`;
const result = "(bytes32,bytes32,uint8,bytes32,bytes32,bytes32,bytes32,int64,int64,int64,int64,int64,bytes32)";
const verdict = `(bytes32,uint8,${result})`;

const duties = [
  { role: "issuer", contract: "StableToken", functions: ["mint(address,uint256,bytes32)", "burn(uint256,bytes32)"] },
  {
    role: "registrar",
    contract: "ParticipantRegistry",
    functions: [`admit(address,${profile},${contact})`, "setRoles(address,uint16)"],
  },
  { role: "supervisor", contract: "ParticipantRegistry", functions: ["setStatus(address,uint8)"] },
  { role: "guardian", contract: "JobMarket", functions: ["pause()", "unpause()"] },
  { role: "regulator", contract: "JobMarket", functions: ["seize(address,address,uint128,bytes32)"] },
  {
    role: "adjudicator",
    contract: "JobMarket",
    functions: [`adjudicate(bytes32,${disputedJob},(address[],address[]),${verdict},bytes)`],
  },
  { role: "guardian", contract: "AssetRegistry", functions: ["pause()", "unpause()"] },
] as const;

/** Who holds a role: the parameter of that name, the deployer where it is absent. */
const holders = [
  { role: "issuer", parameter: "issuer" },
  { role: "registrar", parameter: "registrar" },
  { role: "guardian", parameter: "guardian" },
  { role: "supervisor", parameter: "registrar" },
  { role: "supervisor", parameter: "regulator" },
  { role: "adjudicator", parameter: "adjudicator" },
  { role: "regulator", parameter: "regulator" },
] as const;

/** Gives each restricted function its role and each role its holders; everything else stays with the administrator. */
export function administration(m: IgnitionModuleBuilder, deployer: AccountRuntimeValue, contracts: Administered): void {
  const manager = contracts.AccessManager;
  for (const { role, contract, functions } of duties) {
    const selectors = functions.map((signature) => toFunctionSelector(`function ${signature}`));
    m.call(manager, "setTargetFunctionRole", [contracts[contract], selectors, roles[role]], {
      id: `${role}Of${contract}`,
    });
  }
  for (const { role, parameter } of holders) {
    const holder = m.getParameter(parameter, deployer);
    m.call(manager, "grantRole", [roles[role], holder, 0], { id: `${parameter}Is${role}` });
  }
  for (const [role, id] of Object.entries(roles)) m.call(manager, "labelRole", [id, role], { id: `label_${role}` });
}
