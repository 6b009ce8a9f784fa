import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keepOnce, kept } from "../../../offchain/sdk/keepOnce.ts";

const module = new URL("../../../offchain/sdk/keepOnce.ts", import.meta.url).href;
/** Files that two processes make at the same time, one after the other. */
const files = 40;
// Long enough that a file which shows up before it is whole would be read so.
const bytesEach = 200_000;

/** A process that waits for a sign, then makes each file of its own bytes, and prints the byte that came back, or -1 for a mixture: no file's. */
const maker = `
  import { existsSync } from "node:fs";
  import { keepOnce } from ${JSON.stringify(module)};
  const [folder, own] = process.argv.slice(1);
  process.stdout.write("ready\\n");
  while (!existsSync(folder + "/start"));
  const got = Array.from({ length: ${files} }, (_, i) => {
    const stood = keepOnce(folder + "/made-" + i, new Uint8Array(${bytesEach}).fill(Number(own)));
    return stood.length === ${bytesEach} && stood.every((byte) => byte === stood[0]) ? stood[0] : -1;
  });
  process.stdout.write(JSON.stringify(got) + "\\n");
`;

interface Maker {
  readonly ready: Promise<unknown>;
  readonly got: Promise<number[]>;
}

function startMaker(folder: string, own: number): Maker {
  const child = spawn(process.execPath, ["--input-type=module", "-e", maker, folder, String(own)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += String(chunk);
  });
  const got = once(child, "close").then(() => JSON.parse(said.split("\n")[1] ?? "null") as number[]);
  return { ready: once(child.stdout, "data"), got };
}

describe("bytes that are kept once", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "farshore-kept-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("throw an error that names the path where the folder takes no files, and nothing is there", () => {
    writeFileSync(join(folder, "file"), "");
    // Also for root, whom no permission stops: a folder that is none, and one that does not exist.
    for (const path of [join(folder, "file", "kept"), join(folder, "missing", "kept")]) {
      expect(() => keepOnce(path, Uint8Array.of(1)))
        .to.throw()
        .with.property("message")
        .that.includes(path);
    }
    expect(readdirSync(folder)).to.deep.equal(["file"]);
    expect(kept(join(folder, "missing", "kept"))).to.equal(undefined);
  });

  it("stay the first maker's: who comes later gets those, and its own are nowhere", () => {
    const path = join(folder, "kept");
    expect(keepOnce(path, Uint8Array.of(1, 2, 3))).to.deep.equal(Uint8Array.of(1, 2, 3));
    expect(keepOnce(path, Uint8Array.of(4, 5, 6, 7))).to.deep.equal(Uint8Array.of(1, 2, 3));
    expect(kept(path)).to.deep.equal(Uint8Array.of(1, 2, 3));
    expect(readdirSync(folder)).to.deep.equal(["kept"]);
  });

  it("can be read by their owner alone", () => {
    const path = join(folder, "kept");
    keepOnce(path, Uint8Array.of(1));
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("are the same for two processes that make them at once, whole, with nothing left beside", async function () {
    this.timeout(20_000);
    const makers = [1, 2].map((own) => startMaker(folder, own));
    await Promise.all(makers.map(({ ready }) => ready));
    writeFileSync(join(folder, "start"), "");
    const [one, other] = await Promise.all(makers.map(({ got }) => got));
    const names = Array.from({ length: files }, (_, i) => `made-${i}`);
    const stands = names.map((name) => readFileSync(join(folder, name))[0]);
    expect([one, other]).to.deep.equal([stands, stands]);
    expect(readdirSync(folder).sort()).to.deep.equal([...names, "start"].sort());
  });
});
