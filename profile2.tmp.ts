import hre from "hardhat";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { connect } from "./test/contracts/chain.ts";
import { Job, termsOf } from "./test/contracts/market/job.ts";
import { openStage } from "./test/contracts/market/stage.ts";
await hre.tasks.getTask("build").run({ quiet: true });
// artifacts by deployed bytecode length & metadata-insensitive: match by name of known addresses
const chain = await connect();
const stage: any = await openStage(chain, 3);
const names: Record<string, string> = {};
const put = (c: any, n: string) => { names[String(c.target).toLowerCase()] = n; };
put(stage.jobs, "JobMarket"); put(stage.opening, "JobOpening"); put(stage.ending, "JobEnding"); put(stage.registry, "ParticipantRegistry"); put(stage.assets, "AssetRegistry"); put(stage.usage, "UsageLedger"); put(stage.privacy, "PrivacyLedger"); put(stage.committee, "OracleCommittee"); put(stage.beacon, "BlockHashBeacon"); put(stage.rules, "RuleBook");
const infos: any[] = [];
for (const f of readdirSync("artifacts/build-info").filter((f) => f.endsWith(".output.json"))) infos.push([JSON.parse(readFileSync(`artifacts/build-info/${f}`, "utf8")), f]);
function find(name: string) {
  const art = JSON.parse(readFileSync(findArtifact(name), "utf8"));
  const info = infos.find(([, f]) => f.startsWith(art.buildInfoId))![0];
  const input = JSON.parse(readFileSync(`artifacts/build-info/${art.buildInfoId}.json`, "utf8"));
  const out = info.output.contracts[art.inputSourceName][name];
  const d = out.evm.deployedBytecode;
  const code = Buffer.from(art.deployedBytecode.slice(2), "hex");
  const idx = new Map<number, number>(); let i = 0, n = 0;
  while (i < code.length) { idx.set(i, n++); const op = code[i]!; i += op >= 0x60 && op <= 0x7f ? op - 0x5e : 1; }
  const map: any[] = []; let prev = ["0", "0", "-1"];
  for (const part of (d.sourceMap as string).split(";")) { const p = part.split(":"); prev = [0, 1, 2].map((k) => (p[k] ? p[k] : prev[k])) as any; map.push([Number(prev[0]), Number(prev[1]), Number(prev[2])]); }
  const ids: Record<number, string> = {};
  for (const [path, s] of Object.entries<any>(info.output.sources)) ids[s.id] = path;
  const src = (path: string) => input.input.sources[path].content as string;
  return { idx, map, ids, src };
}
function findArtifact(name: string): string {
  const hits = (readdirSync("artifacts", { recursive: true }) as string[]).filter((p) => p.endsWith(`/${name}.json`) && !p.includes("build-info"));
  return `artifacts/${hits[0]}`;
}
const infoOf: Record<string, any> = {};
const step0 = process.argv[2] ?? "start";
let target: any;
for (let i = 0; i < 6; i++) {
  const job = new Job(stage, termsOf(stage, { aggregation: 0, validationRoot: chain.ethers.id(`validation ${i}`) }));
  const apply = job.apply.bind(job);
  job.apply = async (step: string, sent: Promise<any>) => { const tx = await sent; await apply(step, Promise.resolve(tx)); if (i === 5 && step === step0) target = await tx.wait(); };
  await job.toFinished(); await job.propose(); await job.settle();
}
const trace: any = await chain.provider.request({ method: "debug_traceTransaction", params: [target.hash, { disableStorage: true, disableMemory: true }] });
const L = trace.structLogs; const stack: string[] = [String(stage.jobs.target).toLowerCase()];
const byLine: Record<string, number> = {}; const byContract: Record<string, number> = {};
for (let i = 0; i < L.length; i++) {
  const l = L[i], next = L[i + 1];
  let cost = l.gasCost;
  const isCall = /^(CALL|STATICCALL|DELEGATECALL)$/.test(l.op);
  if (isCall && next) {
    const to = "0x" + String(l.stack[l.stack.length - 2]).replace(/^0x/, "").padStart(64, "0").slice(-40);
    if (next.depth > l.depth) { let j = i + 1; while (j < L.length && L[j].depth > l.depth) j++; const a = L[i + 1], b = L[j - 1]; cost = l.gas - L[j].gas - (a.gas - b.gas + b.gasCost); stack[l.depth] = to.toLowerCase(); }
    else cost = l.gas - next.gas;
  }
  if (/^(SSTORE|SLOAD|LOG\d)$/.test(l.op) || isCall) { byContract["big ops"] = (byContract["big ops"] ?? 0) + cost; continue; }
  const name = names[stack[l.depth - 1]!] ?? stack[l.depth - 1]!;
  byContract[name] = (byContract[name] ?? 0) + cost;
  if (!names[stack[l.depth - 1]!]) continue;
  const info = (infoOf[name] ??= find(name));
  const m = info.map[info.idx.get(l.pc)];
  let key = `${name} ?`;
  if (m && m[2] >= 0 && info.ids[m[2]]) { const path = info.ids[m[2]]; const text = info.src(path); const line = text.slice(0, m[0]).split("\n").length; key = `${name} ${path.split("/").pop()}:${line} ${text.slice(m[0], m[0] + Math.min(m[1], 70)).split("\n")[0]}`; }
  byLine[key] = (byLine[key] ?? 0) + cost;
}
console.log(step0, Number(target.gasUsed), byContract);
for (const [k, v] of Object.entries(byLine).sort((a, b) => b[1] - a[1]).slice(0, Number(process.argv[3] ?? 45))) console.log(v, k);
