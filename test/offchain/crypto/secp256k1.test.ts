import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { hashMessage } from "viem";
import { privateKeyToAccount, sign } from "viem/accounts";
import { bytesToHex, concatBytes, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { addressOfKey, compactSignature, recoverAddress, signDigest } from "../../../offchain/crypto/secp256k1.ts";
import { failure } from "../failure.ts";

const key: Hex = `0x${"1234567890".repeat(6)}1234`;
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

// Test cases of ERC-2098: the messages are signed with the prefix of EIP-191.
const vectors = [
  {
    message: "Hello World",
    r: "68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90",
    s: "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
    v: "1b",
    compactS: "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
  },
  {
    message: "It's a small(er) world",
    r: "9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76",
    s: "139c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793",
    v: "1c",
    compactS: "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793",
  },
];

const digest = hexToBytes(hashMessage("Hello World"));
const signature = signDigest(hexToBytes(key), digest);
const word = (value: bigint) => hexToBytes(`0x${value.toString(16).padStart(64, "0")}`);
const numberOf = (bytes: Uint8Array) => BigInt(bytesToHex(bytes));

/** The other valid pair of the same signature, with high s: what EIP-2 refuses. */
function malleated(bytes: Uint8Array): Uint8Array {
  const s = order - numberOf(bytes.subarray(32, 64));
  return concatBytes(bytes.subarray(0, 32), word(s), Uint8Array.of((bytes[64] as number) === 27 ? 28 : 27));
}

describe("signing a digest", () => {
  it("refuses digests that are not 32 bytes", () => {
    for (const length of [0, 31, 33]) {
      const error = failure(() => signDigest(hexToBytes(key), new Uint8Array(length)));
      expect(error.code).to.equal("crypto/bad-signature");
    }
  });

  it("refuses keys that are none, and does not quote them", () => {
    const bad = [new Uint8Array(0), new Uint8Array(32), word(order), word(order + 5n), hexToBytes(key).subarray(1)];
    for (const privateKey of bad) {
      for (const action of [() => signDigest(privateKey, digest), () => addressOfKey(privateKey)]) {
        const error = failure(action);
        expect([error.code, error.cause]).to.deep.equal(["crypto/bad-key", undefined]);
        if (privateKey.length > 0) expect(String(error.stack)).to.not.include(Buffer.from(privateKey).toString("hex"));
      }
    }
  });

  for (const { message, r, s, v } of vectors) {
    it(`gives ERC-2098's signature of "${message}"`, () => {
      const signed = signDigest(hexToBytes(key), hexToBytes(hashMessage(message)));
      expect(bytesToHex(signed)).to.equal(`0x${r}${s}${v}`);
    });
  }

  it("agrees with viem on signature and address, with s always low", async () => {
    for (let i = 0; i < 30; i++) {
      const [privateKey, hash] = [bytesToHex(randomBytes(32)), bytesToHex(randomBytes(32))];
      const signed = signDigest(hexToBytes(privateKey), hexToBytes(hash));
      expect(bytesToHex(signed)).to.equal(await sign({ hash, privateKey, to: "hex" }));
      expect(numberOf(signed.subarray(32, 64)) <= order / 2n).to.equal(true);
      const { address } = privateKeyToAccount(privateKey);
      expect(addressOfKey(hexToBytes(privateKey))).to.equal(address.toLowerCase());
      expect(recoverAddress(hexToBytes(hash), signed)).to.equal(address.toLowerCase());
    }
  });
});

describe("recovering a signer", () => {
  const refused: [string, Uint8Array][] = [
    ["no bytes", new Uint8Array(0)],
    ["64 bytes", signature.subarray(0, 64)],
    ["66 bytes", concatBytes(signature, Uint8Array.of(0))],
    ...[0, 1, 26, 29, 255].map((v): [string, Uint8Array] => [`v = ${v}`, signature.with(64, v)]),
    ["r = 0", concatBytes(new Uint8Array(32), signature.subarray(32))],
    ["s = 0", concatBytes(signature.subarray(0, 32), new Uint8Array(32), signature.subarray(64))],
    ["r = the order", concatBytes(word(order), signature.subarray(32))],
    ["s = the order", concatBytes(signature.subarray(0, 32), word(order), signature.subarray(64))],
    ["r of no point (x = 5)", concatBytes(word(5n), signature.subarray(32))],
    ["high s", malleated(signature)],
  ];
  for (const [what, bytes] of refused) {
    it(`refuses ${what}`, () => {
      expect(failure(() => recoverAddress(digest, bytes)).code).to.equal("crypto/bad-signature");
    });
  }

  it("refuses a digest that is not 32 bytes", () => {
    expect(failure(() => recoverAddress(digest.subarray(1), signature)).code).to.equal("crypto/bad-signature");
  });

  it("refuses with high s what recovers to the signer: a second signature out of the first", async () => {
    const { recoverAddress: lenient } = await import("viem");
    const second = malleated(signature);
    expect((await lenient({ hash: bytesToHex(digest), signature: bytesToHex(second) })).toLowerCase()).to.equal(
      addressOfKey(hexToBytes(key)),
    );
    expect(failure(() => recoverAddress(digest, second)).facts.reason).to.include("s is high");
  });

  it("names somebody else for another digest, another v, or a changed s", () => {
    const signer = addressOfKey(hexToBytes(key));
    expect(recoverAddress(digest, signature)).to.equal(signer);
    expect(recoverAddress(digest.with(0, (digest[0] as number) ^ 1), signature)).to.not.equal(signer);
    expect(recoverAddress(digest, signature.with(64, (signature[64] as number) ^ 7))).to.not.equal(signer);
    expect(recoverAddress(digest, signature.with(63, (signature[63] as number) ^ 1))).to.not.equal(signer);
  });
});

describe("a compact signature (ERC-2098)", () => {
  it("refuses other lengths, other v, and high s, whose bit would be read as v", () => {
    const bad = [signature.subarray(0, 64), signature.with(64, 0), signature.with(64, 29), malleated(signature)];
    for (const bytes of bad) expect(failure(() => compactSignature(bytes)).code).to.equal("crypto/bad-signature");
  });

  for (const { message, r, s, v, compactS } of vectors) {
    it(`is ERC-2098's of "${message}"`, () => {
      expect(bytesToHex(compactSignature(hexToBytes(`0x${r}${s}${v}`)))).to.equal(`0x${r}${compactS}`);
    });
  }

  it("leaves the signature that it was made of unchanged", () => {
    const odd = hexToBytes(`0x${vectors[1]?.r}${vectors[1]?.s}1c`);
    const before = bytesToHex(odd);
    compactSignature(odd);
    expect(bytesToHex(odd)).to.equal(before);
  });
});
