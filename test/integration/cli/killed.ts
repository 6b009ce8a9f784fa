import { join } from "node:path";
import { expect } from "chai";
import type { ContractCall } from "../../../offchain/chain/legacyTransaction.ts";
import { Outbox } from "../../../offchain/chain/outbox.ts";
import { bytesToHex } from "../../../offchain/core/bytes.ts";
import { systemClock } from "../../../offchain/core/clock.ts";
import type { Session } from "../../../offchain/sdk/session.ts";
import { rejection } from "../../offchain/failure.ts";

/** Leaves a call as a command does that is killed between sending and the block: stored, sent, its receipt never seen. */
export async function sendAndDie(session: Session, key: string, call: ContractCall): Promise<void> {
  const path = join(session.config.home, "state", "account-outbox.sqlite");
  const outbox = new Outbox(path, session.chain, bytesToHex(session.keys.account), systemClock, { waitMs: -1 });
  try {
    expect((await rejection(outbox.submit({ key, ...call }))).code).to.equal("chain/not-mined");
    expect(outbox.pendingKeys()).to.deep.equal([key]);
  } finally {
    outbox.close();
  }
}
