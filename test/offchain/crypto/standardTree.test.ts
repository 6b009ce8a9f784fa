import { expect } from "chai";
import { encodeAbiParameters, keccak256 } from "viem";
import { bytesToHex, concatBytes, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { type ListValue, standardLeaf, standardProof, standardRoot } from "../../../offchain/crypto/standardTree.ts";
import { failure } from "../failure.ts";

const account = (i: number): Hex => `0x${i.toString(16).padStart(2, "0").repeat(20)}`;
const accounts = (count: number): Hex[] => Array.from({ length: count }, (_, i) => account(i + 1));

// Roots of StandardMerkleTree.of(values, ["address"]) of @openzeppelin/merkle-tree 1.0.8 for the accounts 0x0101…, 0x0202…, …
const addressRoots: Readonly<Record<number, Hex>> = {
  1: "0xf321ce56216c8215eea40ec9a074b88b9a702f8faf64fc45c6d4882f9c02eab7",
  2: "0x676c0964686b9164103457620ea47bb5079a424b0a162cb6f8b3652bca3064b3",
  3: "0x5d0ee50e4de96b94659c16ff3acf389d3cf381648d8a18dbd0020329a3a5adc5",
  4: "0xe568a1ca0f7028fd4983921056680cb86689e01d1039c55dcfb76bd4c1141a8b",
  5: "0xbf89c89bec1148deb7aff7b6422cfa8276a15eed83cc56dea1cd68e914160756",
  7: "0x43690b93cc987ab83cd79cfa4a00b482c5f04adb9ba130bdfe6f64bf5885dd0e",
  8: "0x189c761ca655b4a3bf38b14725fa701c6cb00f6c3da87edf650d3c0f63fbe88c",
  13: "0x9fd4004d56095f59da2f6378386ff6bfc8bed45135a34ad264ca159dc7ad004e",
  31: "0x7314b6543f38a2a0b3cd4eb30966d40841b7582f9727e3066d55ed82eaa1aaee",
};

const jurisdictions = [1, 156, 344, 528, 826, 840];

/** `MerkleProof.verify` of OpenZeppelin: pairs are hashed in sorted order, so a proof says no sides. */
function verifies(root: Hex, leaf: Uint8Array, proof: readonly Hex[]): boolean {
  const climbed = proof.reduce((node, sibling) => {
    const [a, b] = node < sibling ? [node, sibling] : [sibling, node];
    return keccak256(concatBytes(hexToBytes(a), hexToBytes(b)));
  }, bytesToHex(leaf));
  return climbed === root;
}

describe("the tree of an allow-list", () => {
  it("refuses an empty list: a listing without a restriction has the root 0", () => {
    expect(failure(() => standardRoot([])).code).to.equal("crypto/no-leaves");
  });

  it("refuses values that are neither address, nor 32 bytes, nor unsigned integer", () => {
    const bad: ListValue[] = ["0x", "0x00", `0x${"11".repeat(33)}`, -1, 1.5, 2 ** 53, -1n, 2n ** 256n, Number.NaN];
    for (const value of bad) {
      expect(failure(() => standardRoot([value])).code, String(value)).to.equal("crypto/bad-list-value");
    }
  });

  it("refuses a proof for who is not on the list", () => {
    const error = failure(() => standardProof(accounts(4), account(5)));
    expect([error.code, error.facts.value, error.facts.count]).to.deep.equal(["crypto/not-in-list", account(5), 4]);
  });

  for (const [count, root] of Object.entries(addressRoots)) {
    it(`has the root of @openzeppelin/merkle-tree for ${count} addresses, in whatever order they come`, () => {
      expect(standardRoot(accounts(Number(count)))).to.equal(root);
      expect(standardRoot(accounts(Number(count)).reverse())).to.equal(root);
    });
  }

  it("has its roots for other types and for a value that stands twice", () => {
    expect(standardRoot(jurisdictions)).to.equal("0x0d37c1fe288df5bb015b1ab3587af795a6ba0e26d1577a1cb0c4ecac31b3479f");
    const words = ["1", "2", "3"].map((digit): Hex => `0x${digit.repeat(64)}`);
    expect(standardRoot(words)).to.equal("0xa9b9d19e00269b8e357d6b17ae987e7f306e63b8e77615ce706ec522974d2fea");
    expect(standardRoot([7n, 7n, 9n])).to.equal("0x60bd47a06099eb95f8135b6a0baf8acd3c5b844a3435be651ed72c65b38fce60");
  });

  it("gives its proofs", () => {
    expect(standardProof(accounts(5), account(3))).to.deep.equal([
      "0xe99caed74f2de460aa675b2f3b8848ba6c01ce0e7044f0cb1a0c6bdcdb2e14a9",
      "0xa7110fbbcfdaf139ca15c059adea21e118f53fd4d46425cf6b95c179695e6d70",
    ]);
    expect(standardProof(jurisdictions, 344)).to.deep.equal([
      "0x47177580aaf0771b9ad3331513ee447e93edfedc9be3aff89d5de515ba95e366",
      "0x9c15fbbde9f31e1ff3140dd7061f6ded6669394e131af97d55c0d36c67c486b3",
      "0xffce11233430e73ce9f73cdd2d6f11fe11d5f9c901d68a285d41f40e5a66ca7a",
    ]);
  });

  it("proves every member of lists of 1 to 40 to MerkleProof.verify, and nobody else", () => {
    for (let count = 1; count <= 40; count++) {
      const [list, root] = [accounts(count), standardRoot(accounts(count))];
      for (const member of list) {
        const proof = standardProof(list, member);
        expect(verifies(root, standardLeaf(member), proof), `${member} of ${count}`).to.equal(true);
        expect(verifies(root, standardLeaf(account(200)), proof)).to.equal(false);
      }
    }
  });

  it("hashes a leaf twice over its ABI word, so that no node is a leaf's preimage", () => {
    const encoded = encodeAbiParameters([{ type: "address" }], [account(9)]);
    expect(bytesToHex(standardLeaf(account(9)))).to.equal(keccak256(keccak256(encoded)));
    expect(standardLeaf(840)).to.deep.equal(standardLeaf(840n));
    const [a, b] = [account(1), account(2)].map((one) => bytesToHex(standardLeaf(one))).sort() as [Hex, Hex];
    // The 64 bytes under the root of two are no entry: an entry is 20 or 32 bytes.
    const under = bytesToHex(concatBytes(hexToBytes(a), hexToBytes(b)));
    expect(failure(() => standardLeaf(under)).code).to.equal("crypto/bad-list-value");
  });
});
