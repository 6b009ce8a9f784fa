import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { encodeErrorResult, type Hex, HttpRequestError, parseTransaction } from "viem";
import { jobMarketAbi } from "../../../offchain/chain/abi/generated/jobMarket.ts";
import { expectDone, Outbox, type OutboxOptions } from "../../../offchain/chain/outbox.ts";
import { systemClock } from "../../../offchain/core/clock.ts";
import { FarshoreError, hasCode } from "../../../offchain/core/errors.ts";
import { FakeNode, fakeManifest } from "./fakeNode.ts";

const key: Hex = `0x${"42".repeat(32)}`;
const call = { key: "job/step", to: fakeManifest.contracts.JobMarket, data: "0x1234" } as const;
const fast: OutboxOptions = { waitMs: 300, resendMs: 10 };
const jobId: Hex = `0x${"ab".repeat(32)}`;
const wrongState = encodeErrorResult({ abi: jobMarketAbi, errorName: "JobMarket_WrongState", args: [jobId, 3, 4] });
const tooPoor = encodeErrorResult({
  abi: jobMarketAbi,
  errorName: "Escrow_BalanceTooSmall",
  args: [fakeManifest.contracts.JobMarket, 1n, 2n],
});

async function failureOf(promise: Promise<unknown>): Promise<FarshoreError> {
  const error = await promise.then(
    () => expect.fail("it should have failed"),
    (e: unknown) => e,
  );
  expect(error).to.be.instanceOf(FarshoreError);
  return error as FarshoreError;
}

const noAnswer = (): never => {
  throw new HttpRequestError({ url: "http://user:secret@node.example", details: "fetch failed" });
};
const hang = (): Promise<never> => new Promise(() => {});

