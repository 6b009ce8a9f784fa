import { hexToBytes } from "../../core/bytes.ts";
import { canonicalJson } from "../../core/canonicalJson.ts";
import { keccakHex, sha256Hex } from "../../core/hash.ts";
import { decodeValidation, verifyValidation } from "../../data/validationRows.ts";
import { evidenceRoot } from "../../protocol/evidence.ts";
import { parseJobSpec, specHash } from "../../protocol/jobSpec.ts";
import { expectTermsOfSpec } from "../../protocol/jobTerms.ts";
import { deliveryRoot, modelBytes, modelOf, modelRoot } from "../../protocol/model.ts";
import { decodeState } from "../../protocol/newtonJob.ts";
import { reportOf } from "../../protocol/report.ts";
import { type CheckResult, expectThat, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";

/** The evidence file is the one that m of k oracles signed for, of this job on this chain. */
export function evidenceChecks(input: AuditInput): CheckResult[] {
  const { record, evidence } = input;
  return [
    runCheck("evidence header", "verified", () => {
      expectThat(evidence.chainId === input.chainId, `the file is of chain ${evidence.chainId}, not ${input.chainId}`);
      expectThat(evidence.market.toLowerCase() === input.market.toLowerCase(), "the file is of another market");
      expectThat(evidence.jobId === record.jobId, `the file is of job ${evidence.jobId}`);
      return "chain, market and job are those that are audited";
    }),
    runCheck("evidence root", "verified", () => {
      const had = evidenceRoot(evidence.sections);
      expectThat(
        had === record.result?.evidenceRoot,
        `root of the file ${had}, on the chain ${record.result?.evidenceRoot}`,
      );
      return "the file's sections are those that the proposed result commits to";
    }),
    runCheck("specification", "verified", () => {
      const spec = parseJobSpec(evidence.sections.spec);
      expectThat(specHash(spec) === record.terms.specHash, "hash of the specification differs from the terms");
      expectTermsOfSpec(record.terms, spec);
      return "every field of the terms follows from the specification";
    }),
    validationCheck(input),
    modelCheck(input),
    reportCheck(input),
  ];
}

function validationCheck({ record, evidence }: AuditInput): CheckResult {
  const rows = evidence.sections.validation;
  if (typeof rows !== "string") {
    return runCheck("validation rows", "attested", () => "left out of this copy; their root is in the terms");
  }
  return runCheck("validation rows", "verified", () => {
    verifyValidation(hexToBytes(rows), record.terms.validationRoot, record.terms.validationRows);
    return `${record.terms.validationRows} rows match the root in the terms`;
  });
}

function modelCheck({ record, evidence }: AuditInput): CheckResult {
  const { model, report, finalState } = evidence.sections;
  return runCheck("model and delivery", "verified", () => {
    const spec = parseJobSpec(evidence.sections.spec);
    const made = modelOf(spec, record.jobId, record.terms.specHash, decodeState(spec, hexToBytes(finalState)));
    expectThat(canonicalJson(made) === canonicalJson(model), "the model is not the one that the last state gives");
    expectThat(modelRoot(model) === record.result?.modelRoot, "hash of the model differs from the chain");
    const items = [
      { name: "model.json", bytes: modelBytes(model) },
      { name: "report.json", bytes: new TextEncoder().encode(canonicalJson(report)) },
    ];
    expectThat(deliveryRoot(items) === record.result?.deliveryRoot, "the delivered files differ from the chain");
    return `model ${keccakHex(modelBytes(model)).slice(0, 18)}…, delivery of ${items.length} files`;
  });
}

function reportCheck({ record, evidence }: AuditInput): CheckResult {
  const { report, validation, finalState, valuation } = evidence.sections;
  const { rounds } = record;
  if (typeof validation !== "string") {
    return runCheck("report", "attested", () => {
      expectThat(rounds?.completed === report.rounds, "the report counts other rounds than the chain");
      return "figures on validation rows that are not in this copy";
    });
  }
  return runCheck("report", "verified", () => {
    expectThat(rounds !== null, "no rounds were certified");
    const spec = parseJobSpec(evidence.sections.spec);
    const last = decodeState(spec, hexToBytes(finalState));
    const { table } = decodeValidation(hexToBytes(validation));
    const made = reportOf(rounds, last, table, BigInt(valuation.utilities.at(-1) ?? "0"));
    expectThat(canonicalJson(made) === canonicalJson(report), "the report differs from the one recomputed");
    return `AUC ${report.validation.auc.toFixed(5)}, KS ${report.validation.ks.toFixed(5)} recomputed on the validation rows`;
  });
}

/** SHA-256 of a state's bytes. */
export function hashOfState(hex: string): string {
  return sha256Hex(hexToBytes(hex));
}
