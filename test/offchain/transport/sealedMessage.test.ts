import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { bytesToHex, type Hex } from "../../../offchain/core/bytes.ts";
import { openSealed, type SealContext, sealInfo, sealTo } from "../../../offchain/transport/sealedMessage.ts";

const address = (byte: string): Hex => `0x${byte.repeat(20)}`;
const context: SealContext = {
  ...{ jobId: `0x${"0c".repeat(32)}`, round: 5, kind: "update", from: address("0a"), to: address("0b") },
};
const plaintext = new TextEncoder().encode("an update that only one oracle may read");

/** Raw X25519 keys, 32 bytes each. */
function keys() {
  const { d, x } = generateKeyPairSync("x25519").privateKey.export({ format: "jwk" });
  const raw = (part: string | undefined) => new Uint8Array(Buffer.from(part as string, "base64url"));
  return { privateKey: raw(d), recipientKey: raw(x) };
}

async function codeOf(opening: Promise<unknown>): Promise<{ code?: string; party?: string; facts?: object }> {
  return opening.then(
    () => ({ code: "opened" }),
    (error: unknown) => error as object,
  );
}

describe("a sealed message", () => {
  const { privateKey, recipientKey } = keys();

  it("does not open for another job, round, kind, sender or recipient, and names its sender", async () => {
    const sealed = await sealTo({ ...context, recipientKey, plaintext });
    const others: Partial<SealContext>[] = [
      { jobId: `0x${"0d".repeat(32)}` },
      { round: 6 },
      { kind: "updat" },
      { from: address("0d") },
      { to: address("0d") },
      // Swapped: what was sent to a party is not its own.
      { from: context.to, to: context.from },
    ];
    for (const other of others) {
      const read = { ...context, ...other };
      const error = await codeOf(openSealed({ ...read, privateKey, sealed }));
      expect(error, JSON.stringify(other)).to.include({ code: "transport/bad-seal", party: read.from });
    }
  });

  it("does not open with another key, or with a bit changed, or cut short; no key or text is in the error", async () => {
    const sealed = await sealTo({ ...context, recipientKey, plaintext });
    const flipped = sealed.slice();
    flipped[40] = (flipped[40] as number) ^ 1;
    const tries = [
      { privateKey: keys().privateKey },
      { sealed: flipped },
      { sealed: sealed.subarray(0, 47) },
      { sealed: new Uint8Array() },
    ];
    for (const other of tries) {
      const error = await codeOf(openSealed({ ...context, privateKey, sealed, ...other }));
      expect(error.code).to.equal("transport/bad-seal");
      expect(String(error) + JSON.stringify(error.facts)).not.to.contain(bytesToHex(privateKey).slice(2));
    }
  });

  it("is not made for a job, party or round that is none", async () => {
    for (const other of [
      { jobId: address("0c") },
      { from: "0x0a" as const },
      { to: "0x" as const },
      { round: -1 },
      { round: 2 ** 32 },
    ]) {
      const error = await codeOf(sealTo({ ...context, ...other, recipientKey, plaintext }));
      expect(error.code).to.equal("transport/malformed");
    }
  });

  it("opens for its recipient, with addresses in any case", async () => {
    const sealed = await sealTo({ ...context, recipientKey, plaintext });
    const upper = `0x${context.to.slice(2).toUpperCase()}` as Hex;
    expect(await openSealed({ ...context, to: upper, privateKey, sealed })).to.deep.equal(plaintext);
  });

  it("is bound to bytes that differ whenever its context differs", () => {
    const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
    const contexts = fc.record({
      ...{ jobId: hex(32), from: hex(20), to: hex(20) },
      ...{ round: fc.nat({ max: 2 ** 32 - 1 }), kind: fc.string({ maxLength: 8 }) },
    });
    fc.assert(
      fc.property(contexts, contexts, (a, b) => {
        const fields = ({ jobId, round, kind, from, to }: SealContext) =>
          JSON.stringify([jobId, round, kind, from, to]);
        return (bytesToHex(sealInfo(a)) === bytesToHex(sealInfo(b))) === (fields(a) === fields(b));
      }),
    );
    expect(bytesToHex(sealInfo(context))).to.equal(
      bytesToHex(Buffer.from("Farshore sealed message v1\n")) +
        `${"0c".repeat(32)}00000005${"0a".repeat(20)}${"0b".repeat(20)}${Buffer.from("update").toString("hex")}`,
    );
  });
});
