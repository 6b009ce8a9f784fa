import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { auditJob } from "../../../offchain/audit/audit.ts";
import type { CheckResult } from "../../../offchain/audit/check.ts";
import { gatherFacts } from "../../../offchain/audit/gather.ts";
import type { ChainFacts } from "../../../offchain/audit/input.ts";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { flipsOf, type Leaf, leavesOf, withLeaf, without } from "./flip.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";
import { runFarshore } from "./program.ts";

const patient = 150_000;

/** The check that names a falsified field, by the field's section. */
const namedBy: readonly (readonly [string, string])[] = [
  ["version", "evidence form"],
  ["chainId", "evidence header"],
  ["market", "evidence header"],
  ["jobId", "evidence header"],
  ["states", "state attestations"],
  ["sections.spec", "specification"],
  ["sections.rounds", "certified rounds"],
  ["sections.finalState", "certified rounds"],
  ["sections.validation", "validation rows"],
  ["sections.valuation", "valuation"],
  ["sections.model", "model and delivery"],
  ["sections.report", "report"],
];

describe("the evidence of a settled job", () => {
  let m: Marketplace;
  let jobId: `0x${string}`;
  let facts: ChainFacts;
  let file: string;
  let evidence: object;
  before(async function () {
    this.timeout(2 * patient);
    m = await openMarketplace();
    // As few rounds as still have a first, a middle and a last one: the audit runs once for each falsified field.
    const algorithm = { name: "logistic-newton", ridge: 1, rounds: 3, plateau: 0 };
    const posted = await m.post(writeRequest(m, "evidence", { algorithm }));
    jobId = posted.jobId;
    const job = await until(
      () => jobOf(m, jobId),
      ({ closing }) => closing !== null,
      patient,
    );
    expect(job.state).to.equal("Settled");
    file = await fetchEvidence("regulator");
    evidence = JSON.parse(readFileSync(file, "utf8"));
    facts = await gatherFacts(m.session.chain, jobId);
  });
  after(() => m?.stop());

  async function fetchEvidence(name: string): Promise<string> {
    const path = join(m.folder, `evidence-${name}.json`);
    await farshore(m.party(name).home, "job", "result", jobId, "--evidence", path);
    return path;
  }

  const failed = (changed: object): string[] =>
    auditJob(facts, changed)
      .filter((check) => !check.passed)
      .map((check) => check.name);
  const shown = ({ path }: Leaf) => path.join(".");

  it("is refused by a check of its section's name, whichever field is falsified", function () {
    this.timeout(patient);
    const leaves = leavesOf(evidence);
    expect(leaves.length).to.be.greaterThan(100);
    for (const leaf of leaves) {
      const check = namedBy.find(([section]) => `${shown(leaf)}.`.startsWith(`${section}.`))?.[1];
      for (const flipped of flipsOf(leaf.value)) {
        const names = failed(withLeaf(evidence, leaf.path, flipped));
        const where = `${shown(leaf)} = ${String(flipped).slice(0, 40)}`;
        expect(names.includes(check ?? "none") || names.includes("evidence form"), `${where}: ${names}`).to.equal(true);
      }
    }
  });

  it("is refused when any field is left out", function () {
    this.timeout(patient);
    for (const leaf of leavesOf(evidence)) {
      expect(failed(without(evidence, leaf.path)), shown(leaf)).to.not.deep.equal([]);
    }
  });

  it("is refused with a field that the format does not have", () => {
    for (const path of [[], ["sections"], ["sections", "rounds", 0], ["sections", "model"], ["states", 0]]) {
      expect(failed(withLeaf(evidence, [...path, "remark"], "fine")), path.join(".")).to.not.deep.equal([]);
    }
  });

  it("passes unchanged, with a grade on each line that says who vouches for it", () => {
    const checks = auditJob(facts, evidence);
    expect(checks.filter((c) => !c.passed)).to.deep.equal([]);
    const grade = (name: string) => checks.find((c) => c.name === name)?.grade;
    expect(grade("rows and local training")).to.equal("stated");
    expect(grade("valuation")).to.equal("verified");
  });

  it("passes in a contributor's copy too, whose hidden rows leave the valuation to the oracles' word", async function () {
    this.timeout(patient);
    const copy = JSON.parse(readFileSync(await fetchEvidence("bank-1"), "utf8"));
    expect(copy.sections.validation).to.have.keys("omitted");
    const checks = auditJob(facts, copy);
    expect(checks.filter((c) => !c.passed)).to.deep.equal([]);
    expect(checks.find((c) => c.name === "valuation")?.grade).to.equal("attested");
    const [leaf] = leavesOf(copy.sections.validation);
    const flipped = withLeaf(copy, ["sections", "validation", "omitted"], flipsOf(leaf?.value)[0]);
    expect(failed(flipped)).to.deep.equal(["evidence root"]);
  });

  it("is audited in an empty folder with nothing reachable but the chain", async function () {
    this.timeout(patient);
    for (const name of [...m.nodes.keys()]) await m.killNode(name);
    const empty = join(m.folder, "empty");
    mkdirSync(empty);
    const options = ["--rpc", m.rpcUrl, "--manifest", m.manifest];
    const good = await runFarshore(empty, ["audit", jobId, "--evidence", file, ...options]);
    expect(good.code).to.equal(exitCodes.done);
    expect(good.out).to.match(/ok {4}rows and local training {2}.*contributor's own word/);
    expect(good.out).to.match(/ok {4}valuation .* verified/);

    const bad = join(empty, "bad.json");
    for (const [path, check] of [
      [["sections", "valuation", "utilities", 0], "valuation"],
      [["version"], "evidence form"],
    ] as const) {
      const leaf = path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], evidence);
      writeFileSync(bad, JSON.stringify(withLeaf(evidence, path, flipsOf(leaf)[0])));
      const ended = await runFarshore(empty, ["--json", "audit", jobId, "--evidence", bad, ...options]);
      expect(ended.code).to.equal(exitCodes.auditFailed);
      const { checks } = JSON.parse(ended.out) as { checks: CheckResult[] };
      expect(checks.filter((c) => !c.passed).map((c) => c.name)).to.include(check);
    }
  });
});
