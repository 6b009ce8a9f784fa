import { getAllRules, type RulesVersion } from "../chain/reads/rules.ts";
import { type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";
import { genesisRules, genesisRulesHash } from "../protocol/genesisRules.ts";
import { openRules, parseRules, type Rules, rulesBytes } from "../protocol/rules.ts";
import { readJsonFile } from "./assets.ts";
import { askAny, boardsOf, putEverywhere } from "./boards.ts";
import type { Session } from "./session.ts";

/**
 * Puts a rules document on the boards in its canonical form and returns the hash that a proposal to publish it names. Throws
 * `rules/malformed`, `file/unreadable`, board/* errors.
 */
export async function putRules(session: Session, path: string): Promise<{ rulesHash: Hex; boards: number }> {
  const bytes = rulesBytes(parseRules(readJsonFile(path)));
  return { rulesHash: keccakHex(bytes), boards: await putEverywhere(await boardsOf(session), bytes) };
}

/** Versions on the chain, the first one first. */
export function listRules(session: Session): Promise<RulesVersion[]> {
  return getAllRules(session.chain);
}

/** The document of a version, checked against the chain; throws `rules/unknown`, `rules/mismatch`, board/* errors. */
export async function rulesDocument(session: Session, version: number): Promise<Rules> {
  const published = (await listRules(session)).find((rules) => rules.version === version);
  if (published === undefined) throw unknown(version);
  const { rulesHash } = published;
  if (rulesHash === genesisRulesHash) return genesisRules;
  const bytes = await askAny(await boardsOf(session), (client) => client.getDocument(hexToBytes(rulesHash)));
  return openRules(bytes, rulesHash);
}

function unknown(version: number): FarshoreError {
  return new FarshoreError({
    code: "rules/unknown",
    message: `no rules were published as version ${version}`,
    facts: { version },
    remedy: "see farshore rules show for the versions that are",
  });
}
