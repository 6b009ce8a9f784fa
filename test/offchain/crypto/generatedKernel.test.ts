import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { field61Sha256, field61Wasm } from "../../../offchain/crypto/generated/field61Wasm.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const module = join("offchain", "crypto", "generated", "field61Wasm.ts");

/** Exit code and output of the generator's comparison with the files under `out`. */
async function check(out: string): Promise<{ code: number; said: string }> {
  const args = ["scripts/generate/kernels.ts", "--check", "--out", out];
  const run = promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
  });
  return run.then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stderr }) => ({ code, said: stderr }),
  );
}

describe("the checked-in kernel", function () {
  this.timeout(120_000);

  it("has the hash that stands beside it", () => {
    const hash = createHash("sha256").update(Buffer.from(field61Wasm, "base64")).digest("hex");
    expect(field61Sha256).to.equal(`0x${hash}`);
  });

  it("is what its source compiles to now; another byte is stale, and so is none", async () => {
    const out = mkdtempSync(join(tmpdir(), "farshore-stale-kernel-"));
    try {
      mkdirSync(dirname(join(out, module)), { recursive: true });
      expect(await check(out)).to.have.property("code", 1);
      cpSync(join(root, module), join(out, module));
      expect(await check(out)).to.deep.equal({ code: 0, said: "" });
      const text = readFileSync(join(out, module), "utf8");
      writeFileSync(join(out, module), text.replace("AGFzbQEAAAAB", "AGFzbQEAAAAC"));
      const { code, said } = await check(out);
      expect([code, said.includes("stale"), said.includes("kernels.ts")]).to.deep.equal([1, true, true]);
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
