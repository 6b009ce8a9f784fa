import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..", "..");
const transport = join(root, "offchain", "transport");

function check(...options: string[]) {
  const script = join(root, "scripts", "generate", "proto.ts");
  return spawnSync(process.execPath, [script, "--check", ...options], { encoding: "utf8" });
}

describe("the generated messages", () => {
  it("a changed .proto file is noticed", () => {
    const proto = mkdtempSync(join(tmpdir(), "farshore-proto-test-"));
    cpSync(join(transport, "proto"), proto, { recursive: true });
    const file = join(proto, "board.proto");
    writeFileSync(file, readFileSync(file, "utf8").replace("bool known = 1;", "bool known = 2;"));
    const { status, stderr } = check("--proto", proto);
    expect(status).to.equal(1);
    expect(stderr).to.contain("stale: offchain/transport/generated/board_pb.ts");
    rmSync(proto, { recursive: true });
  });

  it("a superfluous generated file is noticed", () => {
    const out = mkdtempSync(join(tmpdir(), "farshore-proto-test-"));
    cpSync(join(transport, "generated"), out, { recursive: true });
    writeFileSync(join(out, "old_pb.ts"), "");
    expect(check("--out", out)).to.have.property("status", 1);
    rmSync(out, { recursive: true });
  });

  it("are those of the .proto file", () => {
    const { status, stderr } = check();
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
  });
});
