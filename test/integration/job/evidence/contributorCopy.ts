import { expect } from "chai";
import { auditJob } from "../../../../offchain/audit/audit.ts";
import { notInFile } from "../../../../offchain/audit/check.ts";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import { type EvidenceFile, isOmitted } from "../../../../offchain/protocol/evidence.ts";
import { flipsOf, withLeaf } from "../flip.ts";
import { runFarshore } from "../program.ts";
import { type Audited, failedIn, failuresOf, fetchEvidence, patient, readEvidence } from "./audited.ts";

// What a contributor's copy cannot answer; nothing else may differ from the audit of the whole file.
const unanswered = [...["validation rows", "report", "update signatures", "replayed combination", "valuation"]];

/** Where updates are secret-shared a contributor gets everything but the validation rows: nothing in it is another bank's update. */
export function readsAllButRows(audited: () => Audited): void {
  it("is whole in a contributor's copy but for the validation rows, and audited but for what needs them", async function () {
    this.timeout(patient);
    const { m, jobId, facts, evidence } = audited();
    const copy = readEvidence(await fetchEvidence(m, "bank-1", jobId));
    expect(copy.sections.rounds).to.deep.equal(evidence.sections.rounds);
    expect(isOmitted(copy.sections.validation)).to.equal(true);
    const checks = auditJob(facts, copy);
    expect(failuresOf(checks)).to.deep.equal([]);
    const open = checks.filter(({ grade }) => grade === notInFile).map(({ name }) => name);
    expect(open).to.have.members(["validation rows", "report", "valuation"]);
  });
}

/** A contributor gets its part of the evidence, and the audit says what cannot be checked with it. */
export function readsItsPart(audited: () => Audited): void {
  describe("in a contributor's copy", () => {
    let path: string;
    let copy: EvidenceFile;
    let own: number;
    before(async function () {
      this.timeout(patient);
      const { m, jobId, facts } = audited();
      path = await fetchEvidence(m, "bank-1", jobId);
      copy = readEvidence(path);
      own = (facts.record.parties?.contributors ?? []).findIndex(({ account }) => m.nameOf(account) === "bank-1");
    });

    it("has no gradient or Hessian of another bank and no validation row, only their hashes", () => {
      const { evidence } = audited();
      expect(own).to.be.at.least(0);
      const text = JSON.stringify(copy);
      expect(isOmitted(copy.sections.validation)).to.equal(true);
      evidence.sections.rounds.forEach(({ updates }, round) => {
        updates.slice(0, 3).forEach((update, i) => {
          const held = copy.sections.rounds[round]?.updates[i];
          expect(text.includes(update as string), `update ${i} of round ${round}`).to.equal(i === own);
          expect(isOmitted(held as string)).to.equal(i !== own);
        });
      });
    });

    it("fails for a falsified update of its own, and for a falsified hash of another's", () => {
      const { facts } = audited();
      const updates = ["sections", "rounds", 1, "updates"];
      const at = (i: number) => copy.sections.rounds[1]?.updates[i];
      const mine = withLeaf(copy, [...updates, own], flipsOf(at(own))[0]);
      expect(failedIn(facts, mine)).to.include.members(["evidence root", "certified rounds", "update signatures"]);
      const other = (own + 1) % 3;
      const { omitted } = at(other) as { omitted: string };
      const foreign = withLeaf(copy, [...updates, other, "omitted"], flipsOf(omitted)[0]);
      expect(failedIn(facts, foreign)).to.deep.equal(["evidence root", "certified rounds"]);
      const { omitted: rows } = copy.sections.validation as { omitted: string };
      const flipped = withLeaf(copy, ["sections", "validation", "omitted"], flipsOf(rows)[0]);
      expect(failedIn(facts, flipped)).to.deep.equal(["evidence root"]);
    });

    it("names the checks that it cannot make, verifies none of them, and fails none", () => {
      const { facts } = audited();
      const checks = auditJob(facts, copy);
      expect(failuresOf(checks)).to.deep.equal([]);
      const open = checks.filter(({ grade }) => grade === notInFile).map(({ name }) => name);
      expect(open).to.have.members(unanswered);
      const states = checks.find(({ name }) => name === "state attestations");
      expect(states?.grade).to.match(/^attested by [45] of 5$/);
      expect(checks.find(({ name }) => name === "evidence root")?.grade).to.equal("verified");
    });

    it("ends the program with 0 and counts what it could not check apart", async function () {
      this.timeout(patient);
      const { m, jobId } = audited();
      const words = ["audit", jobId, "--evidence", path, "--rpc", m.rpcUrl, "--manifest", m.manifest];
      const ended = await runFarshore(m.folder, words);
      expect(ended.code, ended.err).to.equal(exitCodes.done);
      expect(ended.out).to.match(/^-- {4}valuation +not in this file +\S/m);
      expect(ended.out.trimEnd()).to.match(/\d+ passed, 0 failed, 5 not in this file$/);
    });
  });
}
