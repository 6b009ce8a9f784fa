import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { hasCode } from "../../offchain/core/errors.ts";
import { signDigest } from "../../offchain/crypto/secp256k1.ts";
import { type EvidenceFile, evidenceRoot, parseEvidence } from "../../offchain/protocol/evidence.ts";
import { signEnvelope } from "../../offchain/transport/envelope.ts";
import { openSealed } from "../../offchain/transport/sealedMessage.ts";
import type { Federation } from "./federation.ts";
import type { SimulatedNode } from "./simulatedNode.ts";

/** Running seats from which the buyer gets the evidence that the chain names. Another one than that throws. */
export async function seatsThatServe(f: Federation): Promise<string[]> {
  return [...(await evidenceServed(f)).keys()];
}

/** What the buyer gets from each running seat that has the evidence, by the seat's name. */
export async function evidenceServed(f: Federation): Promise<Map<string, EvidenceFile>> {
  const job = f.job as JobRecord;
  const seats = new Set(job.seatAccounts.map((account) => account.toLowerCase()));
  const served = new Map<string, EvidenceFile>();
  for (const node of f.oracles.filter((n) => n.alive && seats.has(n.party.account))) {
    const file = await servedBy(f, job, node);
    if (file !== null) served.set(node.name, file);
  }
  return served;
}

async function servedBy(f: Federation, job: JobRecord, node: SimulatedNode): Promise<EvidenceFile | null> {
  const buyer = f.market.party("buyer");
  const { chainId, contracts } = f.market.manifest;
  const { jobId } = job;
  const content = new TextEncoder().encode(JSON.stringify({ what: "evidence" }));
  const said = { chainId, market: contracts.JobMarket, jobId, sender: buyer.operator, recipient: node.party.operator };
  const request = await signEnvelope(
    { ...said, kind: "fetch", round: 0, content, time: f.market.clock.nowSeconds() },
    (digest) => signDigest(buyer.keys.operator, digest),
  );
  let sealed: Uint8Array;
  try {
    sealed = await node.handler.fetch(request, { signal: new AbortController().signal });
  } catch (error) {
    if (hasCode(error, "board/no-evidence")) return null;
    throw error;
  }
  const { privateKey } = buyer.keys.encryption;
  const way = { from: node.party.operator, to: buyer.operator };
  const bytes = await openSealed({ privateKey, jobId, round: 0, kind: "fetched:evidence", ...way, sealed });
  const file = parseEvidence(JSON.parse(new TextDecoder().decode(bytes)));
  if (evidenceRoot(file.sections) !== job.result?.evidenceRoot) throw new Error(`${node.name} serves other evidence`);
  return file;
}
