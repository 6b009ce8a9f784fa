import { expect } from "chai";
import fc from "fast-check";
import { checkLei, makeLei } from "../../../offchain/core/lei.ts";
import { failure } from "../failure.ts";

// Published identifiers: Bloomberg Finance L.P., Apple Inc., Deutsche Bank AG.
const published = ["5493001KJTIIGC8Y1R12", "HWUPKR0MPOU8FGXBT394", "7LTWFZYICNSX8D621K86"];
const prefixes = fc.stringMatching(/^[0-9A-Z]{18}$/);

function expectRefused(lei: string): void {
  expect(failure(() => checkLei(lei)).code, lei).to.equal("core/bad-lei");
}

describe("Legal Entity Identifier", () => {
  for (const bad of [
    "",
    "5493001KJTIIGC8Y1R1",
    "5493001kjtiigc8y1r12",
    "5493001KJTIIGC8Y1R1A",
    "5493001KJTIIGC8Y1R123",
  ]) {
    it(`refuses the form of ${JSON.stringify(bad)}`, () => {
      expect(failure(() => checkLei(bad)).code).to.equal("core/bad-lei");
    });
  }

  it("refuses a prefix that is not 18 upper-case letters or digits", () => {
    expect(failure(() => makeLei("5493001KJTIIGC8Y1")).code).to.equal("core/bad-lei");
  });

  // Only among characters of one kind: a letter counts as two digits, so a letter that becomes a digit shifts what stands
  // before it, and 1 in 97 of those fits by chance.
  it("notices every change of a digit or letter into another, and every swap of two neighbours of one kind", () => {
    for (const lei of published) {
      for (let i = 0; i < 20; i++) {
        const [own, next] = [lei[i] as string, lei[i + 1] ?? ""];
        for (const other of own <= "9" ? "0123456789" : "ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
          if (other !== own) expectRefused(lei.slice(0, i) + other + lei.slice(i + 1));
        }
        const sameKind = own <= "9" === next <= "9" && next !== "" && own !== next;
        if (sameKind) expectRefused(lei.slice(0, i) + next + own + lei.slice(i + 2));
      }
    }
  });

  it("takes published identifiers and computes their check digits", () => {
    for (const lei of published) {
      expect(checkLei(lei)).to.equal(lei);
      expect(makeLei(lei.slice(0, 18))).to.equal(lei);
    }
  });

  it("takes what it makes", () => {
    fc.assert(
      fc.property(prefixes, (prefix) => {
        expect(checkLei(makeLei(prefix)).slice(0, 18)).to.equal(prefix);
      }),
    );
  });
});
