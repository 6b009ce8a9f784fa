import { rmSync } from "node:fs";
import { expect } from "chai";
import type { FarshoreError } from "../../../../offchain/core/errors.ts";
import { keccakHex } from "../../../../offchain/core/hash.ts";
import { genesisRules, genesisRulesHash } from "../../../../offchain/protocol/genesisRules.ts";
import { type Rules, rulesBytes } from "../../../../offchain/protocol/rules.ts";
import { rejection } from "../../failure.ts";
import { specFixture } from "../../protocol/specFixture.ts";
import { automatic, Institution } from "./institution.ts";

const cohort = [
  ["7", 1],
  ["9", 1],
  ["12", 1],
] as const;
const named = specFixture().rulesVersion;

describe("an institution's answer under the rules", () => {
  let bank: Institution;
  beforeEach(() => {
    bank = new Institution();
    bank.setPolicy(automatic);
  });
  afterEach(() => {
    bank.store.close();
    rmSync(bank.home, { recursive: true, force: true });
  });

  /** Puts a version of the rules on the chain and, unless told otherwise, on the boards. */
  function publish(change: Partial<Rules>, { valid = true, served = true } = {}): void {
    const bytes = rulesBytes({ ...genesisRules, ...change });
    bank.rulesOnChain.set(named, { rulesHash: keccakHex(bytes), valid });
    if (served) bank.served.set(keccakHex(bytes), bytes);
  }
  async function declined(rule: string, reason: string): Promise<void> {
    const job = bank.post(cohort);
    await bank.answer(job);
    expect(bank.inbox(job)).to.include({ waitsFor: "declined", rule });
    expect(bank.inbox(job)?.reason).to.contain(reason);
    expect(bank.delivered).to.deep.equal([]);
  }

  it("declines a version that nobody published, and one that is not in force, whatever its policy says", async () => {
    bank.rulesOnChain.clear();
    await declined("rules/not-valid", `version ${named} of the rules is not in force`);
    bank.rulesOnChain.set(named, { rulesHash: genesisRulesHash, valid: false });
    await declined("rules/not-valid", `version ${named} of the rules is not in force`);
  });

  it("neither accepts nor declines while no board serves the rules, and asks again", async () => {
    publish({ title: "rules of autumn" }, { served: false });
    const job = bank.post(cohort);
    const failed = (await rejection(bank.answer(job))) as FarshoreError;
    expect([failed.code, failed.retryable]).to.deep.equal(["rules/unavailable", true]);
    expect(bank.delivered).to.deep.equal([]);
    publish({ title: "rules of autumn" });
    await bank.answer(job);
    expect(bank.accepted(job).length).to.be.greaterThan(0);
  });

  it("takes no document for the rules whose hash is another", async () => {
    publish({ title: "rules of autumn" }, { served: false });
    const { rulesHash } = bank.rulesOnChain.get(named) as { rulesHash: string };
    bank.served.set(rulesHash, rulesBytes({ ...genesisRules, title: "rules of nobody" }));
    expect((await rejection(bank.answer(bank.post(cohort)))).code).to.equal("rules/unavailable");
  });

  it("declines rules that it cannot read: a later release's", async () => {
    const bytes = new TextEncoder().encode('{"version":2}');
    bank.rulesOnChain.set(named, { rulesHash: keccakHex(bytes), valid: true });
    bank.served.set(keccakHex(bytes), bytes);
    await declined("rules/malformed", "rules document");
  });

  it("declines what breaks a limit of the rules, and remembers the rules without a board", async () => {
    publish({ purposes: ["research"] });
    await declined("rules", "purpose creditScoring is not allowed");
    bank.served.clear();
    await declined("rules", "purpose creditScoring is not allowed");
  });

  it("holds the job to the legal bases of its own jurisdiction", async () => {
    bank.jurisdiction = "CN";
    await declined("rules", "does not hold in CN");
  });
});
