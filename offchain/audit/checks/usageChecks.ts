import { leafHash, MountainRange, verifyInclusion } from "../../crypto/mmr.ts";
import type { UsageLeaf } from "../../crypto/usageLeaf.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { ChainFacts } from "../input.ts";

// `IUsageLedger.UsageProof.outcome`: settled, or settled after an absence.
const outcomes = { settled: 1, settledAfterAbsence: 3 };
const absent = 2;

/** One usage proof per asset, with the job's own facts, included in the ledger's range of today. */
export function usageChecks(input: ChainFacts): CheckResult[] {
  const { record, usage } = input;
  const mine = usage.proofs.flatMap((proof, index) => (proof.jobId === record.jobId ? [{ proof, index }] : []));
  return [
    runCheck("usage proofs", "verified", () => {
      expectThat(
        mine.length === record.terms.assets.length,
        `${mine.length} usage proofs for ${record.terms.assets.length} assets`,
      );
      mine.forEach(({ proof }, i) => {
        expectFacts(input, proof, i);
      });
      return `${mine.length} proofs in the ledger's events state the facts of the job's own events`;
    }),
    runCheck("usage inclusion", "verified", () => {
      const range = new MountainRange();
      for (const proof of usage.proofs) range.append(leafHash(proof));
      expectThat(
        usage.size === usage.proofs.length,
        `${usage.size} leaves on the chain, ${usage.proofs.length} in its events`,
      );
      expectThat(range.root() === usage.root, "the events do not give the root on the chain");
      for (const { proof, index } of mine) {
        const inclusion = {
          leaf: leafHash(proof),
          index,
          size: usage.size,
          path: range.proof(index),
          peaks: range.peaks(),
        };
        expectThat(verifyInclusion(inclusion), `proof ${index} is not included`);
      }
      return `leaves ${mine.map((m) => m.index).join(", ")} of ${usage.size} recomputed to the ledger's root ${usage.root.slice(0, 18)}…`;
    }),
    runCheck("privacy budget", "verified", () => {
      record.terms.assets.forEach((asset, i) => {
        const due = rhoNano(record.terms.noiseMilli, record.rounds?.certified ?? 0);
        expectThat(
          mine[i]?.proof.rhoNano === due,
          `asset ${asset.assetId} committed ${mine[i]?.proof.rhoNano}, due ${due}`,
        );
      });
      return record.terms.noiseMilli === 0
        ? "no noise was promised, and rho 0 is spent on each asset"
        : "rho of the certified rounds recomputed from the noise that the terms declare";
    }),
    runCheck(
      "rows and local training",
      "contributor's own word",
      () =>
        `that updates come from the committed rows${record.terms.noiseMilli === 0 ? "" : ", with the declared noise,"} is what each contributor signed`,
    ),
  ];
}

/** rho of `releases` Gaussian releases with multiplier z, rounded up: ceil(releases * 5e14 / zMilli^2). */
function rhoNano(noiseMilli: number, releases: number): bigint {
  if (noiseMilli === 0) return 0n;
  const z2 = BigInt(noiseMilli) ** 2n;
  return (BigInt(releases) * 500_000_000_000_000n + z2 - 1n) / z2;
}

function expectFacts({ record }: ChainFacts, proof: UsageLeaf, i: number): void {
  const { terms, parties, rounds, result } = record;
  const asset = terms.assets[i];
  const contributor = parties?.contributors[i];
  const outcome = rounds?.reason === absent ? outcomes.settledAfterAbsence : outcomes.settled;
  const facts: readonly [string, unknown, unknown][] = [
    ["job", proof.jobId, record.jobId],
    ["asset", proof.assetId, asset?.assetId],
    ["version", proof.version, asset?.version],
    ["dataset root", proof.datasetRoot, contributor?.datasetRoot],
    ["institution", proof.institution, contributor?.account],
    ["buyer", proof.buyer, record.buyer],
    ["purpose", proof.purpose, terms.purpose],
    ["legal basis", proof.legalBasis, terms.legalBasis],
    ["terms hash", proof.termsHash, record.termsHash],
    ["code hash", proof.codeHash, terms.codeHash],
    ["rules version", proof.rulesVersion, terms.rulesVersion],
    ["aggregation", proof.aggregation, terms.aggregation],
    ["rounds digest", proof.roundsDigest, rounds?.digest],
    ["model root", proof.modelRoot, result?.modelRoot],
    ["outcome", proof.outcome, outcome],
  ];
  for (const [name, had, needed] of facts) {
    expectThat(
      String(had).toLowerCase() === String(needed).toLowerCase(),
      `proof ${i}: ${name} is ${had}, the job has ${needed}`,
    );
  }
}
