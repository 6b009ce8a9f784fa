import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { Ledger } from "../../../offchain/node/ledger.ts";
import { Store } from "../../../offchain/node/store.ts";

const job = `0x${"1a".repeat(32)}` as Hex;
const a = `0x${"aa".repeat(32)}` as Hex;
const b = `0x${"bb".repeat(32)}` as Hex;

function folder(): string {
  return mkdtempSync(join(tmpdir(), "farshore-store-"));
}

describe("a node's store", () => {
  it("lets the first digest of a statement stand, also after a restart", () => {
    const path = join(folder(), "node.sqlite");
    const before = new Store(path);
    expect(before.recordSigned(job, "StateAttestation", 3, a)).to.equal(a);
    before.close();
    const after = new Store(path);
    expect(after.recordSigned(job, "StateAttestation", 3, b)).to.equal(a);
    expect(after.recordSigned(job, "StateAttestation", 4, b)).to.equal(b);
    after.close();
  });

  it("keeps the first message of a sender, and tells the caller which one stands", () => {
    const store = new Store(join(folder(), "node.sqlite"));
    const message = { job, kind: "dealing", round: 1, sender: a, slot: "0", bytes: Uint8Array.of(1) };
    expect(store.putMessage({ ...message, hash: a }).hash).to.equal(a);
    expect(store.putMessage({ ...message, hash: b, bytes: Uint8Array.of(2) }).hash).to.equal(a);
    expect(store.messages(job, "dealing", 1).map((m) => [...m.bytes])).to.deep.equal([[1]]);
    store.close();
  });

  it("keeps messages that belong together all or none", () => {
    const store = new Store(join(folder(), "node.sqlite"));
    const message = { job, kind: "own-dealing", round: 1, sender: a, hash: a };
    const first = { ...message, slot: "0:0", bytes: Uint8Array.of(1) };
    const broken = { ...message, slot: "0:1", bytes: {} as Uint8Array };
    expect(() => store.putTogether([first, broken])).to.throw();
    expect(store.messages(job, "own-dealing", 1)).to.deep.equal([]);
    expect(store.message(first)).to.equal(undefined);
    store.putTogether([first, { ...broken, bytes: Uint8Array.of(2) }]);
    expect(store.messages(job, "own-dealing", 1).map((m) => m.slot)).to.deep.equal(["0:0", "0:1"]);
    store.close();
  });

  it("answers with what the last write left, whatever was asked before it", () => {
    const store = new Store(join(folder(), "node.sqlite"));
    const message = { job, kind: "dealing", round: 1, sender: a, slot: "0", hash: a, bytes: Uint8Array.of(1) };
    const seen = () => ({
      one: store.message(message)?.hash,
      round: store.messages(job, "dealing", 1).length,
      all: store.messages(job, "dealing").length,
      sent: store.sentBy(job, "dealing", a).length,
      state: store.state(job, 1)?.[0],
      was: store.wasSent(job, "dealing", 1, b),
    });
    const nothing = { one: undefined, round: 0, all: 0, sent: 0, state: undefined, was: false };
    expect(seen()).to.deep.equal(nothing);
    store.putMessage(message);
    const one = { ...nothing, one: a, round: 1, all: 1, sent: 1 };
    expect(seen()).to.deep.equal(one);
    store.putTogether([{ ...message, round: 2 }]);
    expect(seen()).to.deep.equal({ ...one, all: 2, sent: 2 });
    store.replaceMessage({ ...message, hash: b });
    store.putState(job, 1, Uint8Array.of(7));
    store.markSent(job, "dealing", 1, b);
    expect(seen()).to.deep.equal({ ...one, one: b, all: 2, sent: 2, state: 7, was: true });
    store.erase(job, ["dealing"]);
    expect(seen()).to.deep.equal({ ...nothing, state: 7, was: true });
    store.close();
  });

  it("is bound to the first chain that it saw", () => {
    const store = new Store(join(folder(), "node.sqlite"));
    expect(store.bindIdentity("chain", "1337:a")).to.equal("1337:a");
    expect(store.bindIdentity("chain", "1337:b")).to.equal("1337:a");
    store.close();
  });
});

describe("a store that erases a closed job's shares", () => {
  // Longer than a page, and not to be met by chance.
  const share = Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i + 31 * i) % 251));
  const trace = share.subarray(4000, 4032);
  const part = { job, kind: "part", round: 1, sender: a, slot: "0", hash: a, bytes: share };
  const isInFiles = (at: string) => readdirSync(at).some((name) => readFileSync(join(at, name)).includes(trace));

  it("says no while another program reads the file, and leaves no byte of them anywhere once it is asked again", () => {
    const at = folder();
    const store = new Store(join(at, "node.sqlite"));
    store.putMessage(part);
    store.putMessage({ ...part, kind: "share", hash: b, bytes: Uint8Array.of(9) });
    const reader = new DatabaseSync(join(at, "node.sqlite"), { readOnly: true });
    reader.exec("BEGIN");
    expect(reader.prepare("SELECT COUNT(*) AS rows FROM messages").get()).to.include({ rows: 2 });

    expect(store.erase(job, ["part"])).to.equal(false);
    expect(store.isErased(job)).to.equal(false);
    expect(store.messages(job, "part"), "in the tables of whoever looks now").to.deep.equal([]);
    expect(isInFiles(at), "while the reader has its view").to.equal(true);

    reader.exec("COMMIT");
    reader.close();
    expect(isInFiles(at), "before it is asked again").to.equal(true);
    expect(store.erase(job, ["part"])).to.equal(true);
    expect(store.isErased(job)).to.equal(true);
    expect(isInFiles(at)).to.equal(false);
    expect(store.messages(job, "share"), "what is no secret").to.have.length(1);
    store.close();
  });
});

describe("a node's own privacy ledger", () => {
  const release = { population: a, jobId: job, round: 2, rhoNano: 7n, time: 1_000_000n };

  it("refuses a second release of one round with other values, after a restart too", () => {
    const path = join(folder(), "privacy.sqlite");
    const before = new Ledger(path);
    before.record({ ...release, digest: a });
    before.close();
    const after = new Ledger(path);
    after.record({ ...release, digest: a });
    expect(() => after.record({ ...release, digest: b }))
      .to.throw()
      .with.property("code", "ledger/second-release");
    after.close();
  });

  it("counts a release once, and only since the time asked for", () => {
    const ledger = new Ledger(join(folder(), "privacy.sqlite"));
    ledger.record({ ...release, digest: a });
    ledger.record({ ...release, digest: a });
    ledger.record({ ...release, round: 3, rhoNano: 11n, time: 2_000_000n, digest: b });
    expect(ledger.spentSince(a, 0n)).to.equal(18n);
    expect(ledger.spentSince(a, 1_000_001n)).to.equal(11n);
    ledger.close();
  });
});
