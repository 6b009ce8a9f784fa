import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Answer, placeOf, triageProblems } from "../../scripts/slither/findings.ts";

const root = join(import.meta.dirname, "..", "..");
const answers = JSON.parse(readFileSync(join(root, "scripts", "slither", "triage.json"), "utf8")) as Answer[];

const local = "UsageLedger.peaks().at (contracts/ledger/UsageLedger.sol#63) is a local variable never initialized\n";
const loop = "Reentrancy in Market.start(bytes32,Head[]) (contracts/market/Market.sol#112-134):\n\tExternal calls:\n";
const found = [
  { check: "uninitialized-local", impact: "Medium", description: local },
  { check: "reentrancy-no-eth", impact: "Medium", description: loop },
  { check: "naming-convention", impact: "Informational", description: "X.y (contracts/X.sol#1) is not" },
];

describe("Answers to Slither's findings", () => {
  it("name a place by contract, function and variable", () => {
    expect(placeOf(local)).to.equal("UsageLedger.peaks.at");
    expect(placeOf(loop)).to.equal("Market.start");
  });

  it("leave out none of high or medium impact, and none that is there no more", () => {
    const places = ["UsageLedger.peaks.at", "UsageLedger.root.bag"];
    expect(triageProblems(found, [{ check: "uninitialized-local", places, reason: "zero is meant" }])).to.deep.equal([
      "unanswered: reentrancy-no-eth at Market.start",
      "answered and not found: uninitialized-local at UsageLedger.root.bag",
    ]);
  });

  it("are given, each with a reason, to places that stand in the contracts", () => {
    const sources = globSync("contracts/**/*.sol", { cwd: root }).map((file) => readFileSync(join(root, file), "utf8"));
    const text = sources.join("\n");
    for (const { check, places, reason } of answers) {
      expect(reason.length, check).to.be.greaterThan(20);
      for (const place of places) {
        const [contract = "", member = "", variable = member] = place.split(".");
        expect(text, place).to.match(new RegExp(`(contract|library) ${contract}\\b`));
        expect(text, place).to.match(new RegExp(`(function |[ (])${member}\\b`));
        expect(text, place).to.match(new RegExp(`\\b${variable}\\b`));
      }
    }
  });
});
