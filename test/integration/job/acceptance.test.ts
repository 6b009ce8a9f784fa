import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import { type InboxItem, readInbox } from "../../../offchain/party/inbox.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { automaticPolicy, jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";
import { banks } from "./parties.ts";
import { runFarshore } from "./program.ts";

const patient = 150_000;
// bank-3 lets jobs through by itself, up to a total that every request here is above.
const limited = { ...automaticPolicy, secondPersonAbove: "100" };

describe("a job in the inboxes of three institutions", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(patient);
    m = await openMarketplace({ policyOf: (bank) => (bank === "bank-3" ? limited : null) });
  });
  after(() => m?.stop());

  // As `farshore job inbox` reads it, without a process for each look.
  const inbox = (bank: string, jobId: string) => readInbox(m.party(bank).home).find((item) => item.jobId === jobId);
  const shown = (bank: string, jobId: string, waitsFor: InboxItem["waitsFor"]) =>
    until(
      async () => inbox(bank, jobId),
      (item) => item?.waitsFor === waitsFor,
      patient,
    );
  const say = (bank: string, jobId: string, verdict: "accept" | "decline", person: string) =>
    runFarshore(m.party(bank).home, ["--json", "job", verdict, jobId, "--person", person]);
  const stateOf = async (jobId: string) => (await jobOf(m, jobId)).state;

  /** What a bank's node logged about a job, by message. */
  function logged(bank: string, jobId: string, message: string): Record<string, unknown>[] {
    const lines = readFileSync(join(m.party(bank).home, "node.log"), "utf8")
      .trim()
      .split("\n");
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    return entries.filter((entry) => entry.jobId === jobId && entry.msg === message);
  }
  const entry = (bank: string, jobId: string, message: string) =>
    until(
      async () => logged(bank, jobId, message),
      (entries) => entries.length > 0,
      patient,
    );

  it("refuses a verdict on a job that is not there", async () => {
    const ended = await say("bank-1", `0x${"12".repeat(32)}`, "accept", "Ada");
    expect(ended.code).to.equal(exitCodes.badInput);
    expect(JSON.parse(ended.err).error.code).to.equal("inbox/unknown-job");
  });

  it("stays open when one institution declines, and what another had accepted can be taken back", async function () {
    this.timeout(2 * patient);
    const { jobId } = await m.post(writeRequest(m, "declined"));
    await Promise.all([shown("bank-1", jobId, "person"), shown("bank-2", jobId, "person")]);
    await say("bank-2", jobId, "decline", "Bob");
    const declined = await shown("bank-2", jobId, "declined");
    expect([declined?.rule, declined?.reason]).to.deep.equal(["person", "declined: Bob"]);
    const again = await say("bank-2", jobId, "accept", "Bob");
    expect(again.code).to.equal(exitCodes.refused);
    expect(JSON.parse(again.err).error.code).to.equal("inbox/decided");

    await say("bank-1", jobId, "accept", "Ada");
    await shown("bank-1", jobId, "accepted");
    await say("bank-1", jobId, "decline", "Ada");
    expect((await entry("bank-1", jobId, "acceptance cancelled"))[0]?.status).to.equal("done");
    expect((await shown("bank-1", jobId, "declined"))?.rule).to.equal("person");
    expect(await stateOf(jobId)).to.equal("Open");
    await farshore(m.party("buyer").home, "job", "cancel", jobId);
  });

  it("is declined by the rule of a policy that it does not fit, whoever would accept it", async function () {
    this.timeout(patient);
    const path = join(m.party("bank-3").home, "policy.json");
    writeFileSync(path, JSON.stringify({ ...limited, priceFloor: "100.000001" }));
    const { jobId } = await m.post(writeRequest(m, "cheap"));
    const item = await shown("bank-3", jobId, "declined");
    expect([item?.rule, item?.reason]).to.deep.equal(["priceFloor", "price 100 is below 100.000001"]);
    expect((await say("bank-3", jobId, "accept", "Carla")).code).to.equal(exitCodes.refused);
    writeFileSync(path, JSON.stringify(limited));
    await farshore(m.party("buyer").home, "job", "cancel", jobId);
  });

  it("starts when a person accepted where nobody else may, and two where the policy asks for a second", async function () {
    this.timeout(2 * patient);
    const { jobId } = await m.post(writeRequest(m, "accepted"));
    const [manual, , twice] = await Promise.all([
      shown("bank-1", jobId, "person"),
      shown("bank-2", jobId, "person"),
      shown("bank-3", jobId, "two-persons"),
    ]);
    expect(manual?.rule).to.equal("mode");
    expect(twice?.rule).to.equal("secondPersonAbove");
    expect(manual).to.include({ name: "accepted", purpose: "creditScoring", price: "100", rounds: 6 });

    await Promise.all(["bank-1", "bank-2", "bank-3"].map((bank) => say(bank, jobId, "accept", "Ada")));
    await Promise.all([shown("bank-1", jobId, "accepted"), shown("bank-2", jobId, "accepted")]);
    await entry("bank-3", jobId, "a person decided");
    // The same person again is no second one.
    await say("bank-3", jobId, "accept", "Ada");
    await until(
      async () => logged("bank-3", jobId, "a person decided"),
      (entries) => entries.length === 2,
      patient,
    );
    expect(inbox("bank-3", jobId)?.waitsFor).to.equal("two-persons");
    expect(await stateOf(jobId)).to.equal("Open");
    await say("bank-3", jobId, "accept", "Carla");
    expect((await shown("bank-3", jobId, "accepted"))?.reason).to.equal("accepted and signed: Ada, Carla");
    await until(
      () => stateOf(jobId),
      (state) => state !== "Open",
      patient,
    );

    for (const bank of banks) {
      const [considered] = logged(bank, jobId, "job considered");
      expect(considered?.rule).to.equal(bank === "bank-3" ? "secondPersonAbove" : "mode");
    }
    expect(logged("bank-3", jobId, "a person decided").map((e) => [e.person, e.verdict, e.rule])).to.deep.equal([
      ["Ada", "accepted", "person"],
      ["Ada", "accepted", "person"],
      ["Carla", "accepted", "person"],
    ]);
  });
});
