import { expect } from "chai";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import { signDigest } from "../../../../offchain/crypto/secp256k1.ts";
import { type Board, boardOf } from "../../../../offchain/sdk/boards.ts";
import { openSession, type Session } from "../../../../offchain/sdk/session.ts";
import { type MessageParts, signEnvelope } from "../../../../offchain/transport/envelope.ts";
import { rejection } from "../../../offchain/failure.ts";
import { type Audited, patient } from "./audited.ts";

/** An oracle answers only a request that was made for it, on its chain, for its market, now. */
export function answersItsOwnRequests(audited: () => Audited): void {
  describe("asked for", () => {
    let regulator: Session;
    let board: Board;
    before(async () => {
      const { m, facts } = audited();
      regulator = await openSession(m.party("regulator").home);
      board = (await boardOf(regulator, facts.record.seatAccounts[0] as Hex)) as Board;
    });

    async function ask(change: Partial<MessageParts>, what: unknown = { what: "evidence" }, by = regulator) {
      const { chainId, contracts } = by.chain.manifest;
      const content = new TextEncoder().encode(JSON.stringify(what));
      const time = by.clock.nowSeconds();
      const parts = { chainId, market: contracts.JobMarket, jobId: audited().jobId, kind: "fetch", round: 0, time };
      const message = { ...parts, sender: by.operator, recipient: board.operator, content, ...change };
      return board.client.fetch(await signEnvelope(message, (digest) => signDigest(by.keys.operator, digest)));
    }
    const code = async (change: Partial<MessageParts>, what?: unknown) => (await rejection(ask(change, what))).code;

    it("with a request that was signed for another chain or market is refused", async () => {
      expect(await code({ chainId: regulator.chain.manifest.chainId + 1 })).to.equal("transport/wrong-chain");
      expect(await code({ market: regulator.account })).to.equal("transport/wrong-chain");
    });

    it("with a request for another oracle, or for none by name, is refused", async () => {
      expect(await code({ recipient: audited().facts.record.seatAccounts[1] })).to.equal("transport/wrong-recipient");
      expect(await code({ recipient: undefined })).to.equal("board/bad-request");
    });

    it("with a request of another time or kind, or for something else, is refused", async () => {
      const now = regulator.clock.nowSeconds();
      expect(await code({ time: now - 1_000n })).to.equal("transport/stale");
      expect(await code({ time: now + 1_000n })).to.equal("transport/stale");
      expect(await code({ kind: "update" })).to.equal("transport/unknown-kind");
      expect(await code({}, { what: "keys" })).to.equal("board/bad-request");
    });

    it("by somebody who has no part in the job is refused", async () => {
      const refused = ask({}, undefined, audited().m.session);
      expect((await rejection(refused)).code).to.equal("board/not-entitled");
    });

    it("as it should be is answered", async function () {
      this.timeout(patient);
      expect((await ask({})).length).to.be.greaterThan(1_000);
    });
  });
}
