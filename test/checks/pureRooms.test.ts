import { expect } from "chai";
import { impurities, purityProblems } from "../../scripts/checks/pureRooms.ts";
import { fixture } from "./fixture.ts";

describe("pure rooms", () => {
  it("may not use files, sockets, clocks, randomness or the process", () => {
    const uses = purityProblems(fixture("pure", "wrong")).map((problem) => /(line .*);/.exec(problem)?.[1]);
    expect(uses).to.deep.equal([
      "line 1 uses createHash, randomBytes of node:crypto",
      "line 2 uses readFileSync of node:fs",
      "line 3 uses systemClock of clock.ts",
      "line 5 uses Date.now",
      "line 6 uses new Date",
      "line 7 uses Math.random",
      "line 8 uses process.env",
      "line 10 uses setTimeout()",
      "line 11 uses import()",
      "line 11 uses fetch()",
    ]);
  });

  it("may not take a whole module that can reach the world, under any name", () => {
    expect(impurities('import * as c from "node:crypto";')).to.have.length(1);
    expect(impurities('import fs from "fs";')).to.have.length(1);
    expect(impurities('export * from "node:net";')).to.have.length(1);
    expect(impurities('import { randomBytes as hash } from "node:crypto";')).to.have.length(1);
  });

  it("may hash, calculate, and take a clock; the seams and the impure rooms are free", () => {
    expect(purityProblems(fixture("pure", "right"))).to.deep.equal([]);
  });
});
