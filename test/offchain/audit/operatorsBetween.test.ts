import { expect } from "chai";
import { operatorsBetween } from "../../../offchain/audit/operatorsBetween.ts";
import type { Address } from "../../../offchain/core/bytes.ts";

const [first, second, third] = ["0x01", "0x02", "0x03"] as Address[] as [Address, Address, Address];
const history = [
  { operator: first, from: 10n },
  { operator: second, from: 50n },
  { operator: third, from: 70n },
];

describe("the operators of a contributor while a round was open", () => {
  it("are none of those that came after the round", () => {
    expect(operatorsBetween(history, 20n, 40n)).to.deep.equal([first]);
  });

  it("are none of those that were replaced before it", () => {
    expect(operatorsBetween(history, 60n, 65n)).to.deep.equal([second]);
    expect(operatorsBetween(history, 71n, 999n)).to.deep.equal([third]);
  });

  it("are the old and the new one when the key changed meanwhile", () => {
    expect(operatorsBetween(history, 40n, 60n)).to.deep.equal([first, second]);
    expect(operatorsBetween(history, 50n, 50n)).to.deep.equal([first, second]);
  });

  it("are none before the account was admitted", () => {
    expect(operatorsBetween(history, 1n, 9n)).to.deep.equal([]);
    expect(operatorsBetween([], 1n, 9n)).to.deep.equal([]);
  });
});
