import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { expect } from "chai";
import { SigningKey } from "ethers";
import fc from "fast-check";
import { keccak256 as viemKeccak256, recoverAddress as viemRecover } from "viem";
import { bytesToHex, concatBytes, hexToBytes } from "../../../offchain/core/bytes.ts";
import { sha256 } from "../../../offchain/core/hash.ts";
import { openEnvelope, signEnvelope } from "../../../offchain/transport/envelope.ts";
import { encodeEnvelope } from "../../../offchain/transport/envelopeBytes.ts";
import { BodySchema, EnvelopeSchema } from "../../../offchain/transport/generated/board_pb.ts";
import { jobId, market, messageParts, signer } from "./signers.ts";

const alice = signer(7);
const bob = signer(8);

function signed(over = {}) {
  return signEnvelope(messageParts({ sender: alice.address, ...over }), alice.sign);
}

function codeOf(bytes: Uint8Array): string {
  try {
    openEnvelope(bytes);
    return "opened";
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe("a signed message", () => {
  it("is refused when its body is encoded again, though it says the same", async () => {
    const { body, signature } = fromBinary(EnvelopeSchema, await signed());
    // The same fields, the last one first: any protobuf reader gets an equal message.
    const content = fromBinary(BodySchema, body).content;
    const first = new BinaryWriter().tag(9, 2).bytes(content).finish();
    const rest = toBinary(BodySchema, { ...fromBinary(BodySchema, body), content: new Uint8Array() });
    const again = concatBytes(first, rest);
    expect(fromBinary(BodySchema, again)).to.deep.equal(fromBinary(BodySchema, body));
    expect(codeOf(encodeEnvelope(again, signature))).to.equal("transport/bad-signature");
  });

  it("is refused with any one bit changed", async () => {
    const bytes = await signed();
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(codeOf(changed), `bit ${bit}`).to.be.oneOf(["transport/bad-signature", "transport/malformed"]);
    }
  });

  it("is refused when cut short at any byte, or with bytes behind it", async () => {
    const bytes = await signed();
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(bytes.subarray(0, length)), `${length} bytes`).to.equal("transport/malformed");
    }
    expect(codeOf(concatBytes(bytes, new Uint8Array([0x1a, 0])))).to.equal("transport/malformed");
  });

  it("has one encoding: fields in another order, twice, or with longer lengths are refused", async () => {
    const { body, signature } = fromBinary(EnvelopeSchema, await signed());
    const field = (number: number, bytes: Uint8Array) => new BinaryWriter().tag(number, 2).bytes(bytes).finish();
    const longer = concatBytes(new Uint8Array([0x12, 0x80 | 65, 0]), signature);
    const others = [
      concatBytes(field(2, signature), field(1, body)),
      concatBytes(field(1, body), field(1, body), field(2, signature)),
      concatBytes(field(1, body), longer),
    ];
    for (const bytes of others) {
      expect(fromBinary(EnvelopeSchema, bytes).body, "protobuf takes it").to.deep.equal(body);
      expect(codeOf(bytes)).to.equal("transport/malformed");
    }
  });

  it("is refused under the other of the two signatures that the curve allows (high s)", async () => {
    const { body, signature } = fromBinary(EnvelopeSchema, await signed());
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const s = BigInt(bytesToHex(signature.subarray(32, 64)));
    const high = hexToBytes(`0x${(order - s).toString(16).padStart(64, "0")}`);
    const v = (signature[64] as number) === 27 ? 28 : 27;
    const other = concatBytes(signature.subarray(0, 32), high, new Uint8Array([v]));
    expect(codeOf(encodeEnvelope(body, other))).to.equal("transport/bad-signature");
  });

  it("is refused when another party signs in the sender's name, and nobody is named for it", async () => {
    const forged = await signEnvelope(messageParts({ sender: alice.address }), bob.sign);
    try {
      openEnvelope(forged);
      expect.fail("opened");
    } catch (error) {
      expect(error).to.include({ code: "transport/bad-signature", party: "nobody" });
      expect(error).to.have.nested.property("facts.claimed", alice.address);
    }
  });

  it("is refused without a sender, even with a good signature", async () => {
    const digests: Uint8Array[] = [];
    const bytes = await signEnvelope(messageParts(), (digest) => {
      digests.push(digest);
      return alice.sign(digest);
    });
    expect(openEnvelope(bytes).sender).to.equal(alice.address);
    // The first of the two signatures is over a body without sender and content.
    const nobody = toBinary(BodySchema, {
      ...fromBinary(BodySchema, fromBinary(EnvelopeSchema, bytes).body),
      sender: new Uint8Array(),
      content: new Uint8Array(),
    });
    expect(codeOf(encodeEnvelope(nobody, alice.sign(digests[0] as Uint8Array)))).to.equal("transport/malformed");
  });

  it("cannot be signed with parts that do not fit their fields", async () => {
    const wrong = [
      { round: -1 },
      { round: 2 ** 32 },
      { round: 1.5 },
      { time: -1 },
      { chainId: 2n ** 64n },
      { kind: "" },
    ];
    const short = [{ jobId: "0x0c" as const }, { market: "0x" as const }, { recipient: jobId }, { kind: "Update" }];
    for (const over of [...wrong, ...short]) {
      const error: unknown = await signed(over).catch((reason: unknown) => reason);
      expect(
        error,
        JSON.stringify(over, (_, v) => String(v)),
      ).to.have.property("code", "transport/malformed");
    }
  });

  it("has the digest of the protocol: keccak256(prefix, uint64 chain, market, SHA-256 of the body)", async () => {
    const bytes = await signed({ chainId: 0x0102 });
    const { body, signature } = fromBinary(EnvelopeSchema, bytes);
    const prefix = Buffer.from("Farshore message v1\n");
    const chain = Buffer.from("0000000000000102", "hex");
    const digest = viemKeccak256(concatBytes(prefix, chain, hexToBytes(market), sha256(body)));
    expect((await viemRecover({ hash: digest, signature: bytesToHex(signature) })).toLowerCase()).to.equal(
      alice.address,
    );
    const key = new SigningKey(`0x${"00".repeat(31)}07`);
    expect(key.sign(digest).serialized).to.equal(bytesToHex(signature));
  });

  it("opens to what was signed, whatever that was", async () => {
    const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
    const parts = fc.record({
      chainId: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      market: hex(20),
      jobId: hex(32),
      recipient: fc.option(hex(20), { nil: undefined }),
      kind: fc.constantFrom("acceptance", "update", "validation", "attestation", "fetch", "fetched:model"),
      round: fc.nat({ max: 2 ** 32 - 1 }),
      time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      content: fc.uint8Array({ maxLength: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async (message) => {
        const bytes = await signEnvelope({ ...message, sender: alice.address }, alice.sign);
        const opened = openEnvelope(bytes);
        expect(opened).to.deep.equal({ ...message, sender: alice.address, bytes, hash: bytesToHex(sha256(bytes)) });
      }),
      { numRuns: 60 },
    );
  });

  it("has a hash that is of the bytes as delivered", async () => {
    const bytes = await signed({ content: new Uint8Array(70_000) });
    expect(openEnvelope(bytes).hash).to.equal(bytesToHex(sha256(bytes)));
    expect(toBinary(EnvelopeSchema, create(EnvelopeSchema, fromBinary(EnvelopeSchema, bytes)))).to.deep.equal(bytes);
  });
});
