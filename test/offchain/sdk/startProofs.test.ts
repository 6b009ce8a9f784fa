import { expect } from "chai";
import type { Listing } from "../../../offchain/chain/listing.ts";
import type { Address, Hex } from "../../../offchain/core/bytes.ts";
import { jurisdictionNumber } from "../../../offchain/core/tables/jurisdictions.ts";
import { standardProof, standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { parseStartProofs, proofOf } from "../../../offchain/sdk/startProofs.ts";
import { failure } from "../failure.ts";

const account = (byte: string): Address => `0x${byte.repeat(20)}`;
const code = (byte: string): Hex => `0x${byte.repeat(32)}`;
const none = code("00");
const buyers = ["11", "22", "33"].map(account);
const codes = ["aa", "bb"].map(code);
const countries = ["CH", "DE", "FR", "SG"].map(jurisdictionNumber);
const asked = { buyer: account("22"), jurisdiction: jurisdictionNumber("DE"), codeHash: code("bb") };
const roots = {
  buyersRoot: standardRoot(buyers),
  jurisdictionsRoot: standardRoot(countries),
  codesRoot: standardRoot(codes),
};
const proofs = {
  buyer: standardProof(buyers, asked.buyer),
  jurisdiction: standardProof(countries, asked.jurisdiction),
  code: standardProof(codes, asked.codeHash),
};

function listing(terms: object): Listing {
  return { terms: { buyersRoot: none, jurisdictionsRoot: none, codesRoot: none, ...terms } } as unknown as Listing;
}

describe("proofs for a start", () => {
  it("refuse a file of another form, by its field", () => {
    const cases: [string, unknown][] = [
      ["seven", { seven: {} }],
      ["7.people", { "7": { people: [] } }],
      ["7.buyer.0", { "7": { buyer: ["0x12"] } }],
      ["", [1]],
    ];
    for (const [field, value] of cases) {
      const error = failure(() => parseStartProofs(value));
      expect([error.code, error.facts.field]).to.deep.equal(["job/bad-proofs", field]);
    }
  });

  it("are missed by name where a listing has a list, and another's proof is none", () => {
    for (const [list, root] of [
      ["buyer", "buyersRoot"],
      ["jurisdiction", "jurisdictionsRoot"],
      ["code", "codesRoot"],
    ] as const) {
      const asset = listing({ [root]: roots[root] });
      const missing = failure(() => proofOf(7n, asset, asked, {}));
      expect([missing.code, missing.facts.list]).to.deep.equal(["job/not-proved", list]);
      expect(missing.message).to.contain("no proof was given");
      expect(missing.remedy).to.contain("--proofs");
      const others = { buyer: proofs.code, jurisdiction: proofs.buyer, code: proofs.jurisdiction };
      const wrong = failure(() => proofOf(7n, asset, asked, parseStartProofs({ "7": others })));
      expect(wrong.message).to.contain("does not lead to the list's root");
      const elsewhere = { "8": proofs };
      expect(failure(() => proofOf(7n, asset, asked, elsewhere)).code).to.equal("job/not-proved");
    }
  });

  it("are taken where they lead to the roots, and not needed without a list", () => {
    expect(proofOf(7n, listing({}), asked, {}).buyerProof).to.deep.equal([]);
    const proved = proofOf(7n, listing(roots), asked, parseStartProofs({ "7": proofs }));
    expect([proved.buyerProof, proved.jurisdictionProof, proved.codeProof]).to.deep.equal([
      proofs.buyer,
      proofs.jurisdiction,
      proofs.code,
    ]);
  });
});
