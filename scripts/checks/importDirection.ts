import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import ts from "typescript";
import { mayImport, tierOf } from "./rooms.ts";

/** Programs that are not production code of the rooms: nothing under offchain/ may need them. */
const outside = ["scripts", "test", "deploy"];

/**
 * Imports that point the wrong way: from a room to a later or neighbouring one, from offchain/ or deploy/ to scripts/ or
 * test/, and rooms that no tier names. Type imports count too. Paths are relative to `root`.
 */
export function importProblems(root: string): readonly string[] {
  const files = globSync(["offchain/**/*.{ts,js}", "deploy/**/*.ts"], { cwd: root }).map(slashes).sort();
  return files.flatMap((file) => {
    if (file.startsWith("offchain/") && tierOf(roomOf(file)) < 0) {
      return [`${file}: ${roomOf(file)} is no known room; give it a tier in scripts/checks/rooms.ts`];
    }
    return relativeImports(root, file).flatMap((target) => problemOf(file, target));
  });
}

/** Modules that a source text names, in static, dynamic, type and re-exporting imports. */
export function importsOf(text: string): readonly string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
}

function relativeImports(root: string, file: string): readonly string[] {
  return importsOf(readFileSync(join(root, file), "utf8"))
    .filter((name) => name.startsWith("."))
    .map((name) => slashes(normalize(join(dirname(file), name))));
}

function problemOf(file: string, target: string): readonly string[] {
  const folder = target.split("/")[0] ?? "";
  if (file.startsWith("deploy/")) {
    return folder === "scripts" || folder === "test"
      ? [`${file} imports ${target}: deployment needs no ${folder}/`]
      : [];
  }
  if (outside.includes(folder)) return [`${file} imports ${target}: production code needs no ${folder}/`];
  if (folder !== "offchain" || mayImport(roomOf(file), roomOf(target))) return [];
  return [`${file} imports ${target}: ${roomOf(file)} may not import ${roomOf(target)}`];
}

function roomOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
