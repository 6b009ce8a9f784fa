import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { CheckResult } from "../../../../offchain/audit/check.ts";
import { exitCodes } from "../../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import { farshore } from "../../../../scripts/demo/processes.ts";
import { flipsOf, withLeaf } from "../flip.ts";
import { writeRequest } from "../marketplace.ts";
import { banks } from "../parties.ts";
import { type Ended, runFarshore } from "../program.ts";
import { type Audited, patient } from "./audited.ts";

/** The program in an empty folder, with nothing reachable but the chain. Kills every node: the last of a marketplace. */
export function endsAsDocumented(audited: () => Audited): void {
  describe("by the program in an empty folder", () => {
    let empty: string;
    let open: Hex;
    before(async function () {
      this.timeout(patient);
      const { m } = audited();
      // Without its banks a job is not accepted and stays open.
      await Promise.all(banks.map((name) => m.killNode(name)));
      open = (await m.post(writeRequest(m, "open"))).jobId;
      await Promise.all([...m.nodes.keys()].map((name) => m.killNode(name)));
      empty = join(m.folder, "empty");
      mkdirSync(empty);
    });

    const run = (change: { job?: string; file?: string; rpc?: string; manifest?: string }, ...flags: string[]) => {
      const { m, jobId, file } = audited();
      const options = ["--rpc", change.rpc ?? m.rpcUrl, "--manifest", change.manifest ?? m.manifest];
      const words = ["audit", change.job ?? jobId, "--evidence", change.file ?? file, ...options];
      return runFarshore(empty, [...flags, ...words]);
    };

    function write(name: string, content: string): string {
      const path = join(empty, name);
      writeFileSync(path, content);
      return path;
    }

    function expectRefused(ended: Ended, exit: number, code: string): void {
      expect(ended.code, ended.err).to.equal(exit);
      expect(ended.err).to.match(new RegExp(`^error ${code}: .+\n(.*\n)*  what to do: .+`));
      expect(ended.err).to.not.match(/^\s+at /m);
    }

    it("ends with 2 for a job that is not there, a file that is none and another chain's manifest", async function () {
      this.timeout(patient);
      const { m } = audited();
      expectRefused(await run({ job: `0x${"12".repeat(32)}` }), exitCodes.badInput, "chain/unknown-job");
      expectRefused(await run({ file: join(empty, "none.json") }), exitCodes.badInput, "file/unreadable");
      expectRefused(await run({ file: write("text.json", "rows: 3") }), exitCodes.badInput, "file/not-json");
      const other = { ...m.session.chain.manifest, chainId: m.session.chain.manifest.chainId + 1 };
      const manifest = write("other.json", JSON.stringify(other));
      expectRefused(await run({ manifest }), exitCodes.badInput, "chain/wrong-chain-id");
    });

    it("ends with 4 for a chain that does not answer and a job that is not settled yet, with 2 once it never will", async function () {
      this.timeout(patient);
      const { m } = audited();
      expectRefused(await run({ rpc: "http://127.0.0.1:9" }), exitCodes.unreachable, "chain/unreachable");
      expectRefused(await run({ job: open }), exitCodes.unreachable, "audit/not-settled");
      await farshore(m.party("buyer").home, "job", "cancel", open);
      expectRefused(await run({ job: open }), exitCodes.badInput, "audit/not-settled");
    });

    it("ends with 5 for the file of another job, says so in its line, and compares nothing else of it", async function () {
      this.timeout(patient);
      const { evidence, jobId } = audited();
      const file = write("another.json", JSON.stringify({ ...evidence, jobId: open }));
      const ended = await run({ file });
      expect(ended.code).to.equal(exitCodes.auditFailed);
      expect(ended.out).to.match(new RegExp(`^FAIL  evidence header +verified +the file is of job ${open}$`, "m"));
      expect(ended.out).to.include(`what to do: export the evidence of this job: farshore job result ${jobId}`);
      expect(ended.out).to.match(/\d+ passed, 1 failed\n$/);
      expect(ended.err).to.equal("");
    });

    it("ends with 5 for a malformed file, with a line for people and one for scripts", async function () {
      this.timeout(patient);
      for (const content of ["[]", "null", '{"version":1}']) {
        const ended = await run({ file: write("malformed.json", content) });
        expect(ended.code, content).to.equal(exitCodes.auditFailed);
        expect(ended.out).to.match(/^FAIL {2}evidence form +verified +evidence file: /m);
        expect(ended.out).to.match(/^what to do: export the evidence again/m);
        expect(ended.err).to.equal("");
      }
      const { checks, failed } = JSON.parse((await run({ file: write("empty.json", "{}") }, "--json")).out);
      expect(failed).to.equal(1);
      const form = (checks as CheckResult[]).find(({ passed }) => !passed);
      expect(form).to.include({ name: "evidence form", code: "evidence/malformed" });
    });

    it("ends with 5 for a falsified field, and the line of its check says FAIL", async function () {
      this.timeout(patient);
      const { evidence } = audited();
      const path = ["sections", "valuation", "utilities", 0];
      const value = evidence.sections.valuation.utilities[0];
      const file = write("falsified.json", JSON.stringify(withLeaf(evidence, path, flipsOf(value)[0])));
      const ended = await run({ file });
      expect(ended.code).to.equal(exitCodes.auditFailed);
      expect(ended.out).to.match(/^FAIL {2}valuation +verified +utilities differ from those recomputed$/m);
      expect(ended.out).to.match(/^FAIL {2}evidence root +verified +root of the file 0x/m);
      expect(ended.out).to.match(/^ok {4}payout +verified +3 projected Shapley shares/m);
      expect(ended.out).to.match(/^what to do: fetch the evidence again/m);
    });

    it("ends with 0 for the evidence as it was served", async function () {
      this.timeout(patient);
      const ended = await run({});
      expect(ended.code, ended.out + ended.err).to.equal(exitCodes.done);
      expect(ended.out).to.match(/^ok {4}rows and local training +contributor's own word /m);
      expect(ended.out).to.match(/^ok {4}valuation +verified /m);
      expect(ended.out).to.match(/^ok {4}choice of updates +attested by [45] of 5 /m);
    });
  });
}
