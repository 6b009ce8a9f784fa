import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const script = join(import.meta.dirname, "..", "..", "..", "scripts", "generate", "abi.ts");

describe("generated ABIs", () => {
  let artifacts: string;
  let out: string;

  function artifact(contractName: string, abi: object[], bytecode = "0x"): void {
    const folder = join(artifacts, `${contractName}.sol`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${contractName}.json`), JSON.stringify({ contractName, abi, bytecode }));
  }
  function run(...options: string[]) {
    const { status, stderr } = spawnSync(
      process.execPath,
      [script, "--artifacts", artifacts, "--out", out, ...options],
      {
        encoding: "utf8",
      },
    );
    return { status, stderr };
  }

  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), "farshore-abi-"));
    [artifacts, out] = [join(folder, "artifacts"), join(folder, "generated")];
    artifact("ICommitRevealBeacon", [
      { type: "error", name: "Beacon_Lost", inputs: [] },
      { type: "function", name: "next", inputs: [] },
    ]);
  });

  it("are stale when one is missing, changed, or belongs to no contract; the stale file is named", () => {
    expect(run("--check")).to.deep.include({ status: 1 });
    expect(run()).to.include({ status: 0 });
    expect(run("--check")).to.include({ status: 0 });
    const file = join(out, "commitRevealBeacon.ts");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
    expect(run("--check").stderr).to.include("commitRevealBeacon.ts");
    run();
    writeFileSync(join(out, "forgotten.ts"), "");
    const checked = run("--check");
    expect(checked.status).to.equal(1);
    expect(checked.stderr).to.include("forgotten.ts");
    run();
    expect(readdirSync(out)).to.deep.equal(["commitRevealBeacon.ts"]);
  });

  it("are stale when the contract changed", () => {
    run();
    artifact("ICommitRevealBeacon", [{ type: "function", name: "previous", inputs: [] }]);
    expect(run("--check").status).to.equal(1);
  });

  it("come from the contract where it exists, with the errors that only its interface declares", () => {
    artifact(
      "CommitRevealBeacon",
      [
        { type: "function", name: "next", inputs: [] },
        { type: "function", name: "more", inputs: [] },
      ],
      "0x60",
    );
    run();
    const text = readFileSync(join(out, "commitRevealBeacon.ts"), "utf8");
    expect(text).to.include('"more"').and.to.include("Beacon_Lost");
    expect(text.match(/"next"/g)).to.have.length(1);
  });

  it("are not made without compiled contracts", () => {
    artifacts = join(artifacts, "nowhere");
    const { status, stderr } = run();
    expect(status).to.equal(1);
    expect(stderr).to.include("npm run build");
  });
});
