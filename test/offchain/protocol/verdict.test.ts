import { expect } from "chai";
import { bytesToHex, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { addressOfKey, recoverAddress, signDigest } from "../../../offchain/crypto/secp256k1.ts";
import { manualPolicy, type Policy } from "../../../offchain/protocol/policy.ts";
import { expectPerson, type PersonsWord, verdictDigest } from "../../../offchain/protocol/verdict.ts";
import { failure } from "../failure.ts";

const keyOf = { Ada: new Uint8Array(32).fill(1), Carla: new Uint8Array(32).fill(2) };
const persons = Object.entries(keyOf).map(([name, key]) => ({ name, key: addressOfKey(key) }));
const policy: Policy = { ...manualPolicy, persons };
const word: PersonsWord = { jobId: `0x${"1a".repeat(32)}`, verdict: "accept", person: "Ada", consents: 2 };

const recover = (digest: Uint8Array, signature: Hex) => recoverAddress(digest, hexToBytes(signature));
const signed = (said: PersonsWord, key: Uint8Array) => ({
  ...said,
  signature: bytesToHex(signDigest(key, verdictDigest(said))),
});

describe("a person's verdict", () => {
  it("is refused under another's name, unsigned, and when what was signed says something else", () => {
    const byAda = signed(word, keyOf.Ada);
    const cases = [
      word,
      { ...word, person: "Nobody", signature: byAda.signature },
      signed({ ...word, person: "Carla" }, keyOf.Ada),
      { ...byAda, person: "Carla" },
      { ...byAda, verdict: "decline" as const },
      { ...byAda, consents: 7 },
      { ...byAda, jobId: `0x${"2b".repeat(32)}` },
      { ...byAda, signature: `0x${"00".repeat(65)}` },
    ];
    for (const [i, said] of cases.entries()) {
      const error = failure(() => expectPerson(policy, said, recover));
      expect(error.code, `case ${i}`).to.equal("inbox/not-authorised");
      expect(error.remedy).to.contain("--key");
    }
  });

  it("is taken with the person's own key, and by name alone only where the policy names nobody", () => {
    expectPerson(policy, signed(word, keyOf.Ada), recover);
    expectPerson(policy, signed({ ...word, person: "Carla" }, keyOf.Carla), recover);
    expectPerson(manualPolicy, word, recover);
  });
});
