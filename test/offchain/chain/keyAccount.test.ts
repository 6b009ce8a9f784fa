import { expect } from "chai";
import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { keyAccount } from "../../../offchain/chain/keyAccount.ts";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { failure } from "../failure.ts";

const word = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => bytes.some((b) => b > 0) && bytes[0] !== 255);

describe("an account over a key", () => {
  it("signs legacy transactions to the byte as viem's own account does, from the same address", async () => {
    const transaction = fc.record({
      chainId: fc.integer({ min: 2, max: 2 ** 31 }),
      nonce: fc.integer({ min: 0, max: 2 ** 31 }),
      gas: fc.bigInt({ min: 21_000n, max: 16_777_216n }),
      data: fc.uint8Array({ maxLength: 300 }).map(bytesToHex),
      value: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    });
    await fc.assert(
      fc.asyncProperty(word, transaction, async (key, parts) => {
        const legacy = { type: "legacy", gasPrice: 0n, to: `0x${"0b".repeat(20)}`, ...parts } as const;
        const [ours, viems] = [keyAccount(bytesToHex(key)), privateKeyToAccount(bytesToHex(key))];
        expect(ours.address).to.equal(viems.address);
        expect(await ours.signTransaction(legacy)).to.equal(await viems.signTransaction(legacy));
      }),
      { numRuns: 50 },
    );
  });

  it("is refused for a key that is none, without showing it", () => {
    const error = failure(() => keyAccount(`0x${"ff".repeat(32)}`));
    expect(error.code).to.equal("crypto/bad-key");
    expect(error.message).to.not.include("ffff");
  });
});
