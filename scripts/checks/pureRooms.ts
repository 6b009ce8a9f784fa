import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, join, sep } from "node:path";
import ts from "typescript";
import { pureRooms, seams } from "./rooms.ts";

/** What of node:crypto gives the same output for the same input; a cipher does for the same key and initialization vector. */
const deterministic = ["createHash", "hash", "createHmac", "hkdfSync", "timingSafeEqual", "createCipheriv"];

/** Globals that reach the clock, randomness, the process or the network; an empty list means every member does. */
const worldly: Readonly<Record<string, readonly string[]>> = {
  Date: ["now"],
  Math: ["random"],
  performance: [],
  process: [],
  console: [],
  crypto: [],
  globalThis: [],
};
const worldlyCalls = ["fetch", "setTimeout", "setInterval", "setImmediate", "Date"];
const worldlyClasses = ["WebSocket", "EventSource", "Worker"];

/** Uses of files, sockets, clocks and randomness in the pure rooms under `root`/offchain, but for the two seams. */
export function purityProblems(root: string): readonly string[] {
  const files = pureRooms.flatMap((room) => globSync(`offchain/${room}/**/*.ts`, { cwd: root }));
  return files
    .map((file) => file.split(sep).join("/"))
    .filter((file) => !seams.includes(file))
    .sort()
    .flatMap((file) => impurities(readFileSync(join(root, file), "utf8")).map((what) => `${file}: ${what}`));
}

/** What one source text of a pure room does that it may not, each as "line N uses …". Names that the text declares itself are its own. */
export function impurities(text: string): readonly string[] {
  const source = ts.createSourceFile("pure.ts", text, ts.ScriptTarget.Latest, true);
  const own = declaredNames(source);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const use = importedUse(node) ?? worldlyUse(node, own);
    if (use !== undefined) {
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push(`line ${line} uses ${use}; take it as an argument`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function declaredNames(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const declares = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    if ((declares || ts.isImportSpecifier(node)) && ts.isIdentifier(node.name)) names.add(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

function importedUse(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return "import()";
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  if (node.moduleSpecifier === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return undefined;
  const module = node.moduleSpecifier.text;
  const names = ts.isImportDeclaration(node) ? valueNames(node) : ["*"];
  if (seams.some((seam) => basename(seam) === basename(module)) && module.startsWith(".")) {
    return names.length > 0 ? `${names.join(", ")} of ${basename(module)}` : undefined;
  }
  if (!isBuiltin(module) || names.length === 0) return undefined;
  const crypto = module === "node:crypto" || module === "crypto";
  return crypto && names.every((name) => deterministic.includes(name)) ? undefined : `${names.join(", ")} of ${module}`;
}

/** Names that an import binds as values; "*" for a whole module. */
function valueNames({ importClause }: ts.ImportDeclaration): readonly string[] {
  if (importClause === undefined || importClause.name !== undefined) return ["*"];
  if (importClause.isTypeOnly) return [];
  const bindings = importClause.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return ["*"];
  return bindings.elements.filter((e) => !e.isTypeOnly).map((e) => (e.propertyName ?? e.name).text);
}

function worldlyUse(node: ts.Node, own: ReadonlySet<string>): string | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const members = own.has(node.expression.text) ? undefined : lookUp(node.expression.text);
    if (members === undefined || (members.length > 0 && !members.includes(node.name.text))) return undefined;
    return `${node.expression.text}.${node.name.text}`;
  }
  const called = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : undefined;
  if (called === undefined || !ts.isIdentifier(called) || own.has(called.text)) return undefined;
  if (ts.isCallExpression(node)) return worldlyCalls.includes(called.text) ? `${called.text}()` : undefined;
  const today = called.text === "Date" && ts.isNewExpression(node) && (node.arguments?.length ?? 0) === 0;
  return today || worldlyClasses.includes(called.text) ? `new ${called.text}` : undefined;
}

function lookUp(name: string): readonly string[] | undefined {
  return Object.hasOwn(worldly, name) ? worldly[name] : undefined;
}
