import { join } from "node:path";
import { expect } from "chai";
import { Outbox } from "../../../offchain/chain/outbox.ts";
import { cancelAcceptance } from "../../../offchain/chain/writes/market.ts";
import { exitCodes } from "../../../offchain/cli/exitCodes.ts";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { systemClock } from "../../../offchain/core/clock.ts";
import { readKeys } from "../../../offchain/party/keys.ts";
import { boardClient } from "../../../offchain/transport/client.ts";
import { rejection } from "../../offchain/failure.ts";
import { jobOf, type Marketplace, openMarketplace, passTimeTo, until, writeRequest } from "./marketplace.ts";
import { type Ended, runFarshore } from "./program.ts";

const patient = 150_000;
const oracles = [1, 2, 3, 4, 5].map((number) => `oracle-${number}`);

describe("when every oracle is away", () => {
  let m: Marketplace;
  before(async function () {
    this.timeout(patient);
    m = await openMarketplace();
  });
  after(() => m?.stop());

  const settle = (jobId: string): Promise<Ended> =>
    runFarshore(m.folder, ["--home", m.party("bank-2").home, "--json", "job", "settle", jobId]);
  async function expectNotDue(jobId: string, way: string): Promise<void> {
    const { deadline } = await jobOf(m, jobId);
    const grace = Number(await m.session.chain.call("JobMarket", "grace", []));
    const ended = await settle(jobId);
    expect(ended.code).to.equal(exitCodes.unreachable);
    const { code, facts } = JSON.parse(ended.err).error;
    expect(code).to.equal("job/not-due");
    expect(facts).to.include({ way, from: deadline + grace + 1 });
  }
  async function expectClosed(jobId: string, way: string, state: string): Promise<void> {
    const ended = await settle(jobId);
    expect(ended.code, ended.err).to.equal(exitCodes.done);
    expect(JSON.parse(ended.out)).to.deep.equal({ job: jobId, way, state });
    expect((await jobOf(m, jobId)).state).to.equal(state);
    const again = await settle(jobId);
    expect(again.code).to.equal(exitCodes.refused);
    expect(JSON.parse(again.err).error.code).to.equal("job/closed");
  }

  it("anybody closes a job that is overdue, running or open, and is told from when on while it is not", async function () {
    this.timeout(2 * patient);
    const deadlines = { startSeconds: 120, roundSeconds: 60, proposeSeconds: 60, challengeSeconds: 2 };
    const running = await m.post(writeRequest(m, "stranded", { deadlines }));
    await until(
      () => jobOf(m, running.jobId),
      (job) => (job.rounds?.certified ?? 0) >= 1,
      patient,
    );
    await m.killNode("bank-1");
    const open = await m.post(writeRequest(m, "never-accepted", { deadlines }));
    for (const oracle of oracles) await m.killNode(oracle);
    expect((await jobOf(m, running.jobId)).state).to.equal("Running");

    await expectNotDue(running.jobId, "fail");
    await expectNotDue(open.jobId, "expire");
    const grace = Number(await m.session.chain.call("JobMarket", "grace", []));
    await passTimeTo(m, (await jobOf(m, open.jobId)).deadline + grace + 1);
    await expectClosed(running.jobId, "fail", "Failed");
    await expectClosed(open.jobId, "expire", "Cancelled");
  });

  it("one that had sent something when the chain halted serves its board again before the chain goes on", async function () {
    this.timeout(patient);
    const { chain } = m.session;
    const { home, account, operator, endpoint } = m.party("oracle-1");
    const ask = (method: string, params: unknown[]) => chain.ask((c) => c.request({ method, params } as never));
    const count = async () => Number(await ask("eth_getTransactionCount", [operator, "latest"]));
    const before = await count();
    await ask("evm_setAutomine", [false]);
    await ask("evm_setIntervalMining", [0]);
    const key = bytesToHex(readKeys(home).operator);
    const outbox = new Outbox(join(home, "state", "outbox.sqlite"), chain, key, systemClock, { waitMs: 300 });
    const call = cancelAcceptance(chain, `0x${"7".repeat(64)}`, account, 77n);
    expect((await rejection(outbox.submit({ key: "before-the-halt", ...call }))).code).to.equal("chain/not-mined");
    outbox.close();

    const begun = Date.now();
    await m.startNode("oracle-1");
    expect((await boardClient({ url: endpoint }).status()).operator).to.equal(operator.toLowerCase());
    expect(Date.now() - begun).to.be.lessThan(30_000);
    expect(await count()).to.equal(before);

    await ask("evm_setIntervalMining", [250]);
    await until(count, (sent) => sent > before, patient);
    await ask("evm_setAutomine", [true]);
    expect((await boardClient({ url: endpoint }).status()).operator, "still there").to.equal(operator.toLowerCase());
  });
});
