import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { getBalances } from "../../../offchain/chain/reads/balances.ts";
import { mint } from "../../../offchain/chain/writes/tokens.ts";
import { sha256Hex } from "../../../offchain/core/hash.ts";
import { parseStable } from "../../../offchain/core/units.ts";
import { readSchema } from "../../../offchain/data/schema.ts";
import { farshore, programPath } from "../../../scripts/demo/processes.ts";
import { jobOf, type Marketplace, openMarketplace, until, writeRequest } from "./marketplace.ts";
import { runFarshore } from "./program.ts";

const patient = 150_000;

describe("a job that names an evaluator", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(2 * patient);
    m = await openMarketplace();
    const money = mint(
      m.session.chain,
      m.party("evaluator").account,
      parseStable("2000"),
      sha256Hex(new Uint8Array([1])),
    );
    await m.session.send("evaluator's money", money);
  });
  after(async () => m?.stop());

  const evaluator = () => m.party("evaluator");
  const data = (name: string) => join(m.folder, "data", name);
  const commit = (schema = data("schema.json")) =>
    farshore(evaluator().home, "validation", "commit", "--data", data("validation.csv"), "--schema", schema);

  it("is refused when it brings rows of its own, or a root without an evaluator", async function () {
    this.timeout(patient);
    const { account } = evaluator();
    const own = await runFarshore(m.party("buyer").home, [
      "job",
      "quote",
      writeRequest(m, "own", { evaluator: account }),
    ]);
    expect([own.code, own.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 2 && err.includes("{ root, rows }"),
    );
    const root = { root: `0x${"11".repeat(32)}`, rows: 1000 };
    const request = writeRequest(m, "nobody", { validation: root });
    const nobody = await runFarshore(m.party("buyer").home, ["job", "quote", request]);
    expect([nobody.code, nobody.err]).to.satisfy(
      ([code, err]: [number, string]) => code === 2 && err.includes("needs an evaluator"),
    );
  });

  it("is valued on the evaluator's rows, which neither buyer nor bank ever held, and gives its bond back", async function () {
    this.timeout(patient);
    const { account, home } = evaluator();
    const committed = (await commit()) as { root: string; rows: number };
    expect(committed.rows).to.equal(1000);
    const posted = await m.post(writeRequest(m, "evaluated", { evaluator: account, validation: committed }));
    const poor = await runFarshore(home, ["validation", "deliver", posted.jobId]);
    expect(poor.err).to.include("job/balance-too-small").and.to.include("farshore deposit");
    await farshore(home, "deposit", "1000");
    const delivered = await farshore(home, "validation", "deliver", posted.jobId);
    expect(delivered).to.include({ job: posted.jobId });
    const job = await until(
      () => jobOf(m, posted.jobId),
      ({ closing }) => closing !== null,
      patient,
    );
    expect(job.state).to.equal("Settled");
    expect(job.result?.kind).to.equal(1);
    expect(job.terms.evaluator.toLowerCase()).to.equal(account.toLowerCase());
    expect(existsSync(join(m.party("buyer").home, "jobs", `${posted.jobId}.validation`))).to.equal(false);
    const { market } = await getBalances(m.session.chain, account);
    expect(market.stable).to.equal(parseStable("1000"));
  });

  it("is not accepted by an evaluator that has no such rows, nor by another party", async function () {
    this.timeout(patient);
    const { account, home } = evaluator();
    const foreign = { root: `0x${"12".repeat(32)}`, rows: 1000 };
    const posted = await m.post(writeRequest(m, "foreign", { evaluator: account, validation: foreign }));
    const refused = await runFarshore(home, ["validation", "deliver", posted.jobId]);
    expect(refused.err).to.include("validation/not-here");
    const stranger = await runFarshore(m.party("buyer").home, ["validation", "deliver", posted.jobId]);
    expect(stranger.err).to.include("job/not-evaluator");
  });

  it("is not accepted by an evaluator whose rows have the job's columns in another order", async function () {
    this.timeout(patient);
    const { account, home } = evaluator();
    const declared = readSchema(data("schema.json"));
    const reordered = join(m.folder, "reordered.json");
    writeFileSync(reordered, JSON.stringify({ ...declared, columns: [...declared.columns].reverse() }));
    const committed = (await commit(reordered)) as { root: string; rows: number };
    const posted = await m.post(writeRequest(m, "reordered", { evaluator: account, validation: committed }));
    const refused = await runFarshore(home, ["validation", "deliver", posted.jobId]);
    expect(refused.code).to.not.equal(0);
    expect(refused.err).to.include("validation/other-columns").and.to.include("do not accept");
    // Nothing was signed, so that nobody can start the job: the bond stays out of it.
    expect(existsSync(join(home, "validation", `${posted.jobId}.acceptance`))).to.equal(false);
    expect((await jobOf(m, posted.jobId)).state).to.equal("Open");
  });

  it("goes on delivering the same dealing after kill -9", async function () {
    this.timeout(patient);
    const { account, home } = evaluator();
    const committed = (await commit()) as { root: string; rows: number };
    const posted = await m.post(writeRequest(m, "killed", { evaluator: account, validation: committed }));
    const path = join(home, "validation", `${committed.root}.rows.${posted.jobId}.dealing`);
    const entry = await programPath();
    const first = spawn(process.execPath, [entry, "--home", home, "validation", "deliver", posted.jobId], {
      stdio: "ignore",
    });
    await until(async () => existsSync(path), Boolean, patient);
    first.kill("SIGKILL");
    await farshore(home, "validation", "deliver", posted.jobId);
    const job = await until(
      () => jobOf(m, posted.jobId),
      ({ closing }) => closing !== null,
      patient,
    );
    expect(job.state).to.equal("Settled");
  });
});
