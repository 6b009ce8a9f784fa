import { readFileSync } from "node:fs";
import { expect } from "chai";
import { lockProblems } from "../../scripts/checks/lockFile.ts";
import { fixture } from "./fixture.ts";

describe("lock file", () => {
  const read = (name: string) => JSON.parse(readFileSync(fixture("lock", name), "utf8"));
  const allowed = { allowScripts: { engine: true } };

  it("made on one platform is refused: places, missing integrity and missing parts are named", () => {
    expect(lockProblems(read("linuxOnly.json"), allowed, {})).to.deep.equal([
      "package-lock.json: node_modules/plain names a place in resolved; set omit-lockfile-registry-resolved",
      "package-lock.json: node_modules/plain has no integrity",
      "package-lock.json: engine needs @engine/linux-aarch64, which is not locked",
      "package-lock.json: engine needs @engine/darwin-x64, which is not locked",
      "package-lock.json: engine needs @engine/darwin-arm64, which is not locked",
      "package-lock.json: engine needs @engine/win32-x64, which is not locked",
      "package-lock.json: engine has no part for win32-arm64",
    ]);
  });

  it("may not name a place in any other field, but for where to send thanks", () => {
    const lock = read("whole.json");
    lock.packages["node_modules/plain"].version = "git+ssh://git@example.org/plain.git";
    expect(lockProblems(lock, allowed, {})).to.have.length(1);
  });

  it("may lack a platform that the package does not publish, until it does", () => {
    const lock = read("whole.json");
    delete lock.packages["node_modules/engine"].optionalDependencies["@engine/win32-arm64"];
    expect(lockProblems(lock, allowed, {})).to.have.length(1);
    expect(lockProblems(lock, allowed, { engine: ["win32-arm64"] })).to.deep.equal([]);
    expect(lockProblems(read("whole.json"), allowed, { engine: ["win32-arm64"] })).to.deep.equal([
      "scripts/checks/lockFile.ts: engine has a part for win32-arm64 now; take it off the table",
    ]);
  });

  it("may not forget the parts of a native package altogether", () => {
    const lock = read("whole.json");
    delete lock.packages["node_modules/engine"].optionalDependencies;
    expect(lockProblems(lock, allowed, { engine: [] })).to.have.length(1);
  });

  it("has an allowance in package.json for each install script, and no other", () => {
    expect(lockProblems(read("whole.json"), {}, {})).to.deep.equal(["package.json: allowScripts lacks engine"]);
    expect(lockProblems(read("whole.json"), { allowScripts: { engine: true, plain: true } }, {})).to.deep.equal([
      "package.json: allowScripts names plain, which has no script",
    ]);
  });

  it("with all parts and no place passes", () => {
    expect(lockProblems(read("whole.json"), allowed, {})).to.deep.equal([]);
  });
});
