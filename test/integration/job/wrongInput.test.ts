import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getCredit } from "../../../offchain/chain/reads/balances.ts";
import { getBudget } from "../../../offchain/chain/reads/budget.ts";
import { getListings } from "../../../offchain/chain/reads/listing.ts";
import * as market from "../../../offchain/chain/writes/market.ts";
import { setStatus } from "../../../offchain/chain/writes/participants.ts";
import { exitCodeOf, exitCodes } from "../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { structHash } from "../../../offchain/core/eip712.ts";
import type { InboxItem } from "../../../offchain/party/inbox.ts";
import type { JobTerms } from "../../../offchain/protocol/chainStructs.ts";
import { type JobSpec, specBytes } from "../../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../../offchain/protocol/jobTerms.ts";
import { readJsonFile } from "../../../offchain/sdk/assets.ts";
import { boardsOf, putEverywhere } from "../../../offchain/sdk/boards.ts";
import { parseJobRequest } from "../../../offchain/sdk/jobRequest.ts";
import { cancelJob, jobIdOf, postJob, quoteJob } from "../../../offchain/sdk/jobs.ts";
import { openSession, type Session } from "../../../offchain/sdk/session.ts";
import { startEmbeddedChain } from "../../../scripts/chain/embedded.ts";
import { rejection } from "../../offchain/failure.ts";
import { acceptanceOf, bringAcceptance } from "./acceptances.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";
import { banks } from "./parties.ts";
import { runFarshore } from "./program.ts";

const patient = 150_000;
const hour = 3600n;

/** What a refused command says with --json. */
interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly remedy?: string;
}

