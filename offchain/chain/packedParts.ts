import type { Hex } from "../core/bytes.ts";
import { addressOf, type Field, fieldsOf, word } from "./packedWord.ts";
import type { Contributor, Head, Parties, Proposal, Rounds } from "./parts.ts";

// Parts of a job as they travel in calls and events: small fields share words, whose layout stands in
// contracts/market/{Head,Parties,Proposal}Words.sol and RoundsWord.sol. Pure.

export interface PackedHead {
  readonly termsHash: Hex;
  readonly shape: bigint;
  readonly limits: bigint;
}

export interface PackedContributor {
  readonly holder: bigint;
  readonly datasetRoot: Hex;
  readonly populationId: Hex;
}

export interface PackedParties {
  readonly bounds: bigint;
  readonly roster: Hex;
  readonly contributors: readonly PackedContributor[];
}

export interface PackedRounds {
  readonly progress: bigint;
  readonly digest: Hex;
  readonly lastState: Hex;
}

export interface PackedProposal {
  readonly outcome: bigint;
  readonly modelRoot: Hex;
  readonly evidenceRoot: Hex;
  readonly deliveryRoot: Hex;
  readonly earnings: readonly bigint[];
}

export function packHead(head: Head): PackedHead {
  const { termsHash, buyer, rounds, contributors, k, m, t, fullSetOnly } = head;
  const seats: Field[] = [
    [k, 8],
    [m, 8],
    [t, 8],
    [fullSetOnly, 8],
  ];
  return {
    termsHash,
    shape: word([BigInt(buyer), 160], [rounds, 16], [contributors, 8], ...seats),
    limits: word([head.escrow, 128], [head.roundSeconds, 32], [head.proposeSeconds, 32], [head.challengeSeconds, 32]),
  };
}

export function packParties({
  buyerGroup,
  evaluatorGroup,
  minimumCohort,
  beaconRound,
  ...rest
}: Parties): PackedParties {
  return {
    bounds: word([buyerGroup, 32], [evaluatorGroup, 32], [minimumCohort, 8], [beaconRound, 64]),
    roster: rest.roster,
    contributors: rest.contributors.map(({ account, group, consents, datasetRoot, populationId }) => {
      return { holder: word([BigInt(account), 160], [group, 32], [consents, 32]), datasetRoot, populationId };
    }),
  };
}

/** Parties as `JobStarted` tells them. */
export function unpackParties({ bounds, roster, contributors }: PackedParties): Parties {
  const [buyerGroup, evaluatorGroup, minimumCohort, beaconRound] = fieldsOf(bounds, [32, 32, 8, 64]) as Four;
  return {
    buyerGroup: Number(buyerGroup),
    evaluatorGroup: Number(evaluatorGroup),
    minimumCohort: Number(minimumCohort),
    beaconRound,
    roster,
    contributors: contributors.map(unpackContributor),
  };
}

function unpackContributor({ holder, datasetRoot, populationId }: PackedContributor): Contributor {
  const [account, group, consents] = fieldsOf(holder, [160, 32, 32]) as Four;
  return { account: addressOf(account), group: Number(group), consents: Number(consents), datasetRoot, populationId };
}

export function packRounds({ kin, cohort, certified, completed, reason, digest, lastState }: Rounds): PackedRounds {
  return { progress: word([kin, 152], [cohort, 64], [certified, 16], [completed, 16], [reason, 8]), digest, lastState };
}

/** Rounds as `JobFinished` tells them. */
export function unpackRounds({ progress, digest, lastState }: PackedRounds): Rounds {
  const [kin, cohort, certified, completed, reason] = fieldsOf(progress, [152, 64, 16, 16, 8]) as [bigint, ...Four];
  return {
    certified: Number(certified),
    completed: Number(completed),
    reason: Number(reason),
    cohort,
    kin,
    digest,
    lastState,
  };
}

export function packProposal({ kind, signers, excess, amounts, shares, ...roots }: Proposal): PackedProposal {
  const { modelRoot, evidenceRoot, deliveryRoot } = roots;
  const earnings = amounts.map((amount, i) => word([amount, 128], [shares[i] as number, 32]));
  return { outcome: word([excess, 128], [signers, 64], [kind, 8]), modelRoot, evidenceRoot, deliveryRoot, earnings };
}

/** The proposal as `JobProposed` tells it. */
export function unpackProposal({ outcome, modelRoot, evidenceRoot, deliveryRoot, earnings }: PackedProposal): Proposal {
  const [excess, signers, kind] = fieldsOf(outcome, [128, 64, 8]) as Four;
  const pairs = earnings.map((earning) => fieldsOf(earning, [128, 32]) as Four);
  return {
    kind: Number(kind),
    signers,
    excess,
    modelRoot,
    evidenceRoot,
    deliveryRoot,
    amounts: pairs.map(([amount]) => amount),
    shares: pairs.map(([, share]) => Number(share)),
  };
}

type Four = [bigint, bigint, bigint, bigint];
