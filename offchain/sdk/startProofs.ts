import { z } from "zod/v4";
import type { Listing, ListingProof } from "../chain/listing.ts";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { jurisdictionName } from "../core/tables/jurisdictions.ts";
import { inList, type ListValue } from "../crypto/standardTree.ts";

const path = z
  .array(
    z
      .string()
      .regex(/^0x[0-9a-f]{64}$/, "expected 0x and 64 lower-case hex digits")
      .transform((text) => text as Hex),
  )
  .max(64);
const schema = z.record(
  z.string().regex(/^(0|[1-9][0-9]{0,77})$/, "expected a decimal asset id"),
  z.strictObject({ buyer: path.default([]), jurisdiction: path.default([]), code: path.default([]) }),
);

/**
 * Proofs that listings with allow-lists ask for, by asset id: for each list that the listing has, the siblings from the
 * leaf up in the owner's tree (OpenZeppelin's standard tree; crypto/standardTree.ts makes them). As a file:
 * `{ "7": { "buyer": ["0x…"], "jurisdiction": ["0x…"], "code": ["0x…"] } }`.
 */
export type StartProofs = z.output<typeof schema>;

/** Checks a file of proofs; throws `job/bad-proofs` with the field. */
export function parseStartProofs(value: unknown): StartProofs {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = [...(issue?.path ?? []), ...keys].map(String).join(".");
  throw new FarshoreError({
    code: "job/bad-proofs",
    message: `proofs: ${field}: ${issue?.message ?? "malformed"}`,
    facts: { field },
    remedy:
      'write { "ASSET": { "buyer": [...], "jurisdiction": [...], "code": [...] } }, each a list of 32-byte hashes',
  });
}

/** What the lists of a listing are asked about. */
export interface Asked {
  readonly buyer: Address;
  readonly jurisdiction: number;
  readonly codeHash: Hex;
}

/** A listing with its proofs, checked as the contract will; throws `job/not-proved` with the asset and the list. */
export function proofOf(assetId: bigint, listing: Listing, asked: Asked, proofs: StartProofs): ListingProof {
  const given = proofs[String(assetId)] ?? { buyer: [], jurisdiction: [], code: [] };
  const { buyersRoot, jurisdictionsRoot, codesRoot } = listing.terms;
  const lists: readonly (readonly [list: keyof typeof given, root: Hex, value: ListValue, shown: string])[] = [
    ["jurisdiction", jurisdictionsRoot, asked.jurisdiction, jurisdictionName(asked.jurisdiction)],
    ["buyer", buyersRoot, asked.buyer, asked.buyer],
    ["code", codesRoot, asked.codeHash, asked.codeHash],
  ];
  for (const [list, root, value, shown] of lists) {
    if (BigInt(root) !== 0n && !inList(root, given[list], value)) throw notProved(assetId, list, shown, given[list]);
  }
  return { listing, jurisdictionProof: given.jurisdiction, buyerProof: given.buyer, codeProof: given.code };
}

function notProved(assetId: bigint, list: string, value: string, given: readonly Hex[]): FarshoreError {
  const wrong = given.length === 0 ? "no proof was given" : "the proof given does not lead to the list's root";
  return new FarshoreError({
    code: "job/not-proved",
    message: `asset ${assetId} is for a list of ${list === "code" ? "codes" : `${list}s`} only; ${wrong} that ${value} is on it`,
    facts: { assetId, list, value },
    remedy: `ask the asset's owner for the proof, or that it lists ${value}; then farshore job start --proofs FILE`,
  });
}
