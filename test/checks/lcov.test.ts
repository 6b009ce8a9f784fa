import { expect } from "chai";
import { added, assemblyLines, coverageOf, percent } from "../../scripts/forge/lcov.ts";

const source = [
  "function f(uint256 x) {",
  "    if (x == 0) revert();",
  '    assembly ("memory-safe") {',
  "        for {} lt(x, 3) { x := add(x, 1) } { mstore(x, x) }",
  "        if x { revert(0, 0) }",
  "    }",
  "    g(x);",
  "}",
].join("\n");

const trace = [
  "SF:contracts/market/F.sol",
  ...["DA:1,4", "DA:2,4", "DA:4,0", "DA:5,0", "DA:7,0"],
  ...["BRDA:2,0,0,-", "BRDA:2,0,1,4", "BRDA:5,1,0,-"],
  "end_of_record",
  "SF:test/contracts/F.t.sol",
  "DA:1,0",
  "end_of_record",
].join("\n");

describe("Coverage of contracts, from a tracefile", () => {
  it("knows the lines of inline assembly, from its first to its closing brace", () => {
    expect([...assemblyLines(source)]).to.deep.equal([3, 4, 5, 6]);
  });

  it("counts statements and branches of contracts that ran, without those of assembly", () => {
    expect(coverageOf(trace, () => source)).to.deep.equal([
      { file: "contracts/market/F.sol", statements: { hit: 2, all: 3 }, branches: { hit: 1, all: 2 } },
    ]);
  });

  it("adds up shares; all of nothing is all", () => {
    expect(
      percent(
        added([
          { hit: 1, all: 2 },
          { hit: 2, all: 2 },
        ]),
      ),
    ).to.equal(75);
    expect(percent({ hit: 0, all: 0 })).to.equal(100);
  });
});
