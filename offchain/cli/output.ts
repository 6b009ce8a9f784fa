import { FarshoreError } from "../core/errors.ts";

/** How a command prints: lines for people, or one JSON object for scripts. */
export interface Output {
  readonly json: boolean;
  /** The command's answer: `lines` for people, `value` as JSON. */
  answer(value: object, lines: readonly string[]): void;
  /** What happens meanwhile; to standard error, so that answers can be piped. */
  progress(line: string): void;
}

/** Output to the terminal. */
export function terminal(json: boolean): Output {
  return {
    json,
    answer(value, lines) {
      process.stdout.write(json ? `${JSON.stringify(value, plain)}\n` : `${lines.join("\n")}\n`);
    },
    progress(line) {
      process.stderr.write(`${line}\n`);
    },
  };
}

/** Integers beyond 2^53 as decimal strings. */
export function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

/** A failure as people read it (what, who, what to do), or as JSON. Never a stack: those are for bugs. */
export function failureText(error: unknown, json: boolean): string {
  if (!(error instanceof FarshoreError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return json ? JSON.stringify({ error: { code: "unexpected", message: text } }) : `unexpected failure: ${text}`;
  }
  const { code, message, facts, remedy, party } = error;
  if (json) return JSON.stringify({ error: { code, message, facts, remedy, party } }, plain);
  const lines = [`error ${code}: ${message}`];
  if (party !== undefined) lines.push(`  at fault: ${party}`);
  if (remedy !== undefined) lines.push(`  what to do: ${remedy}`);
  return lines.join("\n");
}

/** Columns padded to their widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((w, row) => row.map((cell, i) => Math.max(w[i] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