describe("wrong input", () => {
  let m: Marketplace;
  let buyer: Session;
  before(async function () {
    this.timeout(patient);
    // Nobody accepts anything by itself: what starts a job here, a test brought.
    m = await openMarketplace({ policyOf: () => null });
    buyer = await openSession(m.party("buyer").home);
  });
  after(() => m?.stop());

  /** Everything a refused command could have left: files of its folder, listings, balance and reserved budgets. */
  async function traces(home: string): Promise<unknown> {
    const { chain } = m.session;
    const listings = await getListings(chain);
    const budgets = await Promise.all(listings.map((l) => getBudget(chain, l.listing.version.populationId)));
    const { stable } = await getCredit(chain, m.party("buyer").account);
    return {
      files: filesOf(home),
      listings: listings.length,
      stable: String(stable),
      reserved: budgets.map((b) => String(b.reserved)),
    };
  }

  /** Runs a command that must be refused, and must leave everything as it was. */
  async function refused(
    home: string,
    args: readonly string[],
    exit: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Refusal> {
    const before = await traces(home);
    const ended = await runFarshore(home, ["--json", ...args], env);
    expect(ended.code, ended.err + ended.out).to.equal(exit);
    expect(await traces(home)).to.deep.equal(before);
    const { error } = JSON.parse(ended.err) as { error: Refusal };
    expect(error.remedy ?? "", error.code).to.match(/\w/);
    return error;
  }

  describe("in a file of rows", () => {
    const rows = () =>
      readFileSync(join(m.folder, "data", "bank_prime.csv"), "utf8")
        .trim()
        .split("\n");
    const without = (name: string) => (lines: string[]) => {
      const at = (lines[0] ?? "").split(",").indexOf(name);
      return lines.map((line) =>
        line
          .split(",")
          .filter((_, i) => i !== at)
          .join(","),
      );
    };
    const changed = (name: string, value: string) => (lines: string[]) => {
      const at = (lines[0] ?? "").split(",").indexOf(name);
      return lines.map((line, row) =>
        row !== 7
          ? line
          : line
              .split(",")
              .map((v, i) => (i === at ? value : v))
              .join(","),
      );
    };
    const cases: readonly [string, (lines: string[]) => string[], string, string | null, number | null][] = [
      ["a missing column", without("income"), "data/missing-column", "income", null],
      ["text in a number", changed("income", "n/a"), "data/not-a-number", "income", 7],
      ["a value outside its declared range", changed("age", "17"), "data/out-of-range", "age", 7],
      ["no label", without("default"), "data/no-label", "default", null],
      [
        "one class only",
        (lines) => lines.filter((l, i) => i === 0 || l.endsWith(",0")),
        "data/one-class",
        "default",
        null,
      ],
      ["no rows", (lines) => lines.slice(0, 1), "data/no-rows", null, null],
    ];
    for (const [what, change, code, column, row] of cases) {
      it(`${what} is refused by asset check and asset list`, async function () {
        this.timeout(patient);
        const { home } = m.party("bank-1");
        const data = join(m.folder, `${code.replace("/", "-")}.csv`);
        writeFileSync(data, `${change(rows()).join("\n")}\n`);
        const file = ["--data", data, "--schema", join(m.folder, "data", "schema.json")];
        const offer = ["--population", "customers", "--price", "100", "--purpose", "creditScoring"];
        const checked = await runFarshore(home, ["asset", "check", ...file]);
        expect(checked.code).to.equal(exitCodes.badInput);
        expect(checked.out).to.match(new RegExp(`refused  ${code}: .*${column ?? ""}.*expected`));
        expect(checked.out).to.contain("what to do: ");
        const error = await refused(home, ["asset", "list", ...file, ...offer], exitCodes.badInput);
        expect(error.code).to.equal(code);
        expect(error.facts).to.include({ column, row });
      });
    }
  });

  describe("about the chain", () => {
    const manifestWith = (name: string, change: (manifest: Record<string, unknown>) => object): string => {
      const path = join(m.folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(m.manifest, "utf8")))));
      return path;
    };
    const balance = (env: Readonly<Record<string, string>>, exit: number) =>
      refused(m.party("buyer").home, ["balance"], exit, env);

    it("a wrong chain id in the manifest is refused with both ids", async function () {
      this.timeout(patient);
      const path = manifestWith("wrong-chain", (manifest) => ({ ...manifest, chainId: 4242 }));
      const error = await balance({ FARSHORE_MANIFEST: path }, exitCodes.badInput);
      expect(error.code).to.equal("chain/wrong-chain-id");
      expect(error.facts).to.include({ needed: 4242 });
    });

    it("a stale manifest is refused with the contract whose code differs", async function () {
      this.timeout(patient);
      const path = manifestWith("stale", (manifest) => ({
        ...manifest,
        codeHashes: { ...(manifest.codeHashes as object), JobMarket: `0x${"12".repeat(32)}` },
      }));
      const error = await balance({ FARSHORE_MANIFEST: path }, exitCodes.badInput);
      expect(error.code).to.equal("chain/stale-manifest");
      expect(error.facts).to.include({ contract: "JobMarket" });
    });

    it("a chain that was started anew is not the manifest's", async function () {
      this.timeout(patient);
      const other = await startEmbeddedChain();
      try {
        const error = await balance({ FARSHORE_RPC_URL: other.rpcUrl }, exitCodes.badInput);
        expect(error.code).to.be.oneOf(["chain/wrong-genesis", "chain/stale-manifest"]);
      } finally {
        await other.stop();
      }
    });

    it("a node that does not answer can be tried again, and is named", async function () {
      this.timeout(patient);
      const error = await balance({ FARSHORE_RPC_URL: "http://127.0.0.1:9" }, exitCodes.unreachable);
      expect(error.code).to.equal("chain/unreachable");
      expect(error.facts).to.include({ url: "http://127.0.0.1:9" });
    });
  });

  describe("in a request", () => {
    const post = (path: string, exit: number) => refused(m.party("buyer").home, ["job", "post", path], exit);

    it("an unknown field is refused by its name", async function () {
      this.timeout(patient);
      const top = await post(writeRequest(m, "unknown", { colour: "red" }), exitCodes.badInput);
      expect([top.code, top.facts.field]).to.deep.equal(["job/bad-request", "colour"]);
      const algorithm = { name: "logistic-newton", momentum: 0.9 };
      const inner = await post(writeRequest(m, "unknown-inner", { algorithm }), exitCodes.badInput);
      expect([inner.code, inner.facts.field]).to.deep.equal(["job/bad-request", "algorithm.momentum"]);
    });

    it("more than the balance is refused with what is missing", async function () {
      this.timeout(patient);
      const payments = { base: "99000", performance: "5000", oracleFee: "250" };
      const error = await post(writeRequest(m, "dear", { payments }), exitCodes.refused);
      expect(error.code).to.equal("job/balance-too-small");
      expect(error.facts).to.include({ had: "100000000000", needed: "104560000000" });
      expect(error.remedy).to.contain("farshore deposit 4560");
    });

    it("of a suspended buyer is refused by the contract", async function () {
      this.timeout(patient);
      await suspended("buyer", async () => {
        const error = await post(writeRequest(m, "suspended"), exitCodes.refused);
        expect(error.code).to.equal("chain/revert");
        expect(error.facts).to.include({ error: "JobMarket_NotActive" });
      });
    });
  });

  describe("in a posted job", () => {
    /** Terms and specification of a request, not sent. */
    async function drafted(name: string): Promise<{ spec: JobSpec; terms: JobTerms }> {
      const request = parseJobRequest(readJsonFile(writeRequest(m, name)));
      const { spec } = await quoteJob(buyer, request, m.party("buyer").home);
      return { spec, terms: termsOfSpec(spec) };
    }
    async function postTerms(terms: JobTerms): Promise<Hex> {
      const salt = bytesToHex(buyer.random(32));
      const jobId = jobIdOf(buyer.account, structHash("JobTerms", terms), salt);
      await buyer.send(`post:${jobId}`, market.post(buyer.chain, terms, salt));
      return jobId;
    }

    it("terms that differ from the specification are declined by every institution, with the field", async function () {
      this.timeout(patient);
      const { spec, terms } = await drafted("differ");
      await putEverywhere(await boardsOf(buyer), specBytes(spec));
      const jobId = await postTerms({ ...terms, rounds: terms.rounds + 1 });
      for (const bank of banks) {
        const item = await until(
          async () => inboxOf(m.party(bank).home, jobId),
          (found) => found !== undefined,
          patient,
        );
        expect(item).to.include({ waitsFor: "declined", rule: "job/terms-differ" });
        expect(item?.reason).to.match(/differ from the specification in rounds/);
      }
      await cancelJob(buyer, jobId);
    });

    it("a specification that no board serves is waited for, and laid at the buyer's door", async function () {
      this.timeout(patient);
      const { spec, terms } = await drafted("nowhere");
      const changed = { ...spec, colour: "red" };
      const [board] = await boardsOf(buyer);
      const put = rejection(
        (board as NonNullable<typeof board>).client.putDocument(Buffer.from(JSON.stringify(changed))),
      );
      expect((await put).code).to.equal("job/bad-spec");
      const jobId = await postTerms(terms);
      const log = join(m.party("bank-1").home, "node.log");
      const lines = await until(
        async () =>
          readFileSync(log, "utf8")
            .split("\n")
            .filter((line) => line.includes(jobId) && line.includes("job/no-spec")),
        (found) => found.length > 0,
        patient,
      );
      expect(JSON.parse(lines[0] ?? "{}").party).to.equal(buyer.account.toLowerCase());
      expect(inboxOf(m.party("bank-1").home, jobId)).to.equal(undefined);
      await cancelJob(buyer, jobId);
    });
  });

  describe("in an acceptance", () => {
    let institutions: Session[];
    before(async () => {
      institutions = await Promise.all(banks.map((bank) => openSession(m.party(bank).home)));
    });

    async function posted(name: string): Promise<{ jobId: Hex; termsHash: Hex }> {
      const request = parseJobRequest(readJsonFile(writeRequest(m, name)));
      const { jobId } = await postJob(buyer, request, m.party("buyer").home);
      return { jobId, termsHash: (await jobOf(m, jobId)).termsHash };
    }
    const later = async () => BigInt(await m.session.chain.headTime()) + hour;

    /** Brings acceptances of some institutions to the boards, by asset index. */
    async function bring(job: { jobId: Hex; termsHash: Hex }, indices: readonly number[], expiry: bigint, nonce = 1n) {
      for (const assetIndex of indices) {
        const bank = institutions[assetIndex] as Session;
        const given = { assetIndex, nonce: nonce + BigInt(assetIndex), expiry };
        await bringAcceptance(bank, job.jobId, acceptanceOf(bank, job.jobId, job.termsHash, given));
      }
    }
    async function refusedStart(jobId: Hex, error: string): Promise<void> {
      const refusal = await refused(m.party("buyer").home, ["job", "start", jobId], exitCodes.refused);
      expect(refusal.code).to.equal("chain/revert");
      expect(refusal.facts).to.include({ error });
      expect((await jobOf(m, jobId)).state).to.equal("Open");
    }
    /** Withdraws the job; the buyer has then what it had before. */
    async function withdrawn(jobId: Hex, had: bigint): Promise<void> {
      await cancelJob(buyer, jobId);
      expect((await getCredit(buyer.chain, buyer.account)).stable).to.equal(had);
    }
    const balance = async () => (await getCredit(buyer.chain, buyer.account)).stable;

    it("one that is missing is named, and may still come", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("missing");
      await bring(job, [0, 2], await later(), 100n);
      const error = await refused(m.party("buyer").home, ["job", "start", job.jobId], exitCodes.unreachable);
      expect(error.code).to.equal("job/not-accepted");
      expect(error.message).to.contain(`asset ${m.assets[1]}`);
      await withdrawn(job.jobId, had);
    });

    it("one that expired starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("expired");
      const soon = BigInt(Math.max(await m.session.chain.headTime(), Math.floor(Date.now() / 1000))) + 4n;
      await bring(job, [0, 1], soon, 200n);
      await until(
        () => m.session.chain.headTime(),
        (time) => time > Number(soon),
        patient,
      );
      await bring(job, [2], await later(), 200n);
      await refusedStart(job.jobId, "JobMarket_AcceptanceExpired");
      await withdrawn(job.jobId, had);
    });

    it("one that was cancelled starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("cancelled");
      const bank = institutions[0] as Session;
      await bring(job, [0, 1], await later(), 300n);
      await bank.send("cancel-acceptance", market.cancelAcceptance(bank.chain, bank.account, 300n));
      await bring(job, [2], await later(), 300n);
      await refusedStart(job.jobId, "JobMarket_AcceptanceCancelled");
      await withdrawn(job.jobId, had);
    });

    it("one of another job is refused by boards and by the contract", async function () {
      this.timeout(patient);
      const had = await balance();
      const [first, second] = [await posted("first"), await posted("second")];
      const expiry = await later();
      const replayed = institutions.map((bank, assetIndex) =>
        acceptanceOf(bank, first.jobId, first.termsHash, { assetIndex, nonce: 400n + BigInt(assetIndex), expiry }),
      );
      const board = await rejection(
        bringAcceptance(institutions[0] as Session, second.jobId, replayed[0] as NonNullable<(typeof replayed)[0]>),
      );
      expect(board.code).to.equal("transport/not-allowed");
      const listings = (await getListings(buyer.chain)).map(({ listing }) => ({
        ...{ listing, jurisdictionProof: [], buyerProof: [], codeProof: [] },
      }));
      const signed = replayed.map(({ message, signature }) => ({ ...message, signature }));
      const call = market.start(buyer.chain, await jobOf(m, second.jobId), listings, signed);
      const error = await rejection(buyer.send("start-replayed", call));
      expect(error.facts).to.include({ error: "JobMarket_BadAcceptance" });
      expect(error.remedy).to.match(/signed for another job/);
      expect(exitCodeOf(error)).to.equal(exitCodes.refused);
      await cancelJob(buyer, first.jobId);
      await withdrawn(second.jobId, had);
    });

    it("one of a suspended institution starts nothing", async function () {
      this.timeout(patient);
      const had = await balance();
      const job = await posted("suspended-bank");
      await suspended("bank-2", async () => {
        await bring(job, [0, 1, 2], await later(), 500n);
        await refusedStart(job.jobId, "JobMarket_NotActive");
        await withdrawn(job.jobId, had);
      });
    });
  });

  /** Suspends a party for as long as `during` takes. */
  async function suspended(name: string, during: () => Promise<void>): Promise<void> {
    const { account } = m.party(name);
    const set = (status: "suspended" | "active") =>
      m.session.send(`${status}:${account}`, setStatus(m.session.chain, account, status));
    await set("suspended");
    try {
      await during();
    } finally {
      await set("active");
    }
  }
});

function inboxOf(home: string, jobId: string): InboxItem | undefined {
  return globSync(join(home, "inbox", `${jobId}-*.json`)).map((path) => JSON.parse(readFileSync(path, "utf8")))[0];
}

/** Files of a party's folder with their digests, but for what a running node writes, and SQLite's own beside a database. */
function filesOf(home: string): string[] {
  const own = /node\.log$|^state\/(node|outbox|privacy)\.sqlite|sqlite-(wal|shm)$|^inbox/;
  return globSync("**/*", { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !own.test(path.slice(home.length + 1)))
    .map((path) => `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`)
    .sort();
}
