import { expect } from "chai";
import type { Hex } from "../../../offchain/core/bytes.ts";
import {
  type Expected,
  expectMessage,
  openEnvelope,
  type SignedMessage,
  signEnvelope,
} from "../../../offchain/transport/envelope.ts";
import { jobId, market, messageParts, signer } from "./signers.ts";

const alice = signer(7);
const bob = signer(8);
const other: Hex = `0x${"0d".repeat(20)}`;

async function message(over = {}): Promise<SignedMessage> {
  return openEnvelope(
    await signEnvelope(messageParts({ sender: alice.address, recipient: bob.address, ...over }), alice.sign),
  );
}

const expected: Expected = {
  ...{ chainId: 1337, market, jobId, recipient: bob.address, kinds: ["acceptance", "update"] },
  senders: [bob.address, alice.address],
  age: { now: 1_790_000_100n, most: 300n },
};

describe("what a reader expects of a message", () => {
  const cases: [string, Partial<Expected>, string][] = [
    ["signed for another chain", { chainId: 1338 }, "transport/wrong-chain"],
    ["signed for another market on the same chain", { market: other }, "transport/wrong-chain"],
    ["of another job", { jobId: `0x${"0d".repeat(32)}` }, "transport/wrong-job"],
    ["for another recipient", { recipient: other }, "transport/wrong-recipient"],
    ["of a kind that is not taken here", { kinds: ["acceptance"] }, "transport/unknown-kind"],
    ["of a sender who may not send it", { senders: [bob.address] }, "transport/not-allowed"],
    ["when nobody may send it", { senders: [] }, "transport/not-allowed"],
    ["sent again later than its age allows", { age: { now: 1_790_000_301n, most: 300n } }, "transport/stale"],
    ["from the future", { age: { now: 1_789_999_699n, most: 300n } }, "transport/stale"],
  ];
  for (const [what, over, code] of cases) {
    it(`refuses one ${what}, and names its sender`, async () => {
      const received = await message();
      expect(() => expectMessage(received, { ...expected, ...over }))
        .to.throw()
        .that.includes({ code, party: alice.address });
    });
  }

  it("takes one that fits in all, to the last second of its age", async () => {
    expectMessage(await message(), expected);
    expectMessage(await message(), { ...expected, age: { now: 1_790_000_300n, most: 300n } });
  });

  it("takes one for everybody, and checks only what it is asked to", async () => {
    expectMessage(await message({ recipient: undefined }), expected);
    expectMessage(await message(), { chainId: 1337n, market, kinds: ["update"] });
  });

  it("does not care for the case of an address", async () => {
    const upper = (hex: string) => `0x${hex.slice(2).toUpperCase()}` as Hex;
    const shouting = {
      market: upper(market),
      recipient: upper(bob.address),
      senders: [upper(alice.address)],
      jobId: upper(jobId),
    };
    expectMessage(await message(), { ...expected, ...shouting });
  });
});
