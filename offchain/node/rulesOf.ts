import { type Hex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import { keccakHex } from "../core/hash.ts";
import { genesisRules, genesisRulesHash } from "../protocol/genesisRules.ts";
import { openRules, type Rules } from "../protocol/rules.ts";
import { firstAnswer } from "../transport/firstAnswer.ts";
import type { NodeContext } from "./context.ts";
import type { JobView } from "./network.ts";

/**
 * The rules that a job names, in force now and checked against the hash on the chain: from the release, the store or a
 * board. Throws `rules/not-valid` for a version that is not in force, `rules/malformed` for a document that this release
 * cannot read, and, to be asked again, `rules/unavailable` while no board serves it.
 */
export async function rulesOf(ctx: NodeContext, job: JobView): Promise<Rules> {
  const version = job.terms.rulesVersion;
  const published = await ctx.network.rules(version);
  if (published?.valid !== true) throw notValid(job);
  const hash = published.rulesHash;
  if (hash === genesisRulesHash) return genesisRules;
  const bytes = ctx.store.document(hash) ?? (await fetchRules(ctx, version, hash));
  const rules = openRules(bytes, hash);
  ctx.store.putDocument(hash, bytes);
  return rules;
}

async function fetchRules(ctx: NodeContext, version: number, hash: Hex): Promise<Uint8Array> {
  const oracles = await ctx.network.oracles();
  const boards = oracles.filter((o) => o.endpoint !== "" && o.operator !== ctx.me.operator);
  try {
    const found = await firstAnswer(boards, async ({ endpoint }, signal) => {
      const bytes = await ctx.board(endpoint).getDocument(hexToBytes(hash), { signal });
      // Another board may have the right ones.
      if (keccakHex(bytes) !== hash) throw unavailable(version, hash);
      return bytes;
    });
    if (found !== null) return found.answer;
  } catch (cause) {
    throw unavailable(version, hash, cause);
  }
  throw unavailable(version, hash);
}

function notValid({ jobId, buyer, terms: { rulesVersion } }: JobView): FarshoreError {
  return new FarshoreError({
    code: "rules/not-valid",
    message: `version ${rulesVersion} of the rules is not in force`,
    facts: { jobId, rulesVersion },
    remedy: "the buyer posts the job again under a version that is: farshore rules show",
    party: buyer,
  });
}

function unavailable(version: number, hash: Hex, cause?: unknown): FarshoreError {
  return new FarshoreError({
    code: "rules/unavailable",
    message: `no board serves version ${version} of the rules`,
    facts: { version, hash },
    remedy: "whoever proposed them puts them on the boards with farshore rules put; this node keeps asking",
    retryable: true,
    cause,
  });
}
