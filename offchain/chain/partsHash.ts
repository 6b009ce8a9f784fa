import { type AbiFunction, type AbiParameter, encodeAbiParameters, keccak256 } from "viem";
import type { Hex } from "../core/bytes.ts";
import { jobMarketAbi } from "./abi/generated/jobMarket.ts";
import { packHead, packParties, packProposal, packRounds } from "./packedParts.ts";
import type { Committee, Head, JobParts, Parties, Proposal, Rounds } from "./parts.ts";

// Hashes of a job's parts, as the slot of the job holds them: keccak256(abi.encode(packed part)) each. Pure.

/** Hash of a part that does not exist yet. */
export const noPart: Hex = `0x${"00".repeat(32)}`;

/** Bytes of the slot that hold the parts' hash: 200 bits. */
const slotHashBytes = 25;

/** The struct's own description, taken from `settle`, the one entry point that is given every part. */
function structOf(name: "head" | "parties" | "committee" | "rounds" | "proposal"): AbiParameter {
  const entries = jobMarketAbi as readonly { readonly type: string; readonly name?: string }[];
  const settle = entries.find((e) => e.type === "function" && e.name === "settle") as unknown as AbiFunction;
  return settle.inputs.find((input) => input.name === name) as AbiParameter;
}

const structs = {
  head: structOf("head"),
  parties: structOf("parties"),
  committee: structOf("committee"),
  rounds: structOf("rounds"),
  proposal: structOf("proposal"),
};

function hashOf(struct: AbiParameter, part: unknown): Hex {
  return part === null ? noPart : keccak256(encodeAbiParameters([struct], [part]));
}

export function headHash(head: Head): Hex {
  return hashOf(structs.head, packHead(head));
}

/** Hash of the parties; `noPart` before `start`. */
export function partiesHash(parties: Parties | null): Hex {
  return hashOf(structs.parties, parties && packParties(parties));
}

/** Hash of the committee; `noPart` before `seat`. */
export function committeeHash(committee: Committee | null): Hex {
  return hashOf(structs.committee, committee);
}

/** Hash of the rounds; `noPart` before `seat`. */
export function roundsHash(rounds: Rounds | null): Hex {
  return hashOf(structs.rounds, rounds && packRounds(rounds));
}

/** Hash of the proposal; `noPart` before `propose`. */
export function proposalHash(proposal: Proposal | null): Hex {
  return hashOf(structs.proposal, proposal && packProposal(proposal));
}

/** keccak256(abi.encode(the five hashes)), whole. */
export function partsHash(parts: JobParts): Hex {
  const { head, parties, committee, rounds, proposal } = parts;
  const hashes = [
    headHash(head),
    partiesHash(parties),
    committeeHash(committee),
    roundsHash(rounds),
    proposalHash(proposal),
  ];
  return keccak256(`0x${hashes.map((hash) => hash.slice(2)).join("")}`);
}

/**
 * True when `onChain`, the `partsHash` that `JobMarket.jobOf` returns, stands for these parts. The slot has room for the
 * first 200 bits only.
 */
export function isHashOfParts(onChain: Hex, parts: JobParts): boolean {
  const end = 2 + 2 * slotHashBytes;
  return partsHash(parts).slice(0, end) === onChain.slice(0, end);
}
