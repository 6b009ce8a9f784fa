import { expect } from "chai";
import { auditJob } from "../../../offchain/audit/audit.ts";
import { gatherFacts } from "../../../offchain/audit/gather.ts";
import type { ChainFacts } from "../../../offchain/audit/input.ts";
import { hexToBytes } from "../../../offchain/core/bytes.ts";
import type { EvidenceFile } from "../../../offchain/protocol/evidence.ts";
import { openEnvelope } from "../../../offchain/transport/envelope.ts";
import { type Audited, failedIn, failuresOf, fetchEvidence, patient, readEvidence } from "./evidence/audited.ts";
import { readsAllButRows, readsItsPart } from "./evidence/contributorCopy.ts";
import { answersItsOwnRequests } from "./evidence/fetchRequests.ts";
import { survivesLaterChanges } from "./evidence/laterChanges.ts";
import { endsAsDocumented } from "./evidence/program.ts";
import { proposeThroughWrapper, wrapper } from "./evidence/wrapper.ts";
import { flipsOf, type Leaf, leavesOf, withLeaf, without } from "./flip.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";

/** The check that names a falsified field, by the field's section. */
const namedBy: readonly (readonly [string, string])[] = [
  ["version", "evidence form"],
  ["chainId", "evidence header"],
  ["market", "evidence header"],
  ["jobId", "evidence header"],
  ["states", "state attestations"],
  ["sums", "sums"],
  ["words", "proposed result"],
  ["sections.spec", "specification"],
  ["sections.rounds", "certified rounds"],
  ["sections.finalState", "certified rounds"],
  ["sections.validation", "validation rows"],
  ["sections.valuation", "valuation"],
  ["sections.model", "model and delivery"],
  ["sections.report", "report"],
];

/** The check that names a field. */
function checkOf(field: string): string | undefined {
  // The states follow from it; which sum is right is what the seats' shares say.
  if (/^sections\.rounds\.\d+\.sum$/.test(field)) return "replayed combination";
  return namedBy.find(([section]) => `${field}.`.startsWith(`${section}.`))?.[1];
}

describe("evidence", () => {
  let m: Marketplace;
  let stopProxy: (() => void) | undefined;
  before(async function () {
    this.timeout(2 * patient);
    m = await openMarketplace();
    stopProxy = await proposeThroughWrapper(m);
  });
  after(async () => {
    await m?.stop();
    stopProxy?.();
  });
  // The one in the clear first: what comes after the other one changes the parties.
  for (const aggregation of ["clear", "shares"] as const) describeEvidence(aggregation, () => m);
});

function describeEvidence(aggregation: "shares" | "clear", opened: () => Marketplace) {
  describe(`of a settled job, ${aggregation}`, () => {
    let m: Marketplace;
    let jobId: `0x${string}`;
    let facts: ChainFacts;
    let file: string;
    let evidence: EvidenceFile;
    before(async function () {
      this.timeout(2 * patient);
      m = opened();
      // As few rounds as still have a first, a middle and a last one: the audit runs once for each falsified field.
      const algorithm = { name: "logistic-newton", ridge: 1, rounds: 3, plateau: 0 };
      const posted = await m.post(writeRequest(m, `evidence-${aggregation}`, { algorithm, aggregation }));
      jobId = posted.jobId;
      const job = await until(
        () => jobOf(m, jobId),
        ({ closing }) => closing !== null,
        patient,
      );
      expect(job.state).to.equal("Settled");
      file = await fetchEvidence(m, "regulator", jobId);
      evidence = readEvidence(file);
      facts = await gatherFacts(m.session.chain, jobId);
    });

    const failed = (changed: object): string[] => failedIn(facts, changed);
    const shown = ({ path }: Leaf) => path.join(".");

    it("is refused by a check of its section's name, whichever field is falsified", function () {
      this.timeout(patient);
      const leaves = leavesOf(evidence);
      expect(leaves.length).to.be.greaterThan(100);
      for (const leaf of leaves) {
        const check = checkOf(shown(leaf));
        for (const flipped of flipsOf(leaf.value)) {
          const names = failed(withLeaf(evidence, leaf.path, flipped));
          const where = `${shown(leaf)} = ${String(flipped).slice(0, 40)}`;
          expect(names.includes(check ?? "none") || names.includes("evidence form"), `${where}: ${names}`).to.equal(
            true,
          );
        }
      }
    });

    it("is refused when any field is left out", function () {
      this.timeout(patient);
      for (const leaf of leavesOf(evidence)) {
        // One seat's share more or less: m of them are needed (below).
        if (leaf.path[0] === "sums") continue;
        expect(failed(without(evidence, leaf.path)), shown(leaf)).to.not.deep.equal([]);
      }
    });

    it("is refused with shares of a sum from fewer seats than m", () => {
      const ofRound1 = (hex: string) => openEnvelope(hexToBytes(hex as `0x${string}`)).round === 1;
      const three = evidence.sums.filter(ofRound1).slice(0, 3);
      const fewer = [...evidence.sums.filter((hex) => !ofRound1(hex)), ...three];
      const refused = failed({ ...evidence, sums: fewer });
      expect(refused).to.deep.equal(aggregation === "shares" ? ["sums"] : []);
    });

    it("is refused with a field that the format does not have", () => {
      for (const path of [[], ["sections"], ["sections", "rounds", 0], ["sections", "model"], ["states", 0]]) {
        expect(failed(withLeaf(evidence, [...path, "remark"], "fine")), path.join(".")).to.not.deep.equal([]);
      }
    });

    // The wrapper stands in for one proposal, the first.
    if (aggregation === "clear") {
      it("passes although its result was proposed through another contract, whose input is no call of the market", async () => {
        const hash = facts.record.steps.find(({ step }) => step === "propose")?.transactionHash as `0x${string}`;
        const { to, input } = await m.session.chain.ask((c) => c.getTransaction({ hash }));
        expect(to?.toLowerCase()).to.equal(wrapper);
        expect(input.startsWith("0xdeadbeef")).to.equal(true);
        expect(failed(evidence)).to.deep.equal([]);
      });
    }

    it("passes unchanged, with a grade on each line that says who vouches for it", () => {
      const checks = auditJob(facts, evidence);
      expect(failuresOf(checks)).to.deep.equal([]);
      const graded = (pattern: RegExp) => checks.filter(({ grade }) => pattern.test(grade)).map(({ name }) => name);
      expect(graded(/^contributor's own word$/)).to.deep.equal(["rows and local training"]);
      const attested = ["choice of updates", "end of training", "result signatures"];
      if (aggregation === "shares") attested.push("sums");
      expect(graded(/^attested by [45] of 5$/)).to.deep.equal(attested);
      expect(graded(/^verified$/)).to.have.lengthOf(checks.length - attested.length - 1);
    });

    const audited = (): Audited => ({ m, jobId, facts, file, evidence });
    if (aggregation === "clear") readsItsPart(audited);
    else readsAllButRows(audited);
    if (aggregation === "clear") return;
    answersItsOwnRequests(audited);
    survivesLaterChanges(audited);
    endsAsDocumented(audited);
  });
}
