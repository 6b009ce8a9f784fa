import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { bytesToHex, hexToBytes } from "../../offchain/core/bytes.ts";
import { farshoreDomain, typedHash } from "../../offchain/core/eip712.ts";
import { signDigest } from "../../offchain/crypto/secp256k1.ts";
import { encodeAcceptance } from "../../offchain/protocol/acceptance.ts";
import { validatorIndex } from "../../offchain/protocol/aggregation.ts";
import { signEnvelope } from "../../offchain/transport/envelope.ts";
import type { Federation } from "./federation.ts";
import type { SimulatedParty } from "./parties.ts";

/** The evaluator that a job names says yes to it on every board. */
export async function acceptAsEvaluator(f: Federation, party: SimulatedParty, job: JobRecord): Promise<void> {
  const { chainId, contracts } = f.market.manifest;
  const market = contracts.JobMarket;
  const { jobId, termsHash } = job;
  const sign = (digest: Uint8Array) => signDigest(party.keys.operator, digest);
  const now = f.market.clock.nowSeconds();
  const message = { jobId, termsHash, assetIndex: validatorIndex, consents: 0, nonce: 1n, expiry: now + 3600n };
  const digest = typedHash(farshoreDomain(chainId, market), "Acceptance", message);
  const content = encodeAcceptance({ message, signature: bytesToHex(sign(hexToBytes(digest))) });
  const said = { chainId, market, jobId, sender: party.operator, kind: "acceptance", round: 0, time: now, content };
  const bytes = await signEnvelope(said, sign);
  const client = f.boards.clientsOf(party.name, () => true);
  for (const { party: oracle } of f.oracles.filter((n) => n.alive)) await client(oracle.endpoint).deliver(bytes);
}
