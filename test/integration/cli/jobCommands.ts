import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getParticipants } from "../../../offchain/chain/reads/participants.ts";
import { mint } from "../../../offchain/chain/writes/tokens.ts";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { sha256Hex } from "../../../offchain/core/hash.ts";
import { parseStable } from "../../../offchain/core/units.ts";
import { type InboxItem, readInbox } from "../../../offchain/party/inbox.ts";
import { rankOf } from "../../../offchain/protocol/rank.ts";
import { farshore } from "../../../scripts/demo/processes.ts";
import { jobOf, type Marketplace, until, writeRequest } from "../job/marketplace.ts";
import { banks } from "../job/parties.ts";
import { runFarshore } from "../job/program.ts";
import { answered, answerOf, errorOf, patient } from "./answers.ts";

const consent = ["--consent", "clear", "sumsWithoutNoise"];
const unknownJob = `0x${"12".repeat(32)}`;

/** job, model export and audit, on one job from quote to audit, which persons accept, start and settle by hand. */
export function jobCommands(m: () => Marketplace): void {
  describe("of a job", () => {
    const buyer = () => m().party("buyer").home;
    const algorithm = { name: "logistic-newton", ridge: 1, rounds: 2, plateau: 0 };
    const deadlines = { startSeconds: 600, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 15 };
    let jobId: Hex;
    let followed: Promise<Record<string, unknown>>;

    const shown = (bank: string, id: string, waitsFor: InboxItem["waitsFor"]) =>
      until(
        async () => readInbox(m().party(bank).home).find((item) => item.jobId === id),
        (item) => item?.waitsFor === waitsFor,
        patient,
      );

    it("quote tells the price of every part, and sends nothing", async function () {
      this.timeout(patient);
      const { quote, spec } = (await answerOf(buyer(), "job", "quote", writeRequest(m(), "quoted"))) as {
        quote: Record<string, string>;
        spec: { name: string };
      };
      const { total, balance, ...parts } = quote;
      const sum = Object.values(parts).reduce((all, part) => all + BigInt(part), 0n);
      expect(String(sum)).to.equal(total);
      expect(balance).to.equal("100000000000");
      expect(spec.name).to.equal("quoted");
      expect(await errorOf(buyer(), exitCodes.badInput, "job", "quote", "nowhere.json")).to.equal("file/unreadable");
    });

    it("post, inbox, decline and cancel: the job is closed and the buyer has its money", async function () {
      this.timeout(patient);
      const posted = await answerOf(buyer(), "job", "post", writeRequest(m(), "declined"));
      expect(posted).to.include({ state: "Open" });
      const id = String(posted.job);
      await shown("bank-2", id, "person");
      const { home } = m().party("bank-2");
      const { items } = (await answerOf(home, "job", "inbox")) as { items: InboxItem[] };
      expect(items.find((item) => item.jobId === id)).to.include({ waitsFor: "person", rule: "mode", price: "100" });
      const declined = await answerOf(home, "job", "decline", id, "--person", "Bob");
      expect(declined).to.deep.equal({ job: id, verdict: "decline" });
      await shown("bank-2", id, "declined");
      expect(await errorOf(m().party("bank-1").home, exitCodes.refused, "job", "cancel", id)).to.equal("chain/revert");
      expect(await answerOf(buyer(), "job", "cancel", id)).to.deep.equal({ job: id, state: "Cancelled" });
      expect((await answerOf(buyer(), "balance")).market).to.include({ stable: "100000000000" });
    });

    it("validation commit and deliver: an evaluator commits to rows, accepts, and ends when the job does", async function () {
      this.timeout(patient);
      const { home, account } = m().party("evaluator");
      const data = (name: string) => join(m().folder, "data", name);
      const rows = ["--data", data("validation.csv"), "--schema", data("schema.json")];
      const nowhere = ["validation", "commit", "--data", "nowhere.csv", "--schema", data("schema.json")];
      expect(await errorOf(home, exitCodes.badInput, ...nowhere)).to.match(/^(data|file)\//);
      const committed = await answerOf(home, "validation", "commit", ...rows);
      expect(committed.root).to.match(/^0x[0-9a-f]{64}$/);
      const money = mint(m().session.chain, account, parseStable("1000"), sha256Hex(new Uint8Array([1])));
      await m().session.send("evaluator's money", money);
      await farshore(home, "deposit", "1000");
      const request = writeRequest(m(), "evaluated", { evaluator: account, validation: committed });
      const id = (await answerOf(buyer(), "job", "post", request)).job as string;
      const delivering = answerOf(home, "validation", "deliver", id);
      const accepted = join(home, "validation", `${id}.acceptance`);
      await until(async () => existsSync(accepted), Boolean, patient);
      await answerOf(buyer(), "job", "cancel", id);
      expect(await delivering).to.include({ job: id, state: "Cancelled" });
      expect(await errorOf(buyer(), exitCodes.refused, "validation", "deliver", id)).to.equal("job/not-evaluator");
    });

    it("accept and start: without the oracle whose turn it is, anybody starts the job", async function () {
      this.timeout(patient);
      const path = writeRequest(m(), "accepted", { algorithm, deadlines });
      jobId = (await answerOf(buyer(), "job", "post", path)).job as Hex;
      expect((await answerOf(buyer(), "job", "post", path)).job, "posted twice").to.equal(jobId);
      const admitted = (await getParticipants(m().session.chain)).map(({ account }) => m().nameOf(account));
      const first = firstOf(
        "start",
        admitted.filter((name) => name.startsWith("oracle")),
      );
      await m().killNode(first);
      expect(await errorOf(buyer(), exitCodes.unreachable, "job", "start", jobId)).to.equal("job/not-accepted");
      const proofs = join(m().folder, "proofs.json");
      writeFileSync(proofs, JSON.stringify({ seven: {} }));
      const proved = ["job", "start", jobId, "--proofs", proofs];
      expect(await errorOf(buyer(), exitCodes.badInput, ...proved)).to.equal("job/bad-proofs");
      for (const bank of banks) {
        await shown(bank, jobId, "person");
        await answerOf(m().party(bank).home, "job", "accept", jobId, "--person", "Ada", ...consent);
      }
      await Promise.all(banks.map((bank) => shown(bank, jobId, "accepted")));
      expect(await startWhenAccepted()).to.deep.equal({ job: jobId, state: "Seating" });
      const other = m().party("bank-1").home;
      expect(await errorOf(other, exitCodes.refused, "job", "start", jobId), "second").to.equal("chain/revert");
      await m().startNode(first);
      followed = farshore(buyer(), "job", "post", path, "--follow");
    });

    it("status tells the way, and settle closes it without the oracle whose turn it is", async function () {
      this.timeout(patient);
      const proposed = await until(
        () => jobOf(m(), jobId),
        (job) => job.state === "Proposed",
        patient,
      );
      await m().killNode(
        firstOf(
          "settle",
          proposed.seatAccounts.map((account) => m().nameOf(account)),
        ),
      );
      const status = await answerOf(m().party("bank-3").home, "job", "status", jobId);
      expect(status).to.deep.include({
        job: jobId,
        state: "Proposed",
        rounds: { certified: 2, completed: 2, planned: 2 },
      });
      expect(await errorOf(buyer(), exitCodes.unreachable, "job", "settle", jobId), "too early").to.equal(
        "job/not-due",
      );
      const soon = ["job", "result", jobId, "--evidence", join(m().folder, "early.json")];
      expect(await errorOf(buyer(), exitCodes.unreachable, ...soon), "too early").to.equal("board/not-settled");
      await m().passTime(deadlines.challengeSeconds);
      await until(
        () => m().session.chain.headTime(),
        (time) => time > proposed.deadline,
        patient,
      );
      const settled = await answerOf(buyer(), "job", "settle", jobId);
      expect(settled).to.deep.equal({ job: jobId, way: "settle", state: "Settled" });
      expect((await followed).state).to.equal("Settled");
      const other = m().party("bank-1").home;
      expect(await errorOf(other, exitCodes.refused, "job", "settle", jobId), "second").to.equal("job/closed");
      expect(await errorOf(buyer(), exitCodes.refused, "job", "cancel", jobId)).to.equal("chain/revert");
    });

    it("result, model export, audit and withdraw: what the job brought is fetched, verified and paid out", async function () {
      this.timeout(patient);
      const [model, again, evidence] = ["model", "again", "evidence"].map((name) => join(m().folder, `${name}.json`));
      const result = ["job", "result", jobId, "--model", `${model}`, "--evidence", `${evidence}`];
      // One that was there before, for all to read, is replaced.
      writeFileSync(`${evidence}`, "{}", { mode: 0o644 });
      const { state, contributors } = await answerOf(buyer(), ...result);
      expect(state).to.equal("Settled");
      expect((await answerOf(buyer(), "model", "export", jobId, "--out", `${again}`)).features).to.equal(13);
      for (const path of [model, again, evidence]) {
        expect(statSync(`${path}`).mode & 0o777, path).to.equal(0o600);
      }
      expect(readdirSync(m().folder).filter((name) => name.startsWith(".farshore"))).to.deep.equal([]);
      expect(readFileSync(`${again}`, "utf8")).to.equal(readFileSync(`${model}`, "utf8"));
      const audit = ["audit", jobId, "--evidence", `${evidence}`, "--rpc", m().rpcUrl, "--manifest", m().manifest];
      expect(await answerOf(m().folder, ...audit)).to.include({ job: jobId, failed: 0 });
      const nowhere = ["audit", jobId, "--evidence", `${evidence}`, "--rpc", "nonsense", "--manifest", m().manifest];
      expect(await errorOf(m().folder, exitCodes.badInput, ...nowhere)).to.equal("cli/bad-url");
      for (const words of [
        ["model", "export", jobId, "--out", "/no/dir/x"],
        ["job", "result", jobId, "--evidence", m().folder],
      ]) {
        expect(await errorOf(buyer(), exitCodes.badInput, ...words), words.join(" ")).to.equal("file/unwritable");
      }
      const paid = contributors as { account: string; stable: string; incentive: string }[];
      const { account, home } = m().party("bank-1");
      const own = paid.find((c) => c.account.toLowerCase() === account.toLowerCase());
      const { wallet } = (await answerOf(home, "withdraw")) as { wallet: { stable: string } };
      expect(Number(wallet.stable) / 1e6).to.equal(Number(own?.stable));
    });

    it("a job that is not there is refused by every command that names one, and no file is written", async function () {
      this.timeout(patient);
      const file = join(m().folder, "nothing.json");
      for (const words of [
        ...["status", "start", "settle", "cancel"].map((word) => ["job", word, unknownJob]),
        ["job", "result", unknownJob, "--evidence", file],
        ["model", "export", unknownJob, "--out", file],
      ]) {
        expect(await errorOf(buyer(), exitCodes.badInput, ...words), words.join(" ")).to.equal("chain/unknown-job");
      }
      expect(() => readFileSync(file)).to.throw("ENOENT");
      expect(await errorOf(buyer(), exitCodes.badInput, "job", "status", "12")).to.equal("job/bad-id");
    });

    /** Of names in their places, the one that acts first at a step of this job. */
    function firstOf(step: string, names: readonly string[]): string {
      return names.find((_, place) => rankOf(jobId, step, place, names.length) === 0) as string;
    }

    /** `job start` until the acceptances are on the boards, as a script would: exit code 4 says try again. */
    async function startWhenAccepted(): Promise<unknown> {
      const words = ["--home", buyer(), "--json", "job", "start", jobId];
      const ended = await until(
        () => runFarshore(buyer(), words),
        ({ code }) => code !== exitCodes.unreachable,
        patient,
      );
      expect(ended.code, ended.err).to.equal(exitCodes.done);
      answered.add("job start");
      return JSON.parse(ended.out);
    }
  });
}
