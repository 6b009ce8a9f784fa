import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { type InboxItem, leaveVerdict, readInbox, showInInbox, takeVerdicts } from "../../../offchain/party/inbox.ts";
import { failure } from "../failure.ts";

const jobId = `0x${"1a".repeat(32)}` as Hex;
const item: InboxItem = {
  ...{ jobId, assetIndex: 1, assetId: "7", buyer: `0x${"22".repeat(20)}`, name: "score", purpose: "creditScoring" },
  ...{ price: "100", rounds: 9, waitsFor: "person", rule: "mode", reason: "manual" },
  needs: ["clear"],
};

function home(): string {
  return mkdtempSync(join(tmpdir(), "farshore-inbox-"));
}

describe("an institution's inbox", () => {
  it("refuses a verdict on a job that the node does not show", () => {
    expect(() => leaveVerdict(home(), { jobId, verdict: "accept", person: "Ada", consents: 0 }))
      .to.throw()
      .with.property("code", "inbox/unknown-job");
  });

  it("takes each verdict once, and keeps it when recording it fails", async () => {
    const dir = home();
    showInInbox(dir, item);
    leaveVerdict(dir, { jobId, verdict: "accept", person: "Ada", consents: 3 });
    await takeVerdicts(dir, async () => {
      throw new Error("disk full");
    }).catch(() => undefined);
    const taken: string[] = [];
    await takeVerdicts(dir, async (v) => void taken.push(`${v.person} ${v.verdict} ${v.consents}`));
    await takeVerdicts(dir, async (v) => void taken.push(v.person));
    expect(taken).to.deep.equal(["Ada accept 3"]);
    expect(readInbox(dir)).to.deep.equal([item]);
  });

  it("refuses an acceptance without a consent that the job needs, and takes a decline without it", () => {
    const dir = home();
    showInInbox(dir, item);
    const without = failure(() => leaveVerdict(dir, { jobId, verdict: "accept", person: "Ada", consents: 5 }));
    expect(without.code).to.equal("inbox/consent-missing");
    expect(without.facts.missing).to.equal("clear");
    expect(without.remedy).to.contain("--consent clear");
    expect(existsSync(join(dir, "inbox", "verdicts"))).to.equal(false);
    leaveVerdict(dir, { jobId, verdict: "decline", person: "Ada", consents: 0 });
  });

  it("sets a malformed verdict aside instead of acting on it", async () => {
    const dir = home();
    showInInbox(dir, item);
    leaveVerdict(dir, { jobId, verdict: "decline", person: "Bob", consents: 0 });
    const verdicts = join(dir, "inbox", "verdicts");
    writeFileSync(join(verdicts, "x.json"), '{"jobId":"0x00","verdict":"accept"}');
    const taken: string[] = [];
    await takeVerdicts(dir, async (v) => void taken.push(v.person));
    expect(taken).to.deep.equal(["Bob"]);
    expect(readdirSync(verdicts)).to.deep.equal(["x.json.malformed"]);
    expect(existsSync(join(verdicts, "x.json"))).to.equal(false);
  });
});
