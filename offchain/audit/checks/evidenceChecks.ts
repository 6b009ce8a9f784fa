import { hexToBytes } from "../../core/bytes.ts";
import { canonicalJson } from "../../core/canonicalJson.ts";
import { sha256Hex } from "../../core/hash.ts";
import { committedRows } from "../../data/committedRows.ts";
import { decodeValidation, verifyValidation } from "../../data/validationRows.ts";
import { evidenceRoot, isOmitted } from "../../protocol/evidence.ts";
import { parseJobSpec, specHash } from "../../protocol/jobSpec.ts";
import { expectTermsOfSpec } from "../../protocol/jobTerms.ts";
import { deliveryRoot, modelBytes, modelOf, modelRoot } from "../../protocol/model.ts";
import { decodeState } from "../../protocol/newtonJob.ts";
import { reportOf } from "../../protocol/report.ts";
import { type CheckResult, expectThat, notInFile, runCheck } from "../check.ts";
import type { AuditInput } from "../input.ts";
import { omissions } from "../omissions.ts";

/** Whether the file is of the audited job at all: nothing else in it is worth a look otherwise. */
export function headerCheck({ chainId, market, record, evidence }: AuditInput): CheckResult {
  const remedy = `export the evidence of this job: farshore job result ${record.jobId} --evidence <file>`;
  return runCheck("evidence header", "verified", () => {
    expectThat(evidence.chainId === chainId, `the file is of chain ${evidence.chainId}, not ${chainId}`, remedy);
    const named = evidence.market.toLowerCase();
    expectThat(named === market.toLowerCase(), `the file is of another market, ${named}`, remedy);
    expectThat(evidence.jobId === record.jobId, `the file is of job ${evidence.jobId}`, remedy);
    return "chain, market and job are those that are audited";
  });
}

/** The evidence file is the one that the proposed result commits to, and what follows from it alone. */
export function evidenceChecks(input: AuditInput): CheckResult[] {
  const { record, evidence } = input;
  return [
    runCheck("evidence root", "verified", () => {
      const had = evidenceRoot(evidence.sections);
      const needed = record.result?.evidenceRoot;
      expectThat(had === needed, `root of the file ${had}, on the chain ${needed}`);
      const left = omissions(evidence);
      const hidden = left === "" ? "" : `; ${left} stand as their hashes`;
      return `the file's sections hash to the root in the proposed result${hidden}`;
    }),
    runCheck("specification", "verified", () => {
      const spec = parseJobSpec(evidence.sections.spec);
      expectThat(specHash(spec) === record.terms.specHash, "hash of the specification differs from the terms");
      expectTermsOfSpec(record.terms, spec);
      return "its hash is in the terms, and every field of the terms follows from it";
    }),
    validationCheck(input),
    modelCheck(input),
    reportCheck(input),
  ];
}

function validationCheck(input: AuditInput): CheckResult {
  const { record, evidence } = input;
  const rows = evidence.sections.validation;
  if (isOmitted(rows)) return runCheck("validation rows", notInFile, () => "their root is in the terms");
  return runCheck("validation rows", "verified", () => {
    if (evidence.sections.valuation.kind === "byWeight") {
      expectThat(
        !isCommitted(input, rows),
        "the rows are those of the root in the terms, and were paid as if they were not",
      );
      return "what the committee opened is not what the root in the terms commits to: paid by weight";
    }
    verifyValidation(hexToBytes(rows), record.terms.validationRoot, record.terms.validationRows);
    expectThat(isCommitted(input, rows), "a value of the rows is beyond the range that the specification declares");
    return `${record.terms.validationRows} rows hash to the root in the terms`;
  });
}

function isCommitted({ record, evidence }: AuditInput, rows: string): boolean {
  const { validationRoot: root, validationRows } = record.terms;
  const { features } = parseJobSpec(evidence.sections.spec);
  return committedRows(hexToBytes(rows), { root, rows: validationRows, features }) !== null;
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
    return `model made again from the last state; it and the report hash to the roots in the proposed result`;
  });
}

function reportCheck({ record, evidence }: AuditInput): CheckResult {
  const { report, validation, finalState, valuation } = evidence.sections;
  const { rounds } = record;
  if (isOmitted(validation)) {
    return runCheck("report", notInFile, () => {
      expectThat(rounds?.completed === report.rounds, "the report counts other rounds than the chain");
      return "its figures cannot be recomputed without the validation rows: see result signatures";
    });
  }
  return runCheck("report", "verified", () => {
    expectThat(rounds !== null, "no rounds were certified");
    const spec = parseJobSpec(evidence.sections.spec);
    const last = decodeState(spec, hexToBytes(finalState));
    const table = valuation.kind === "byWeight" ? null : decodeValidation(hexToBytes(validation)).table;
    const made = reportOf(rounds, last, table, BigInt(valuation.utilities.at(-1) ?? "0"));
    expectThat(canonicalJson(made) === canonicalJson(report), "the report differs from the one recomputed");
    if (report.validation === null) return "it counts the rounds; there were no committed rows to validate on";
    const { auc, ks } = report.validation;
    return `AUC ${auc.toFixed(5)}, KS ${ks.toFixed(5)} recomputed on the validation rows`;
  });
}

/** SHA-256 of a state's bytes. */
export function hashOfState(hex: string): string {
  return sha256Hex(hexToBytes(hex));
}
