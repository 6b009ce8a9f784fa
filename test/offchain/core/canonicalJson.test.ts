import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson } from "../../../offchain/core/canonicalJson.ts";
import { failure } from "../failure.ts";

/** The float64 with these bits. */
function float(bits: string): number {
  return Buffer.from(bits, "hex").readDoubleBE();
}

describe("canonical JSON", () => {
  const refused: [string, unknown, string][] = [
    ["NaN", { a: [1, { b: Number.NaN }] }, "a[1].b"],
    ["infinity", [Number.NEGATIVE_INFINITY], "[0]"],
    ["undefined", { a: undefined }, "a"],
    ["a hole in an array", Object.assign([1], { 2: 3 }), "[1]"],
    ["bigint", { amount: 5n }, "amount"],
    ["a function", { f: () => 1 }, "f"],
    ["a lone surrogate", { text: "a\ud800b" }, "text"],
    ["surrogates the wrong way round", "\udc00\ud800", ""],
    ["a lone surrogate in a name", { "\udead": 1 }, "\udead"],
    ["a date", { time: new Date(0) }, "time"],
    ["bytes", { bytes: new Uint8Array(2) }, "bytes"],
  ];
  for (const [what, value, path] of refused) {
    it(`refuses ${what} and names its path`, () => {
      const error = failure(() => canonicalJson(value));
      expect(error.code).to.equal("core/not-canonical");
      expect(error.facts.path).to.equal(path);
    });
  }

  it("refuses a value that contains itself", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(failure(() => canonicalJson(cycle)).code).to.equal("core/not-canonical");
  });

  it("gives the example of RFC 8785 section 3.2.3", () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
        '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(canonicalJson(value)).to.equal(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts names by UTF-16 code units: the sorting example of RFC 8785 section 3.2.3", () => {
    const value = {
      "\u20ac": "Euro Sign",
      "\r": "Carriage Return",
      "\ufb33": "Hebrew Letter Dalet With Dagesh",
      "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face",
      "\u0080": "Control",
      "\u00f6": "Latin Small Letter O With Diaeresis",
    };
    const order = [...canonicalJson(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1]);
    expect(order).to.deep.equal([
      "Carriage Return",
      "One",
      "Control",
      "Latin Small Letter O With Diaeresis",
      "Euro Sign",
      "Emoji: Grinning Face",
      "Hebrew Letter Dalet With Dagesh",
    ]);
  });

  const numbers: [string, string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  it("writes the numbers of RFC 8785 appendix B", () => {
    for (const [bits, text] of numbers) expect(canonicalJson(float(bits)), bits).to.equal(text);
  });

  it("says the same whatever the order of the members, and what JSON.parse reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).to.equal(text);
        expect(canonicalJson(reversed(value))).to.equal(text);
      }),
      { numRuns: 300 },
    );
  });
});

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(members.reverse());
}
