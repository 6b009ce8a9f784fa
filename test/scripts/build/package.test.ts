import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { release } from "../../../offchain/core/release.ts";
import { releaseCodeHash } from "../../../offchain/protocol/codeHash.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

function run(command: string, args: readonly string[], cwd: string, shell = false): string {
  const env = { ...process.env, NODE_NO_WARNINGS: "1" };
  const { status, stdout, stderr } = spawnSync(command, [...args], { cwd, encoding: "utf8", shell, env });
  expect(status, `${command} ${args.join(" ")}\n${stdout}${stderr}`).to.equal(0);
  return stdout;
}

/** Builds the package's JavaScript into a copy of what npm reads, and returns the paths that npm would pack. */
function pack(folder: string): string[] {
  for (const file of ["package.json", "README.md", "LICENSE"]) cpSync(join(root, file), join(folder, file));
  const build = [join(root, "scripts", "build.ts"), "--package", "--unchecked", "--out", join(folder, "dist")];
  run(process.execPath, build, root);
  const npm = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"];
  const [{ files }] = JSON.parse(run("npm", npm, folder, process.platform === "win32"));
  return files.map(({ path }: { path: string }) => path);
}

/** Lays the packed files out as an installation does, with the declared dependencies and no others beside them. */
function install(from: string, files: readonly string[], app: string): string {
  const installed = join(app, "node_modules", manifest.name);
  for (const file of files) cpSync(join(from, file), join(installed, file));
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(app, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(app, "node_modules", name), "junction");
  }
  return installed;
}

describe("the installed package", function () {
  this.timeout(60_000);
  let folder: string;
  let app: string;
  let files: string[];
  let program: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "farshore-package-"));
    app = join(folder, "app");
    mkdirSync(join(folder, "source"));
    files = pack(join(folder, "source"));
    program = join(install(join(folder, "source"), files, app), manifest.bin.farshore);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds JavaScript, its types, licence and README, and no TypeScript that Node would have to strip", () => {
    expect(files).to.include.members(["LICENSE", "README.md", "package.json", "dist/offchain/cli/farshore.js"]);
    const others = files.filter((file) => !/^(LICENSE|README\.md|package\.json|dist\/.*\.(js|d\.ts))$/.test(file));
    expect(others).to.deep.equal([]);
  });

  it("prints its help from the folder of whoever calls it", () => {
    const help = run(process.execPath, [program, "--help"], folder);
    expect(help).to.include("Usage: farshore").and.to.include("audit").and.to.include("participant");
  });

  it("is the release that the sources are, with the same code hash", () => {
    const answer = JSON.parse(run(process.execPath, [program, "--json", "version"], folder));
    expect(answer).to.deep.include({ ...release, codeHash: releaseCodeHash });
    expect(release.version).to.equal(manifest.version);
  });

  it("gives a program the sdk, and keeps the rooms that are nobody else's", () => {
    writeFileSync(
      join(app, "buyer.mjs"),
      `import { openSession } from "${manifest.name}/sdk/session";
       const closed = await import("${manifest.name}/node/daemon").catch(({ code }) => code);
       console.log(typeof openSession, closed);`,
    );
    expect(run(process.execPath, ["buyer.mjs"], app).trim()).to.equal("function ERR_PACKAGE_PATH_NOT_EXPORTED");
  });
});
