import type { Address, Hex } from "../core/bytes.ts";

// The five parts of a job, as viem decodes them (integers up to 48 bits are numbers, larger ones bigints). Fields and
// units are specified in contracts/market/IJobTypes.sol.

export interface Head {
  readonly termsHash: Hex;
  readonly buyer: Address;
  readonly rounds: number;
  readonly contributors: number;
  readonly k: number;
  readonly m: number;
  readonly t: number;
  readonly fullSetOnly: boolean;
  readonly escrow: bigint;
  readonly roundSeconds: number;
  readonly proposeSeconds: number;
  readonly challengeSeconds: number;
}

export interface Contributor {
  readonly account: Address;
  readonly group: number;
  readonly consents: number;
  readonly datasetRoot: Hex;
  readonly populationId: Hex;
}

export interface Parties {
  readonly buyerGroup: number;
  readonly evaluatorGroup: number;
  readonly minimumCohort: number;
  readonly beaconRound: bigint;
  readonly roster: Hex;
  readonly contributors: readonly Contributor[];
}

export interface Committee {
  readonly seatBond: bigint;
  /** keccak256(abi.encode(address[])) of the seats' accounts. */
  readonly accounts: Hex;
  readonly operators: readonly Address[];
}

export interface Rounds {
  readonly certified: number;
  readonly completed: number;
  readonly reason: number;
  readonly cohort: bigint;
  /** What the contract keeps of the contributors' groups (`kinOf`): 0 when they all differ. */
  readonly kin: bigint;
  readonly digest: Hex;
  readonly lastState: Hex;
}

export interface Proposal {
  readonly kind: number;
  readonly signers: bigint;
  /** Stable minor units that the cap of 3.5 weights cut off: the treasury's. */
  readonly excess: bigint;
  readonly modelRoot: Hex;
  readonly evidenceRoot: Hex;
  readonly deliveryRoot: Hex;
  readonly amounts: readonly bigint[];
  readonly shares: readonly number[];
}

/** All parts; null for one that does not exist yet. */
export interface JobParts {
  readonly head: Head;
  readonly parties: Parties | null;
  readonly committee: Committee | null;
  readonly rounds: Rounds | null;
  readonly proposal: Proposal | null;
}
