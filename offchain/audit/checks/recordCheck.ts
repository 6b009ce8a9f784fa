import { encodeAbiParameters } from "viem";
import { isHashOfParts } from "../../chain/partsHash.ts";
import { type Hex, hexToBytes } from "../../core/bytes.ts";
import { structHash } from "../../core/eip712.ts";
import { keccakHex } from "../../core/hash.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { ChainFacts } from "../input.ts";

/** The job as its events tell it is the one that the market stores: every later check leans on it. */
export function recordCheck({ record, slot }: ChainFacts): CheckResult {
  return runCheck("job record", "verified", () => {
    const { jobId, buyer, terms, termsHash, salt, result, proposal } = record;
    expectThat(structHash("JobTerms", terms) === termsHash, "the posted terms have another hash");
    expectThat(idOf(buyer, termsHash, salt) === jobId, "buyer, terms and salt give another job id");
    expectThat(slot.state === record.state, `the market says ${slot.state}, the events ${record.state}`);
    expectThat(isHashOfParts(slot.partsHash, record), "the parts in the events are not those that the market stores");
    expectThat(
      (["modelRoot", "evidenceRoot", "deliveryRoot"] as const).every((root) => result?.[root] === proposal?.[root]),
      "the proposed result and the stored proposal name different roots",
    );
    return "terms, parties, committee, rounds and proposal in the events hash to what the market stores";
  });
}

/** keccak256(abi.encode(buyer, termsHash, salt)), as `post` makes it. */
function idOf(buyer: Hex, termsHash: Hex, salt: Hex): Hex {
  const types = [{ type: "address" }, { type: "bytes32" }, { type: "bytes32" }] as const;
  return keccakHex(hexToBytes(encodeAbiParameters(types, [buyer, termsHash, salt])));
}
