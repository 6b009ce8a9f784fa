interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What of package-lock.json is looked at. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What of package.json is looked at. */
export interface PackageFile {
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

/** Where the project must install. Windows on arm64 runs it in WSL2, as Linux, but most packages serve it directly too. */
export const platforms = [
  "linux-x64",
  "linux-arm64",
  "darwin-x64",
  "darwin-arm64",
  "win32-x64",
  "win32-arm64",
] as const;

/**
 * Platforms for which a package publishes no part at all. `node` is in no table: its install script fetches the part that
 * fits, and without scripts scripts/run.mjs brings a Node of its own.
 */
export const unpublished: Readonly<Record<string, readonly string[]>> = {
  "@nomicfoundation/edr": ["win32-arm64"],
  "@nomicfoundation/solidity-analyzer": ["win32-arm64"],
};

/** All that is wrong with a lock file: places, integrity, platform parts, and install scripts that package.json does not name. */
export function lockProblems(
  lock: LockFile,
  manifest: PackageFile,
  exceptions: Readonly<Record<string, readonly string[]>> = unpublished,
): readonly string[] {
  return [
    ...placeProblems(lock),
    ...integrityProblems(lock),
    ...platformProblems(lock, exceptions),
    ...scriptProblems(lock, manifest),
  ];
}

/** Packages bound to a place: npm would go there whatever registry is configured. */
function placeProblems({ packages }: LockFile): readonly string[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries(entry)
      .filter(([field, value]) => field === "resolved" || (field !== "funding" && /:\/\//.test(JSON.stringify(value))))
      .filter(() => entry.link !== true)
      .map(
        ([field]) =>
          `package-lock.json: ${path || "the root"} names a place in ${field}; set omit-lockfile-registry-resolved`,
      ),
  );
}

/** Packages whose content nothing vouches for. */
function integrityProblems({ packages }: LockFile): readonly string[] {
  return Object.entries(packages)
    .filter(([path, entry]) => path !== "" && entry.link !== true && entry.inBundle !== true)
    .filter(([, { integrity }]) => integrity === undefined)
    .map(([path]) => `package-lock.json: ${path} has no integrity`);
}

/** Platform parts that are not locked: npm leaves out, without a word, a part that its registry lacks. */
function platformProblems(
  { packages }: LockFile,
  exceptions: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const named = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => {
    const parts = Object.keys(optionalDependencies).filter((part) => platformOf(part) !== undefined);
    return parts.length > 1 ? [{ name: nameOf(path), parts }] : [];
  });
  const locked = new Set(Object.keys(packages).map(nameOf));
  return [
    ...named.flatMap(({ name, parts }) => missingParts(name, parts, locked, exceptions[name] ?? [])),
    ...Object.keys(exceptions)
      .filter((name) => locked.has(name) && !named.some((family) => family.name === name))
      .map(
        (name) => `package-lock.json: ${name} names no platform parts; has the lock been made on one platform only?`,
      ),
  ];
}

function missingParts(
  name: string,
  parts: readonly string[],
  locked: ReadonlySet<string>,
  absent: readonly string[],
): readonly string[] {
  const served = new Set(parts.map(platformOf));
  return [
    ...parts
      .filter((part) => !locked.has(part))
      .map((part) => `package-lock.json: ${name} needs ${part}, which is not locked`),
    ...platforms
      .filter((platform) => !served.has(platform) && !absent.includes(platform))
      .map((platform) => `package-lock.json: ${name} has no part for ${platform}`),
    ...absent
      .filter((platform) => served.has(platform))
      .map((platform) => `scripts/checks/lockFile.ts: ${name} has a part for ${platform} now; take it off the table`),
  ];
}

/** Packages with an install script that package.json does not allow, and allowances without such a package. */
function scriptProblems({ packages }: LockFile, { allowScripts = {} }: PackageFile): readonly string[] {
  const scripted = new Set(
    Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => nameOf(path)),
  );
  return [
    ...[...scripted]
      .filter((name) => !(name in allowScripts))
      .map((name) => `package.json: allowScripts lacks ${name}`),
    ...Object.keys(allowScripts)
      .filter((name) => !scripted.has(name))
      .map((name) => `package.json: allowScripts names ${name}, which has no script`),
  ];
}

/** `os-cpu` that a part's name tells, as in `@scope/edr-linux-arm64-gnu` or `@esbuild/darwin-x64`. */
function platformOf(part: string): string | undefined {
  const found = /(?:^|[/-])(linux|darwin|win32)-(x64|arm64|aarch64)(?:-|$)/.exec(part);
  return found === null ? undefined : `${found[1]}-${found[2] === "aarch64" ? "arm64" : found[2]}`;
}

function nameOf(path: string): string {
  return path.split("node_modules/").at(-1) ?? path;
}
