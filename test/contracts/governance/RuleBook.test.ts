import { expect } from "chai";
import fc from "fast-check";
import { connect } from "../chain.ts";
import { deployPlatform, rulesGrace } from "../platform.ts";

const chain = await connect();
const { ethers } = chain;
const hash = ethers.id("rules 2");

async function deployed() {
  return deployPlatform(chain);
}
const now = async () => BigInt(await chain.time.latest());

describe("RuleBook: publish", () => {
  it("is governance's, as retire is", async () => {
    const { rules, stranger, registrar, regulator } = await chain.loadFixture(deployed);
    for (const caller of [stranger, registrar, regulator]) {
      for (const act of [
        () => rules.connect(caller).publish(hash, "", 0),
        () => rules.connect(caller).retire(1, 2n ** 40n),
      ]) {
        await expect(act()).to.be.revertedWithCustomError(rules, "AccessManagedUnauthorized").withArgs(caller);
      }
    }
  });

  it("refuses no hash, and an activation in the past", async () => {
    const { rules } = await chain.loadFixture(deployed);
    await expect(rules.publish(ethers.ZeroHash, "", 0)).to.be.revertedWithCustomError(rules, "RuleBook_BadHash");
    const next = (await now()) + 10n;
    await chain.time.setNextBlockTimestamp(next);
    await expect(rules.publish(hash, "", next - 1n))
      .to.be.revertedWithCustomError(rules, "RuleBook_InThePast")
      .withArgs(next - 1n, next);
  });

  it("counts versions from 1 and keeps hash, place and activation", async () => {
    const { rules } = await chain.loadFixture(deployed);
    const at = (await now()) + 1000n;
    await expect(rules.publish(hash, "board:2", at))
      .to.emit(rules, "RulesPublished")
      .withArgs(2, hash, at, "board:2");
    expect([...(await rules.ruleOf(2))]).to.deep.equal([hash, at, 0n, "board:2"]);
    expect(await rules.latestVersion()).to.equal(2n);
  });
});

describe("RuleBook: retire", () => {
  it("refuses a version that is none, a past end, an end before the activation, and a second end after the first", async () => {
    const { rules } = await chain.loadFixture(deployed);
    await expect(rules.retire(9, 2n ** 40n))
      .to.be.revertedWithCustomError(rules, "RuleBook_UnknownVersion")
      .withArgs(9);
    const next = (await now()) + 10n;
    await chain.time.setNextBlockTimestamp(next);
    await expect(rules.retire(1, next - 1n))
      .to.be.revertedWithCustomError(rules, "RuleBook_InThePast")
      .withArgs(next - 1n, next);
    const later = next + 5000n;
    await rules.publish(hash, "", later);
    await expect(rules.retire(2, later - 1n))
      .to.be.revertedWithCustomError(rules, "RuleBook_InThePast")
      .withArgs(later - 1n, later);
    await rules.retire(1, later);
    await chain.time.increaseTo(later + 1n);
    await expect(rules.retire(1, later + 5000n))
      .to.be.revertedWithCustomError(rules, "RuleBook_AlreadyRetired")
      .withArgs(1, later);
  });

  it("sets an end, and moves one that has not come", async () => {
    const { rules } = await chain.loadFixture(deployed);
    const end = (await now()) + 1000n;
    await expect(rules.retire(1, end)).to.emit(rules, "RulesRetired").withArgs(1, end);
    await rules.retire(1, end - 500n);
    expect((await rules.ruleOf(1)).retiresAt).to.equal(end - 500n);
  });
});

describe("RuleBook: validity", () => {
  it("is refused by name for a version that is none, not yet, or no more", async () => {
    const { rules } = await chain.loadFixture(deployed);
    await expect(rules.validUntil(9)).to.be.revertedWithCustomError(rules, "RuleBook_NotValid").withArgs(9, 0, 0);
    const at = (await now()) + 1000n;
    await rules.publish(hash, "", at);
    await expect(rules.validUntil(2)).to.be.revertedWithCustomError(rules, "RuleBook_NotValid").withArgs(2, at, 0);
    await rules.retire(1, at);
    await chain.time.increaseTo(at + BigInt(rulesGrace) + 1n);
    const { activatesAt } = await rules.ruleOf(1);
    await expect(rules.validUntil(1))
      .to.be.revertedWithCustomError(rules, "RuleBook_NotValid")
      .withArgs(1, activatesAt, at);
    await rules.validUntil(2);
  });

  it("runs from the activation to the end of the grace, both included, for any times", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5000), fc.nat(5000), fc.nat(200_000), async (wait, life, look) => {
        const { rules } = await chain.loadFixture(deployed);
        const begin = (await now()) + 10n;
        const [activatesAt, retiresAt] = [begin + BigInt(wait), begin + BigInt(wait + life)];
        await rules.publish(hash, "", activatesAt);
        await rules.retire(2, retiresAt);
        for (const at of [begin + BigInt(look), activatesAt - 1n, activatesAt, retiresAt + BigInt(rulesGrace)]) {
          if (at <= (await now())) continue;
          await chain.time.increaseTo(at);
          const expected = at >= activatesAt && at <= retiresAt + BigInt(rulesGrace);
          expect(await rules.isValid(2), `${at} of ${activatesAt}..${retiresAt}`).to.equal(expected);
          if (expected) await rules.validUntil(2);
        }
        const after = retiresAt + BigInt(rulesGrace) + 1n;
        if (after > (await now())) await chain.time.increaseTo(after);
        expect(await rules.isValid(2)).to.equal(false);
      }),
      { numRuns: 25 },
    );
  });
});
