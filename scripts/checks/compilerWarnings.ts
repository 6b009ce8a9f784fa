import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Diagnostic {
  readonly severity: string;
  readonly errorCode?: string;
  readonly message: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number };
}

/** One run of the compiler: the sources that it read, by its own names, and what it said of them. */
export interface CompilerRun {
  readonly sources: Readonly<Record<string, { readonly content: string }>>;
  readonly evmVersion: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Names of own files begin so in the compiler's input; those of packages with `npm/`. */
const ownPrefix = "project/";
/** Code size: of contracts of tests, which no chain ever holds, it says nothing. That of the others has a check of its own. */
const codeSize = "5574";

/** Code beyond the limits of a chain (EIP-170, EIP-3860): tests run where there are none, and are never deployed. */
const sizeWarnings: readonly string[] = ["5574", "3860"];

/** The compiler runs whose records (Hardhat's build infos) lie in `folder`. Throws where there are none. */
export function compilerRuns(folder: string): readonly CompilerRun[] {
  const outputs = globSync("*.output.json", { cwd: folder }).sort();
  if (outputs.length === 0) throw new Error("no record of the compiler: run `npm run build` first");
  return outputs.map((output) => {
    const { input } = JSON.parse(readFileSync(join(folder, output.replace(".output.json", ".json")), "utf8"));
    const { errors } = JSON.parse(readFileSync(join(folder, output), "utf8")).output;
    return { sources: input.sources, evmVersion: input.settings.evmVersion, diagnostics: errors ?? [] };
  });
}

/**
 * What the compiler warned of in own files, and runs that were not for Berlin. A run also holds files that were compiled
 * again later, so a warning counts only where its run read the file as it stands in `root`.
 */
export function warningProblems(runs: readonly CompilerRun[], root: string): readonly string[] {
  const said = runs.flatMap((run) => [...targetProblems(run), ...diagnosticsOf(run, root)]);
  return [...new Set(said)];
}

function targetProblems({ evmVersion }: CompilerRun): readonly string[] {
  return evmVersion === "berlin"
    ? []
    : [`the contracts were built for ${evmVersion ?? "the compiler's default"}, not berlin`];
}

function diagnosticsOf({ sources, diagnostics }: CompilerRun, root: string): readonly string[] {
  return diagnostics.flatMap(({ severity, errorCode, message, sourceLocation }) => {
    if (severity === "info") return [];
    if (errorCode === codeSize && sourceLocation?.file.startsWith(`${ownPrefix}test/`) === true) return [];
    const words = `${severity} ${errorCode ?? ""}: ${message}`;
    if (sourceLocation === undefined) return [words];
    const { file, start } = sourceLocation;
    const path = file.slice(ownPrefix.length);
    if (path.startsWith("test/") && sizeWarnings.includes(errorCode ?? "")) return [];
    const content = sources[file]?.content;
    if (!file.startsWith(ownPrefix) || content === undefined || content !== present(join(root, path))) return [];
    const line = Buffer.from(content).subarray(0, start).toString("utf8").split("\n").length;
    return [`${path}:${line}: ${words}`];
  });
}

function present(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
