import { bytesToHex, type Hex, hexToBytes } from "../core/bytes.ts";
import { consentBits } from "../core/tables/consents.ts";
import { recoverAddress, signDigest } from "../crypto/secp256k1.ts";
import { readConfig } from "../party/config.ts";
import { leaveVerdict } from "../party/inbox.ts";
import { readKeyFile } from "../party/keys.ts";
import { readPolicy } from "../party/policyFile.ts";
import { expectPerson, verdictDigest } from "../protocol/verdict.ts";

/** What a person says on the command line. */
export interface Said {
  readonly person: string;
  readonly consent: readonly string[];
  /** File of the person's key; needed where the policy lists persons. */
  readonly key?: string;
}

/** Leaves a person's verdict for the node, signed where a key is given. Throws `inbox/not-authorised` and what leaveVerdict throws. */
export function decide(home: string, jobId: Hex, verdict: "accept" | "decline", said: Said): void {
  const word = { jobId, verdict, person: said.person, consents: consentBits(said.consent) };
  const signed = said.key === undefined ? word : { ...word, signature: signatureOf(said.key, verdictDigest(word)) };
  expectPerson(readPolicy(readConfig(home)), signed, (digest, signature) =>
    recoverAddress(digest, hexToBytes(signature)),
  );
  leaveVerdict(home, signed);
}

function signatureOf(path: string, digest: Uint8Array): Hex {
  return bytesToHex(signDigest(readKeyFile(path, "farshore person create makes one"), digest));
}
