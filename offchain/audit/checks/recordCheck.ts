import { isHashOfParts } from "../../chain/partsHash.ts";
import { structHash } from "../../core/eip712.ts";
import { jobIdOf } from "../../protocol/jobId.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { ChainFacts } from "../input.ts";

/** The job as its events tell it is the one that the market stores: every later check leans on it. */
export function recordCheck({ market, record, slot }: ChainFacts): CheckResult {
  return runCheck("job record", "verified", () => {
    const { jobId, buyer, terms, termsHash, result, proposal } = record;
    expectThat(structHash("JobTerms", terms) === termsHash, "the posted terms have another hash");
    expectThat(jobIdOf(market, buyer, terms.validationRoot) === jobId, "buyer and validation rows give another job id");
    expectThat(slot.state === record.state, `the market says ${slot.state}, the events ${record.state}`);
    expectThat(isHashOfParts(slot.partsHash, record), "the parts in the events are not those that the market stores");
    expectThat(
      (["modelRoot", "evidenceRoot", "deliveryRoot"] as const).every((root) => result?.[root] === proposal?.[root]),
      "the proposed result and the stored proposal name different roots",
    );
    return "terms, parties, committee, rounds and proposal in the events hash to what the market stores";
  });
}
