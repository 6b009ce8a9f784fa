import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { consentBits } from "../../../offchain/core/tables/consents.ts";
import { addressOfKey } from "../../../offchain/crypto/secp256k1.ts";
import { type InboxItem, leaveVerdict, readInbox } from "../../../offchain/party/inbox.ts";
import { writeKeyFile } from "../../../offchain/party/keys.ts";
import { decodeAcceptance } from "../../../offchain/protocol/acceptance.ts";
import type { Acceptance } from "../../../offchain/protocol/chainStructs.ts";
import { boardsOf } from "../../../offchain/sdk/boards.ts";
import { openEnvelope } from "../../../offchain/transport/envelope.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { automaticPolicy, jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";
import { banks } from "./parties.ts";
import { runFarshore } from "./program.ts";

const patient = 150_000;
const consent = ["--consent", "clear", "sumsWithoutNoise"];
const personsKeys = { Ada: new Uint8Array(32).fill(1), Carla: new Uint8Array(32).fill(2) };
const persons = Object.entries(personsKeys).map(([name, key]) => ({ name, key: addressOfKey(key) }));
// bank-3 lets jobs through by itself, up to a total that every request here is above.
const limited = { ...automaticPolicy, persons, secondPersonAbove: "100" };

describe("a job in the inboxes of three institutions", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(patient);
    m = await openMarketplace({ policyOf: (bank) => (bank === "bank-3" ? limited : null) });
    for (const [name, key] of Object.entries(personsKeys)) writeKeyFile(keyFile(name), key);
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
  const keyFile = (person: string) => join(m.folder, `${person}.key`);
  /** As a person says it: bank-3 asks for the person's key. */
  const say = (bank: string, jobId: string, verdict: "accept" | "decline", person: string, key = person) => {
    const signed = bank === "bank-3" ? ["--key", keyFile(key)] : [];
    return runFarshore(m.party(bank).home, [
      "--json",
      "job",
      verdict,
      jobId,
      "--person",
      person,
      ...signed,
      ...consent,
    ]);
  };
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

  /** A bank's acceptance as the first oracle's board holds it. */
  async function held(bank: string, jobId: string): Promise<Acceptance | null> {
    const [board] = await boardsOf(m.session);
    const index = banks.indexOf(bank);
    const envelopes = (await board?.client.listAcceptances(jobId as Hex)) ?? [];
    const all = envelopes.map((bytes) => decodeAcceptance(openEnvelope(bytes).content).message);
    return all.find((a) => a.assetIndex === index) ?? null;
  }

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

    const without = await runFarshore(m.party("bank-1").home, ["--json", "job", "accept", jobId, "--person", "Ada"]);
    expect(without.code).to.equal(exitCodes.badInput);
    expect(JSON.parse(without.err).error).to.deep.include({ code: "inbox/consent-missing" });
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
    const late = await say("bank-3", jobId, "accept", "Carla");
    expect([late.code, JSON.parse(late.err).error.code]).to.deep.equal([exitCodes.refused, "inbox/decided"]);
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
    // Nor is she one under the second's name, on the command line or straight into the folder.
    const asCarla = await say("bank-3", jobId, "accept", "Carla", "Ada");
    expect([asCarla.code, JSON.parse(asCarla.err).error.code]).to.deep.equal([
      exitCodes.refused,
      "inbox/not-authorised",
    ]);
    leaveVerdict(m.party("bank-3").home, { jobId, verdict: "accept", person: "Carla", consents: 7 });
    expect((await entry("bank-3", jobId, "a verdict is not taken"))[0]).to.include({
      person: "Carla",
      code: "inbox/not-authorised",
    });
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

  it("starts a day and an hour after it was first accepted: what would have expired was renewed in time", async function () {
    this.timeout(2 * patient);
    const deadlines = { startSeconds: 604_800, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 2 };
    const { jobId } = await m.post(writeRequest(m, "renewed", { deadlines }));
    await Promise.all([shown("bank-1", jobId, "person"), shown("bank-3", jobId, "two-persons")]);
    await say("bank-1", jobId, "accept", "Ada");
    await shown("bank-1", jobId, "accepted");
    const { expiry } = (await until(
      () => held("bank-1", jobId),
      (acceptance) => acceptance !== null,
      patient,
    )) as Acceptance;
    // Half of its life: from then on a node signs it again.
    await m.passTime(13 * 3600);
    await entry("bank-1", jobId, "acceptance renewed");
    await m.passTime(12 * 3600);
    const late = await until(
      () => m.session.chain.headTime(),
      (time) => BigInt(time) > expiry,
      patient,
    );
    const renewed = await until(
      () => held("bank-1", jobId),
      (acceptance) => (acceptance?.expiry ?? 0n) > BigInt(late),
      patient,
    );
    expect(renewed?.consents).to.equal(consentBits(["clear", "sumsWithoutNoise"]));
    await shown("bank-2", jobId, "person");
    await Promise.all([say("bank-2", jobId, "accept", "Bob"), say("bank-3", jobId, "accept", "Ada")]);
    await say("bank-3", jobId, "accept", "Carla");
    await until(
      () => stateOf(jobId),
      (state) => state !== "Open",
      patient,
    );
  });
});
