import type { Address, Hex } from "../core/bytes.ts";
import { canonicalJson } from "../core/canonicalJson.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccak256 } from "../core/hash.ts";
import type { Policy } from "./policy.ts";

/** What a person says about a job. `consents`: bits of core/tables/consents. */
export interface PersonsWord {
  readonly jobId: string;
  readonly verdict: "accept" | "decline";
  readonly person: string;
  readonly consents: number;
}

/** What a person's key signs: keccak256 of a tag and the canonical JSON of the verdict. */
export function verdictDigest({ jobId, verdict, person, consents }: PersonsWord): Uint8Array {
  return keccak256(
    new TextEncoder().encode(`farshore verdict\n${canonicalJson({ jobId, verdict, person, consents })}`),
  );
}

/**
 * Throws `inbox/not-authorised` unless the policy lets this person decide: named there, with the key that signed. A policy
 * that names nobody takes every name at the caller's word. `signedBy`: recovers the signer of a digest.
 */
export function expectPerson(
  policy: Policy,
  word: PersonsWord & { readonly signature?: string | undefined },
  signedBy: (digest: Uint8Array, signature: Hex) => Address,
): void {
  if (policy.persons === undefined) return;
  const listed = policy.persons.find((p) => p.name === word.person);
  if (listed === undefined) throw notAuthorised(word.person, "the policy does not name this person");
  if (word.signature === undefined) throw notAuthorised(word.person, "the verdict is not signed");
  const signer = signerOrNobody(() => signedBy(verdictDigest(word), word.signature as Hex));
  if (signer?.toLowerCase() === listed.key.toLowerCase()) return;
  throw notAuthorised(word.person, "the verdict is signed with another key than the policy names");
}

function signerOrNobody(recover: () => Address): Address | undefined {
  try {
    return recover();
  } catch {
    return undefined;
  }
}

function notAuthorised(person: string, reason: string): FarshoreError {
  return new FarshoreError({
    code: "inbox/not-authorised",
    message: `${person} may not decide: ${reason}`,
    facts: { person, reason },
    remedy: "decide with --key and the key file of a person whom the policy lists; farshore person create makes one",
  });
}
