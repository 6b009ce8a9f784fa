import { expect } from "chai";
import { encodeAbiParameters, keccak256, numberToHex } from "viem";
import { auditJob } from "../../../../offchain/audit/audit.ts";
import { escrowCheck } from "../../../../offchain/audit/checks/moneyChecks.ts";
import { escrowAt } from "../../../../offchain/audit/gather/escrow.ts";
import { gatherFacts } from "../../../../offchain/audit/gather.ts";
import { getCredit } from "../../../../offchain/chain/reads/balances.ts";
import { getParticipant } from "../../../../offchain/chain/reads/participants.ts";
import { operatorKeyDigest, setKeys, setStatus } from "../../../../offchain/chain/writes/participants.ts";
import { mint } from "../../../../offchain/chain/writes/tokens.ts";
import { bytesToHex, type Hex } from "../../../../offchain/core/bytes.ts";
import { sha256Hex } from "../../../../offchain/core/hash.ts";
import { systemRandom } from "../../../../offchain/core/rng.ts";
import { addressOfKey, signDigest } from "../../../../offchain/crypto/secp256k1.ts";
import { openSession } from "../../../../offchain/sdk/session.ts";
import { type Audited, failuresOf, patient } from "./audited.ts";

/** Slot of `EscrowBook._credits` in the market's storage. */
const creditsSlot = 0n;

/** Whatever parties do after a job, its audit stays the same; a wrong balance ends that. */
export function survivesLaterChanges(audited: () => Audited): void {
  describe("later", () => {
    const chain = () => audited().m.session.chain;
    const audit = async () => auditJob(await gatherFacts(chain(), audited().jobId), audited().evidence);

    it("passes after a contributor changed its operator, and after another was suspended", async function () {
      this.timeout(patient);
      const { m } = audited();
      const bank = await openSession(m.party("bank-1").home);
      const { encryptionKey, endpoint } = await getParticipant(chain(), bank.account);
      const key = systemRandom(32);
      const operator = addressOfKey(key);
      const nonce = await chain().call("ParticipantRegistry", "keyNonce", [bank.account]);
      const digest = operatorKeyDigest(chain(), { account: bank.account, operator, nonce });
      const operatorProof = bytesToHex(signDigest(key, digest));
      await bank.send("rotate", setKeys(chain(), { operator, encryptionKey, endpoint, operatorProof }));
      await m.session.send("suspend", setStatus(chain(), m.party("bank-2").account, "suspended", 7));
      expect((await getParticipant(chain(), bank.account)).operator.toLowerCase()).to.equal(operator);
      expect(failuresOf(await audit())).to.deep.equal([]);
    });

    it("finds the market's money whole at the block of each step of the job, whatever it held then", async () => {
      const { record } = audited().facts;
      const found: { step: string; open: bigint }[] = [];
      for (const { step, blockNumber } of record.steps) {
        const escrow = await escrowAt(chain(), blockNumber);
        const { passed, detail } = escrowCheck({ ...audited().facts, escrow });
        expect(passed, `${step}: ${detail}`).to.equal(true);
        found.push({ step, open: escrow.open });
      }
      const heldAt = (step: string) => found.find((f) => f.step === step)?.open ?? 0n;
      const bonds = (record.committee?.seatBond ?? 0n) * BigInt(record.seatAccounts.length);
      expect(bonds > 0n && heldAt("post") > 0n).to.equal(true);
      expect(heldAt("seat")).to.equal(heldAt("post") + bonds);
      expect(heldAt("propose")).to.equal(heldAt("seat"));
      expect(heldAt("settle")).to.equal(0n);
    });

    it("passes when somebody sent the market tokens without a deposit, and names them", async () => {
      const { m } = audited();
      await m.session.send("gift", mint(chain(), chain().address("JobMarket"), 5n, sha256Hex(new Uint8Array([1]))));
      const money = (await audit()).find(({ name }) => name === "escrow conservation");
      expect(money?.detail).to.include(" + 5 sent without a deposit = ");
      expect(money?.passed).to.equal(true);
    });

    it("fails when the market credits one account a single unit more than came in, or less", async () => {
      const account = audited().m.party("oracle-1").account;
      const { stable } = await getCredit(chain(), account);
      const slot = keccak256(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [account, creditsSlot]));
      const before = (await chain().ask((c) => c.getStorageAt({ address: chain().address("JobMarket"), slot }))) as Hex;
      expect(BigInt(before) & ((1n << 128n) - 1n), "the slot of the balance").to.equal(stable);
      for (const change of [1n, -1n]) {
        await plant(slot, BigInt(before) + change);
        const failures = failuresOf(await audit());
        expect(failures.map(({ name }) => name)).to.deep.equal(["escrow conservation"]);
        expect(failures[0]?.detail).to.match(/market holds \d+, its books say \d+: credits \d+ of \d+ accounts/);
      }
      await plant(slot, BigInt(before));
      expect(failuresOf(await audit())).to.deep.equal([]);
    });

    function plant(slot: Hex, value: bigint): Promise<unknown> {
      const params = [chain().address("JobMarket"), slot, numberToHex(value, { size: 32 })];
      return chain().ask((c) => c.request({ method: "hardhat_setStorageAt", params } as never));
    }
  });
}
