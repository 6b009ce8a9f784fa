import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { getParticipant } from "../chain/reads/participants.ts";
import { operatorKeyDigest, setKeys } from "../chain/writes/participants.ts";
import { type Address, bytesToHex } from "../core/bytes.ts";
import { addressOfKey, signDigest } from "../crypto/secp256k1.ts";
import { readKeyFile, writeKeyFile } from "../party/keys.ts";
import type { Session } from "./session.ts";

/**
 * Gives this party's node a new hot key: it is kept first, then named on the chain with a proof that it is held, then put in
 * the place of the old one. A command that was killed goes on where it stopped. The node reads it when it starts again.
 */
export async function rotateOperator(session: Session): Promise<Address> {
  const { chain, account, config } = session;
  const [current, next] = ["operator", "operator-next"].map((name) => join(config.home, "keys", `${name}.key`)) as [
    string,
    string,
  ];
  if (!existsSync(next)) writeKeyFile(next, session.random(32));
  const key = readKeyFile(next, "run farshore participant rotate again");
  const operator = addressOfKey(key);
  const { operator: named, encryptionKey, endpoint } = await getParticipant(chain, account);
  if (named.toLowerCase() !== operator.toLowerCase()) {
    const nonce = await chain.call("ParticipantRegistry", "keyNonce", [account]);
    const operatorProof = bytesToHex(signDigest(key, operatorKeyDigest(chain, { account, operator, nonce })));
    await session.send(`rotate:${operator}`, setKeys(chain, { operator, encryptionKey, endpoint, operatorProof }));
  }
  renameSync(next, current);
  return operator;
}
