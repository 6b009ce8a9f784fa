import { readFileSync } from "node:fs";
import { type Case, getCase } from "../chain/reads/cases.ts";
import * as token from "../chain/writes/tokens.ts";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex, sha256Hex } from "../core/hash.ts";
import { freezeReasonNumber } from "../core/tables/freezeReasons.ts";
import { fresh } from "./money.ts";
import type { Session } from "./session.ts";

/** The chain's id of a case: keccak256 of the name that the regulator gave it. */
export function caseIdOf(name: string): Hex {
  return keccakHex(new TextEncoder().encode(name));
}

/** Records why a regulator is going to act. The file stays here, its SHA-256 goes to the chain. Throws `file/unreadable`. */
export async function openCase(session: Session, name: string, reason: string, evidence: string): Promise<Case> {
  const id = caseIdOf(name);
  const call = token.openCase(session.chain, id, freezeReasonNumber(reason), sha256Hex(readEvidence(evidence)));
  await session.send(`case:${id}:${keccakHex(new TextEncoder().encode(call.data))}`, call);
  return caseOf(session, name);
}

/** A case by its name; throws `case/unknown`. */
export async function caseOf(session: Session, name: string): Promise<Case> {
  const found = await getCase(session.chain, caseIdOf(name));
  if (found !== null) return found;
  throw new FarshoreError({
    code: "case/unknown",
    message: `no case ${JSON.stringify(name.slice(0, 80))} was opened on this chain`,
    facts: { name: name.slice(0, 80), caseId: caseIdOf(name) },
    remedy: "open it first with farshore case open",
  });
}

/** Freezes `amount` (minor units) of an account under a case: 0 lifts a freeze, `wholeAccount` takes in what is to come. */
export async function freeze(session: Session, name: string, account: Address, amount: bigint): Promise<void> {
  await takeInHand(session, name);
  const call = token.setFrozenTokens(session.chain, account, amount);
  await session.send(`freeze:${fresh(session)}`, call);
}

/** Moves minor units from one account to another under a case, frozen or not. */
export async function moveByForce(
  session: Session,
  name: string,
  { from, to, amount }: { readonly from: Address; readonly to: Address; readonly amount: bigint },
): Promise<void> {
  await takeInHand(session, name);
  await session.send(`force:${fresh(session)}`, token.forcedTransfer(session.chain, from, to, amount));
}

/** Nothing is done under the case any more. */
export async function closeCase(session: Session, name: string): Promise<void> {
  const { caseId } = await caseOf(session, name);
  await session.send(`close:${caseId}`, token.closeCase(session.chain, caseId));
}

/** The token records an act under the case that its caller has in hand: never under the one before. */
async function takeInHand(session: Session, name: string): Promise<void> {
  const { caseId } = await caseOf(session, name);
  const inHand = await session.chain.call("StableToken", "caseInHand", [session.account]);
  if (inHand !== caseId) await session.send(`resume:${fresh(session)}`, token.resumeCase(session.chain, caseId));
}

function readEvidence(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new FarshoreError({
      code: "file/unreadable",
      message: `cannot read ${path}`,
      remedy: "check the path",
      cause,
    });
  }
}