describe("outbox", () => {
  let node: FakeNode;
  let path: string;
  const open: Outbox[] = [];
  const folders: string[] = [];

  function newFile(name: string): string {
    const folder = mkdtempSync(join(tmpdir(), "farshore-outbox-"));
    folders.push(folder);
    return join(folder, name);
  }

  function outbox(options: OutboxOptions = fast): Outbox {
    const created = new Outbox(path, node.chain(), key, systemClock, options);
    open.push(created);
    return created;
  }

  /** The process dies: whatever it was doing, only the file is left. */
  function die(victim: Outbox): void {
    victim.close();
    open.splice(open.indexOf(victim), 1);
    node.faults.clear();
  }

  beforeEach(() => {
    node = new FakeNode();
    path = newFile("outbox.sqlite");
  });
  afterEach(() => {
    for (const o of open.splice(0)) o.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  describe("refused before it is signed", () => {
    it("takes no nonce for a call that came second, and says so without an error", async () => {
      node.revert = wrongState;
      const outcome = await outbox().submit(call);
      expect(outcome).to.include({ status: "superseded", hash: null });
      expect(outcome.error?.facts).to.include({ error: "JobMarket_WrongState", had: "Running", needed: "Finished" });
      expect(node.sent).to.be.empty;
    });

    it("returns a refusal with its decoded error and remedy, and the same key may be tried again", async () => {
      node.revert = tooPoor;
      const box = outbox();
      const outcome = await box.submit(call);
      expect(outcome.status).to.equal("reverted");
      expect(outcome.error).to.include({ code: "chain/revert" });
      expect(outcome.error?.facts).to.include({ error: "Escrow_BalanceTooSmall", had: 1n, needed: 2n });
      expect(outcome.error?.remedy).to.match(/deposit/);
      expect(() => expectDone(outcome)).to.throw(FarshoreError);
      node.revert = null;
      expect((await box.submit(call)).status).to.equal("done");
    });
  });

  describe("too early by the newest block", () => {
    const tooEarly = (allowedAt: bigint) => {
      return encodeErrorResult({ abi: jobMarketAbi, errorName: "JobMarket_TooEarly", args: [jobId, allowedAt] });
    };

    it("is not sent while the wall clock agrees", async () => {
      node.revert = tooEarly(systemClock.nowSeconds() + 1n);
      expect((await outbox().submit(call)).status).to.equal("reverted");
      expect(node.sent).to.be.empty;
    });

    it("is sent where no block came for long: a chain without empty blocks would wait for ever", async () => {
      node.revert = tooEarly(systemClock.nowSeconds() - 6n);
      expect((await outbox().submit(call)).status).to.equal("done");
      expect(node.sent).to.have.length(1);
    });
  });

  describe("sending", () => {
    it("signs a legacy transaction at gas price 0 with gas, nonce and chain id stated", async () => {
      await outbox().submit(call);
      const sent = parseTransaction(node.sent[0] as Hex);
      // viem leaves a zero gas price and a zero nonce out of what it parses.
      expect(sent).to.include({ type: "legacy", chainId: 1337, gas: 48_000n });
      expect(sent.gasPrice ?? 0n).to.equal(0n);
      const methods = node.calls.map((c) => c.method);
      expect(methods).to.not.include.members(["eth_fillTransaction"]);
      expect(methods).to.not.include("eth_gasPrice");
      expect(methods).to.not.include("eth_feeHistory");
    });

    it("returns the stored outcome for a key that is done, without asking the chain", async () => {
      const box = outbox();
      const first = await box.submit(call);
      const asked = node.calls.length;
      expect(await box.submit({ ...call, data: "0x9999" })).to.deep.equal(first);
      expect(node.calls).to.have.length(asked);
    });

    it("makes one transaction of two submissions of a key at the same time", async () => {
      const box = outbox();
      const [a, b] = await Promise.all([box.submit(call), box.submit(call)]);
      expect(a).to.deep.equal(b);
      expect(node.mined).to.have.length(1);
    });

    it("gives calls made at the same time nonces without a gap", async () => {
      const box = outbox();
      await Promise.all([0, 1, 2, 3, 4].map((i) => box.submit({ ...call, key: `step ${i}` })));
      expect(node.sent.map((raw) => parseTransaction(raw).nonce ?? 0)).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it("gives the nonce of a transaction that the node did not take to the next one", async () => {
      const box = outbox();
      node.faults.set("eth_sendRawTransaction", node.refuse("transaction underpriced"));
      const refused = await failureOf(box.submit(call));
      expect(refused.code).to.equal("chain/send-refused");
      expect(refused.facts.reason).to.match(/underpriced/);
      node.faults.clear();
      await box.submit({ ...call, key: "another" });
      expect(parseTransaction(node.sent[0] as Hex).nonce ?? 0).to.equal(0);
    });

    it("records a transaction that was mined and reverted, with the reason found on the block's state", async () => {
      node.revertWhenMined = true;
      node.revert = wrongState;
      const outcome = await outbox().submit(call);
      expect(outcome).to.include({ status: "superseded", blockNumber: 100n, gasUsed: 0x5000n });
      expect(outcome.hash).to.match(/^0x/);
      expect(outcome.error?.facts).to.include({ error: "JobMarket_WrongState" });
    });

    it("tells an unreachable node without showing its URL's credentials", async () => {
      node.faults.set("eth_call", noAnswer);
      const failure = await failureOf(outbox().submit(call));
      expect(failure).to.include({ code: "chain/unreachable", retryable: true });
      expect(JSON.stringify({ ...failure, message: failure.message, cause: String(failure.cause) })).to.not.include(
        "secret",
      );
    });
  });

  describe("a chain that stands still", () => {
    it("stops waiting with an error that says to call again, and then sends the very same bytes", async () => {
      node.mining = false;
      const box = outbox({ waitMs: 40, resendMs: 10 });
      const failure = await failureOf(box.submit(call));
      expect(failure).to.include({ code: "chain/not-mined", retryable: true });
      expect(box.pendingKeys()).to.deep.equal([call.key]);
      node.mining = true;
      node.mine();
      expect((await box.submit(call)).status).to.equal("done");
      expect(new Set(node.sent)).to.have.length(1);
      expect(node.sent.length).to.be.greaterThan(1);
    });

    it("sends again what the node's pool lost before it takes a higher nonce", async () => {
      node.mining = false;
      const box = outbox({ waitMs: 1, resendMs: 1_000 });
      await failureOf(box.submit(call));
      node.pool.clear();
      node.mining = true;
      await box.submit({ ...call, key: "another" });
      expect(node.mined).to.have.length(2);
    });
  });

  describe("killed in the middle", () => {
    it("stores before it sends: a process killed between the two sends the same bytes after its restart", async () => {
      const victim = outbox();
      node.faults.set("eth_sendRawTransaction", hang);
      void victim.submit(call);
      while (victim.pendingKeys().length === 0) await systemClock.sleep(1);
      die(victim);
      expect(node.mined).to.be.empty;
      const survivor = outbox();
      expect((await survivor.submit(call)).status).to.equal("done");
      expect(node.mined).to.have.length(1);
    });

    it("makes no second transaction when it was killed between sending and the receipt", async () => {
      const victim = outbox();
      node.faults.set("eth_getTransactionReceipt", hang);
      void victim.submit(call);
      while (node.sent.length === 0) await systemClock.sleep(1);
      die(victim);
      const survivor = outbox();
      await survivor.resume();
      expect(survivor.pendingKeys()).to.be.empty;
      expect((await survivor.submit(call)).status).to.equal("done");
      expect(node.mined).to.have.length(1);
      expect(new Set(node.sent)).to.have.length(1);
    });

    it("would send twice if the intent were not stored: the guard is what prevents it", async () => {
      const victim = outbox();
      node.faults.set("eth_getTransactionReceipt", hang);
      void victim.submit(call);
      while (node.sent.length === 0) await systemClock.sleep(1);
      die(victim);
      path = newFile("lost.sqlite");
      await outbox().submit(call);
      expect(node.mined).to.have.length(2);
    });
  });

  describe("somebody else with the same key", () => {
    it("names it when the nonce of a stored transaction was taken, and signs anew when it is submitted again", async () => {
      node.mining = false;
      const warnings: string[] = [];
      const box = outbox({ ...fast, onWarning: (w) => warnings.push(w.code) });
      const waiting = failureOf(box.submit(call));
      while (node.sent.length === 0) await systemClock.sleep(1);
      node.mineForeign();
      const failure = await waiting;
      expect(failure).to.include({ code: "chain/nonce-taken", retryable: true, party: box.address });
      expect(warnings).to.deep.equal(["chain/nonce-taken"]);
      node.mining = true;
      expect((await box.submit(call)).status).to.equal("done");
      expect(node.mined.map((m) => m.nonce)).to.deep.equal([0, 1]);
    });

    it("warns when the chain counts more transactions than were sent here, and goes on above them", async () => {
      const warnings: FarshoreError[] = [];
      const box = outbox({ ...fast, onWarning: (w) => warnings.push(w) });
      await box.submit(call);
      node.mineForeign();
      node.mineForeign();
      await box.submit({ ...call, key: "another" });
      expect(warnings.map((w) => [w.code, w.facts.count])).to.deep.equal([["chain/foreign-transactions", 2]]);
    });

    it("refuses a file that another process holds", () => {
      outbox();
      expect(() => outbox())
        .to.throw(FarshoreError)
        .with.property("code", "chain/outbox-in-use");
    });

    it("refuses the file of another chain or key", () => {
      die(outbox());
      const elsewhere = { ...fakeManifest, genesisHash: `0x${"9".repeat(64)}` } as const;
      const other = () => new Outbox(path, node.chain(elsewhere), key, systemClock);
      expect(other)
        .to.throw()
        .satisfies((e: unknown) => hasCode(e, "chain/outbox-of-another"));
      const otherKey = () => new Outbox(path, node.chain(), `0x${"43".repeat(32)}`, systemClock);
      expect(otherKey)
        .to.throw()
        .satisfies((e: unknown) => hasCode(e, "chain/outbox-of-another"));
    });
  });
});
