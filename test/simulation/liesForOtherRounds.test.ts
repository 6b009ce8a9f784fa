import { expect } from "chai";
import { auditJob } from "../../offchain/audit/audit.ts";
import { gatherFacts } from "../../offchain/audit/gather.ts";
import { type Hex, hexToBytes } from "../../offchain/core/bytes.ts";
import { readRelease } from "../../offchain/node/oracle/releases.ts";
import type { EvidenceFile } from "../../offchain/protocol/evidence.ts";
import { expectWhole } from "./closedByTheRules.ts";
import { sharesForOtherRounds } from "./lyingOracle.ts";
import { faultsAt, play } from "./play.ts";
import { evidenceServed } from "./served.ts";

const liar = "oracle-2";
const otherRounds = `0x${"0d".repeat(32)}` as const;

/** Digests that the sums in a file were released for, by round. */
function digestsIn({ sums }: EvidenceFile): Map<number, Set<Hex>> {
  const digests = new Map<number, Set<Hex>>();
  for (const hex of sums) {
    const { statement } = readRelease(hexToBytes(hex as Hex));
    const known = digests.get(statement.round) ?? new Set();
    digests.set(statement.round, known.add(statement.roundsDigest));
  }
  return digests;
}

describe("an oracle that releases its share of a sum for other rounds than the chain certified", () => {
  it("is refused and named by everybody else, and nothing of it comes into the evidence, which passes the audit", () =>
    play({
      prepare: (f) => {
        f.boards.faults = sharesForOtherRounds(f, liar, 1, otherRounds);
      },
      judge: async (f, job) => {
        const { operator } = f.market.party(liar);
        const fault = { round: 1, party: operator, code: "share/sum" };
        for (const { name, running } of f.oracles.filter((oracle) => oracle.name !== liar)) {
          expect(faultsAt(f, name), name).to.deep.equal([fault]);
          const held = running.ctx.store.messages(job.jobId, "share", 1).filter(({ slot }) => slot === "sum");
          const senders = held.map(({ sender }) => sender);
          expect(senders, name).to.have.length(job.terms.k - 1);
          expect(senders, name).to.not.include(operator);
        }
        expectWhole(job);
        const facts = await gatherFacts(f.market.access, job.jobId);
        const certified = new Map(job.certified.map(({ set, digest }) => [set.round, new Set([digest])]));
        const served = await evidenceServed(f);
        expect(served.size, "seats that serve the evidence").to.equal(job.terms.k);
        for (const [name, file] of served) {
          expect(digestsIn(file), name).to.deep.equal(certified);
          const failed = auditJob(facts, file).filter(({ passed }) => !passed);
          expect(failed, name).to.deep.equal([]);
        }
      },
    }));
});
