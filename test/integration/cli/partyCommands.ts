import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import { makeLei } from "../../../offchain/core/lei.ts";
import { genesisRules, genesisRulesHash } from "../../../offchain/protocol/genesisRules.ts";
import { programPath } from "../../../scripts/demo/processes.ts";
import type { Marketplace } from "../job/marketplace.ts";
import { changeConfig } from "../job/parties.ts";
import { runFarshore } from "../job/program.ts";
import { answerIn, answerOf, errorOf, misused, patient } from "./answers.ts";

/** init, participant, node run, rules, version. */
export function partyCommands(m: () => Marketplace): void {
  describe("of a new party", () => {
    const home = () => join(m().folder, "newcomer");
    const options = () => ["--name", "newcomer", "--rpc", m().rpcUrl, "--manifest", m().manifest];
    let made: Record<string, string>;

    it("init refuses wrong options and leaves no folder, makes a party once, and then changes nothing", async function () {
      this.timeout(patient);
      const wrong = ["init", ...options(), "--port", "99999"];
      expect(await errorOf(home(), exitCodes.badInput, ...wrong)).to.equal("init/bad-option");
      expect(readdirSync(m().folder)).to.not.include("newcomer");
      await misused(home(), /required option '--name/, "init");
      made = (await answerOf(home(), "init", ...options())) as Record<string, string>;
      expect(made.account).to.match(/^0x[0-9a-fA-F]{40}$/);
      expect(made.encryptionKey).to.match(/^0x[0-9a-f]{64}$/);
      const config = readFileSync(join(home(), "farshore.json"), "utf8");
      expect(await errorOf(home(), exitCodes.badInput, "init", ...options())).to.equal("init/exists");
      expect(readFileSync(join(home(), "farshore.json"), "utf8")).to.equal(config);
    });

    it("participant admit is the registrar's, and show tells what the chain holds", async function () {
      this.timeout(patient);
      expect(await errorOf(home(), exitCodes.badInput, "participant", "show")).to.equal("participant/unknown");
      const words = (lei: string) => [
        ...["participant", "admit", "--account", made.account ?? "", "--operator", made.operator ?? ""],
        ...["--encryption-key", made.encryptionKey ?? "", "--name", "Newcomer", "--lei", lei, "--role", "buyer"],
        ...["--group", "77", "--jurisdiction", "DE"],
      ];
      const lei = makeLei("FARSHORENEWCOMER77");
      const marketplace = m().session.config.home;
      const mistyped = `${lei.slice(0, -1)}${lei.endsWith("0") ? "1" : "0"}`;
      expect(await errorOf(marketplace, exitCodes.badInput, ...words(mistyped))).to.match(/lei/);
      for (const [field, wrong] of [
        ["group", "99999999999"],
        ["group", "1e3"],
        ["group", "0"],
        ["endpoint", "not a url"],
        ["endpoint", "ftp://host"],
        ["account", "0xabc"],
      ] as const) {
        const refused = await errorOf(marketplace, exitCodes.badInput, ...words(lei), `--${field}`, wrong);
        expect(refused, `${field} ${wrong}`).to.equal("participant/bad-option");
      }
      expect(await errorOf(m().party("buyer").home, exitCodes.refused, ...words(lei))).to.equal("chain/revert");
      expect(await answerOf(marketplace, ...words(lei))).to.include({ account: made.account, admitted: true });
      const shown = await answerOf(home(), "participant", "show");
      expect(shown).to.include({ status: "active", name: "Newcomer", lei, group: 77, jurisdiction: "DE" });
      expect(shown.roles).to.deep.equal(["buyer"]);
    });

    it("participant rotate gives the node another key, and leaves one behind that nobody uses", async function () {
      this.timeout(patient);
      const before = (await answerOf(home(), "participant", "show")).operator;
      const { operator } = await answerOf(home(), "participant", "rotate");
      expect(operator).to.not.equal(before);
      made.operator = operator as string;
      const after = (await answerOf(home(), "participant", "show")).operator as string;
      expect(after.toLowerCase()).to.equal(made.operator.toLowerCase());
      expect(readdirSync(join(home(), "keys"))).to.not.include("operator-next.key");
    });

    it("participant suspend, reinstate, leave and readmit change what the chain says, each for who may", async function () {
      this.timeout(patient);
      const marketplace = m().session.config.home;
      const account = made.account ?? "";
      const suspend = ["participant", "suspend", account, "--reason"];
      expect(await errorOf(marketplace, exitCodes.badInput, ...suspend, "because")).to.equal("core/unknown-name");
      expect(await errorOf(home(), exitCodes.refused, ...suspend, "rulesViolation")).to.equal("chain/revert");
      expect(await answerOf(marketplace, ...suspend, "rulesViolation")).to.include({ status: "suspended" });
      expect(await errorOf(home(), exitCodes.refused, "participant", "leave")).to.equal("chain/revert");
      expect(await answerOf(marketplace, "participant", "reinstate", account)).to.include({ status: "active" });
      expect(await answerOf(home(), "participant", "leave")).to.include({ status: "left" });
      expect(await answerOf(marketplace, "participant", "readmit", account)).to.include({ status: "active" });
      expect((await answerOf(home(), "participant", "show")).status).to.equal("active");
    });

    it("node run answers when it runs, and ends with 0 when it is told to stop", async function () {
      this.timeout(patient);
      const words = ["node", "run"];
      const node = spawn(process.execPath, [await programPath(), "--home", home(), "--json", ...words], {
        cwd: home(),
      });
      const ended = new Promise<number | null>((resolve) => node.once("close", resolve));
      try {
        const said = await new Promise<string>((resolve) =>
          node.stdout.once("data", (chunk) => resolve(String(chunk))),
        );
        expect(answerIn(words, said)).to.include({ operator: made.operator });
        node.kill("SIGTERM");
        expect(await ended).to.equal(exitCodes.done);
      } finally {
        node.kill("SIGKILL");
      }
    });

    it("node faults tells what a node saw, and where none has run says so", async function () {
      this.timeout(patient);
      expect(await answerOf(home(), "node", "faults")).to.deep.equal({ faults: [] });
      await misused(home(), /job/, "node", "faults", "0x12");
      expect(await errorOf(m().party("buyer").home, exitCodes.badInput, "node", "faults")).to.equal("node/no-state");
    });

    it("node run ends with bad input on a wrong level, a wrong URL, and a policy that is missing or wrong", async function () {
      this.timeout(patient);
      const run = (...words: string[]) => errorOf(home(), exitCodes.badInput, "node", "run", ...words);
      expect(await run("--log-level", "nonsense")).to.equal("cli/usage");
      changeConfig(home(), { policy: "policy.json" });
      expect(await run()).to.equal("policy/missing");
      for (const wrong of ['{"version": 1', '{"version": 1, "purposes": ["creditScoring"], "maxRounds": "many"}']) {
        writeFileSync(join(home(), "policy.json"), wrong);
        expect(await run(), wrong).to.equal("policy/malformed");
      }
      const said = await runFarshore(home(), ["node", "run"]);
      expect(said.err).to.match(/policy\.json: policy file: maxRounds: .*\n.*what to do: correct the field/);
      const { rpcUrl } = JSON.parse(readFileSync(join(home(), "farshore.json"), "utf8"));
      changeConfig(home(), { policy: undefined, rpcUrl: "nonsense" });
      expect(await run()).to.equal("config/malformed");
      changeConfig(home(), { rpcUrl });
    });

    it("person create makes a key that its owner alone can read, once", async function () {
      this.timeout(patient);
      const path = join(m().folder, "ada.key");
      const { key } = await answerOf(home(), "person", "create", "--out", path);
      expect(key).to.match(/^0x[0-9a-f]{40}$/);
      expect(statSync(path).mode & 0o777).to.equal(0o600);
      expect(await errorOf(home(), exitCodes.badInput, "person", "create", "--out", path)).to.equal("keys/exist");
    });

    it("rules show lists versions and one's document; rules put takes what nodes can read, and nothing else", async function () {
      this.timeout(patient);
      const { versions } = (await answerOf(home(), "rules", "show")) as { versions: Record<string, unknown>[] };
      expect(versions.map(({ version, valid, rulesHash }) => ({ version, valid, rulesHash }))).to.deep.equal([
        { version: 1, valid: true, rulesHash: genesisRulesHash },
      ]);
      expect((await answerOf(home(), "rules", "show", "1")).document).to.deep.equal(genesisRules);
      expect(await errorOf(home(), exitCodes.badInput, "rules", "show", "9")).to.equal("rules/unknown");
      await misused(home(), /number of a version/, "rules", "show", "latest");
      const path = join(m().folder, "rules.json");
      writeFileSync(path, JSON.stringify({ ...genesisRules, purposes: ["espionage"] }));
      expect(await errorOf(home(), exitCodes.badInput, "rules", "put", path)).to.equal("rules/malformed");
      writeFileSync(path, JSON.stringify({ ...genesisRules, title: "Rules of autumn" }));
      const put = await answerOf(home(), "rules", "put", path);
      expect(put.rulesHash).to.match(/^0x[0-9a-f]{64}$/);
      expect(Number(put.boards)).to.be.greaterThan(0);
    });

    it("vote delegate, rules, cast, queue, execute and show change the rules by a vote", async function () {
      this.timeout(patient);
      const marketplace = m().session.config.home;
      const path = join(m().folder, "autumn.json");
      writeFileSync(path, JSON.stringify({ ...genesisRules, title: "Rules of autumn" }));
      expect(await errorOf(m().party("buyer").home, exitCodes.refused, "vote", "rules", path)).to.equal("chain/revert");
      await answerOf(marketplace, "vote", "delegate");
      await m().passTime(2);
      const { id, state } = await answerOf(marketplace, "vote", "rules", path);
      expect(state).to.equal("pending");
      await m().passTime(3);
      const step = (...words: string[]) => answerOf(marketplace, "vote", words[0] ?? "", String(id), ...words.slice(1));
      expect(await errorOf(home(), exitCodes.badInput, "vote", "queue", "7")).to.equal("vote/unknown");
      expect(await errorOf(home(), exitCodes.refused, "vote", "queue", String(id))).to.equal("chain/revert");
      expect((await step("cast", "for")).state).to.equal("active");
      await m().passTime(62);
      expect((await step("queue")).state).to.equal("queued");
      await m().passTime(3);
      expect((await step("execute")).state).to.equal("executed");
      const { proposals } = (await answerOf(home(), "vote", "show")) as { proposals: { id: string; state: string }[] };
      expect(proposals.map((p) => [p.id, p.state])).to.deep.equal([[id, "executed"]]);
      expect((await answerOf(home(), "rules", "show", "2")).document).to.include({ title: "Rules of autumn" });
    });

    it("version tells the release, and unknown words are refused", async function () {
      this.timeout(patient);
      expect(await answerOf(home(), "version")).to.have.keys("name", "version", "codeHash");
      await misused(home(), /unknown command/, "sell");
      await misused(home(), /unknown option/, "balance", "--currency", "EUR");
      await misused(home(), /missing required argument/, "job", "status");
    });

    it("a folder that is no party's is refused by what needs one", async function () {
      this.timeout(patient);
      expect(await errorOf(m().folder, exitCodes.badInput, "balance")).to.match(/^config\//);
    });
  });
}
