import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, sep } from "node:path";
import { importsOf } from "./importDirection.ts";

/** Packages that offchain/ imports and package.json does not name among `dependencies`: an installed farshore lacks them. */
export function packageProblems(root: string): readonly string[] {
  const { name: own, dependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const declared = new Set([own, ...Object.keys(dependencies)]);
  const files = globSync("offchain/**/*.{ts,js}", { cwd: root }).sort();
  return files.flatMap((file) => {
    const names = importsOf(readFileSync(join(root, file), "utf8")).filter((name) => !name.startsWith("."));
    const missing = names.filter((name) => !isBuiltin(name) && !declared.has(packageOf(name)));
    const path = file.split(sep).join("/");
    return missing.map((name) => `${path} imports ${name}, which is not among the dependencies of package.json`);
  });
}

/** `@scope/name` or `name` of a module such as `@scope/name/part.js`. */
function packageOf(module: string): string {
  return module.split("/", module.startsWith("@") ? 2 : 1).join("/");
}
