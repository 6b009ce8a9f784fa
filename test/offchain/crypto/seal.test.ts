import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { bytesToHex, concatBytes, hexToBytes } from "../../../offchain/core/bytes.ts";
import { generateEncryptionKey, open, seal } from "../../../offchain/crypto/seal.ts";
import { rejection } from "../failure.ts";

// Test vectors published with RFC 9180 (github.com/cfrg/draft-irtf-cfrg-hpke, test-vectors.json): mode 0, kem_id 32, kdf_id 1,
// aead_id 2, first encryption.
const vector = {
  ikmE: hexToBytes("0x2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9"),
  ikmR: hexToBytes("0xdac33b0e9db1b59dbbea58d59a14e7b5896e9bdf98fad6891e99d1686492b9ee"),
  skRm: hexToBytes("0x497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"),
  pkRm: hexToBytes("0x430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c"),
  enc: hexToBytes("0x6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"),
  info: new TextEncoder().encode("Ode on a Grecian Urn"),
  plaintext: new TextEncoder().encode("Beauty is truth, truth beauty"),
  aad: new TextEncoder().encode("Count-0"),
  ciphertext: hexToBytes(
    "0xe5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a",
  ),
};

const sealed = concatBytes(vector.enc, vector.ciphertext);
const opening = { privateKey: vector.skRm, info: vector.info, aad: vector.aad, sealed };
const random = (length: number) => new Uint8Array(randomBytes(length));
const flip = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] as number) ^ 1);

describe("sealing (HPKE)", () => {
  it("refuses keys that are not 32 bytes", async () => {
    for (const to of [new Uint8Array(0), new Uint8Array(31), new Uint8Array(33)]) {
      const error = await rejection(seal({ to, info: vector.info, plaintext: vector.plaintext }));
      expect([error.code, error.facts.had]).to.deep.equal(["crypto/bad-key", to.length]);
    }
  });

  it("refuses keys of low order, whose shared secret everybody knows", async () => {
    const lowOrder = [
      new Uint8Array(32),
      new Uint8Array(32).with(0, 1),
      hexToBytes("0xe0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    ];
    for (const to of lowOrder) {
      const error = await rejection(seal({ to, info: vector.info, plaintext: vector.plaintext }));
      expect(error.code).to.equal("crypto/bad-key");
    }
  });

  it("derives the key pair of RFC 9180's vector", async () => {
    expect(await generateEncryptionKey(() => vector.ikmR)).to.deep.equal({
      publicKey: vector.pkRm,
      privateKey: vector.skRm,
    });
  });

  it("gives the encapsulated key and ciphertext of RFC 9180's vector", async () => {
    const { pkRm: to, info, aad, plaintext } = vector;
    expect(bytesToHex(await seal({ to, info, aad, plaintext, random: () => vector.ikmE }))).to.equal(
      bytesToHex(sealed),
    );
  });

  it("draws a fresh ephemeral key for every message", async () => {
    const parts = { to: vector.pkRm, info: vector.info, plaintext: vector.plaintext };
    const messages = [
      await seal(parts),
      await seal(parts),
      await seal({ ...parts, random }),
      await seal({ ...parts, random }),
    ];
    expect(new Set(messages.map((m) => bytesToHex(m.subarray(0, 32)))).size).to.equal(4);
  });

  it("reads views into larger buffers alone, without their neighbours", async () => {
    const large = concatBytes(random(7), vector.plaintext, random(7));
    const plaintext = large.subarray(7, 7 + vector.plaintext.length);
    const message = await seal({ to: vector.pkRm, info: vector.info, aad: vector.aad, plaintext });
    expect(await open({ ...opening, sealed: message })).to.deep.equal(vector.plaintext);
  });
});

describe("opening", () => {
  const refused: [string, object][] = [
    ["another info", { info: new TextEncoder().encode("Ode on a Grecian urn") }],
    ["no info", { info: new Uint8Array() }],
    ["other associated data", { aad: new TextEncoder().encode("Count-1") }],
    ["no associated data", { aad: undefined }],
    ["info and associated data exchanged", { info: vector.aad, aad: vector.info }],
    ["another recipient's key", { privateKey: vector.ikmE }],
    ["a key of 31 bytes", { privateKey: vector.skRm.subarray(1) }],
    ["an empty message", { sealed: new Uint8Array() }],
    ["an encapsulated key alone", { sealed: vector.enc }],
    ["a tag cut short", { sealed: sealed.subarray(0, -1) }],
    ["a byte too many", { sealed: concatBytes(sealed, Uint8Array.of(0)) }],
    ["an encapsulated key of low order", { sealed: concatBytes(new Uint8Array(32), vector.ciphertext) }],
  ];
  for (const [what, part] of refused) {
    it(`is refused with ${what}`, async () => {
      expect((await rejection(open({ ...opening, ...part }))).code).to.equal("crypto/cannot-open");
    });
  }

  it("is refused with any byte changed", async () => {
    // The top bit of an X25519 key is ignored by the curve, but it is part of what the key is derived from.
    for (let at = 0; at < sealed.length; at++) {
      expect((await rejection(open({ ...opening, sealed: flip(sealed, at) }))).code, `byte ${at}`).to.equal(
        "crypto/cannot-open",
      );
    }
    const highBit = sealed.with(31, (sealed[31] as number) ^ 0x80);
    expect((await rejection(open({ ...opening, sealed: highBit }))).code).to.equal("crypto/cannot-open");
  });

  it("says neither key nor plaintext nor cause in its error", async () => {
    const error = await rejection(open({ ...opening, sealed: flip(sealed, 40) }));
    const said = JSON.stringify([error.message, error.facts, error.remedy, error.cause ?? null, error.stack]);
    expect(error.cause).to.equal(undefined);
    for (const secret of [vector.skRm, vector.plaintext]) {
      expect(said).to.not.include(Buffer.from(secret).toString("hex"));
      expect(said).to.not.include(Buffer.from(secret).toString("base64"));
    }
  });

  it("gives the plaintext of RFC 9180's vector", async () => {
    expect(await open(opening)).to.deep.equal(vector.plaintext);
  });

  it("gives back messages of 0 bytes to 1 MB, with fresh keys", async () => {
    for (const length of [0, 1, 1_000_000]) {
      const { publicKey, privateKey } = await generateEncryptionKey(random);
      const plaintext = random(length);
      const message = await seal({ to: publicKey, info: vector.info, plaintext, random });
      expect(message.length).to.equal(32 + length + 16);
      expect(Buffer.from(await open({ privateKey, info: vector.info, sealed: message })).equals(plaintext)).to.equal(
        true,
      );
    }
  });
});
