import hre from "hardhat";
import { connect } from "./test/contracts/chain.ts";
import { Job, termsOf } from "./test/contracts/market/job.ts";
import { openStage } from "./test/contracts/market/stage.ts";
await hre.tasks.getTask("build").run({ quiet: true });
const chain = await connect();
const stage = await openStage(chain, 3);
const txs: [string, any][] = [];
for (let i = 0; i < 6; i++) {
  const job = new Job(stage, termsOf(stage, { aggregation: 0, validationRoot: chain.ethers.id(`validation ${i}`) }));
  const apply = job.apply.bind(job);
  job.apply = async (step: string, sent: Promise<any>) => {
    const tx = await sent;
    await apply(step, Promise.resolve(tx));
    if (i === 5) txs.push([step, await tx.wait()]);
  };
  await job.toFinished(); await job.propose(); await job.settle();
}
let sum = 0;
const all: Record<string, number> = {};
for (const [step, receipt] of txs) {
  const tx = await chain.ethers.provider.getTransaction(receipt.hash);
  const data = Buffer.from(tx!.data.slice(2), "hex");
  const nz = data.filter((b) => b).length, z = data.length - nz;
  const trace: any = await chain.provider.request({ method: "debug_traceTransaction", params: [receipt.hash, { disableStorage: true, disableMemory: true, enableMemory: false }] });
  const logs = trace.structLogs;
  const g: Record<string, number> = {}; const c: Record<string, number> = {};
  for (let i = 0; i < logs.length; i++) {
    const l = logs[i]; const next = logs[i + 1];
    let cost = l.gasCost;
    if (/CALL|CREATE/.test(l.op) && l.op !== "CALLER" && l.op !== "CALLVALUE" && !/CALLDATA/.test(l.op)) {
      // overhead only: gas difference unexplained by inner
      if (next && next.depth > l.depth) { cost = l.gasCost; let j = i + 1; while (j < logs.length && logs[j].depth > l.depth) j++; const inner = logs.slice(i+1, j); 
        const used = l.gas - logs[j].gas; let innerCost = inner.length ? inner[0].gas - inner[inner.length-1].gas + inner[inner.length-1].gasCost : 0; cost = used - innerCost; }
      else if (next) cost = l.gas - next.gas;
    }
    const key = /^PUSH/.test(l.op) ? "PUSH" : /^DUP/.test(l.op) ? "DUP" : /^SWAP/.test(l.op) ? "SWAP" : /^LOG/.test(l.op) ? "LOG" : l.op;
    g[key] = (g[key] ?? 0) + cost; c[key] = (c[key] ?? 0) + 1;
  }
  const calldata = nz * 16 + z * 4;
  const stor = (g.SSTORE ?? 0) + (g.SLOAD ?? 0);
  const big = new Set(["SSTORE", "SLOAD", "LOG", "CALL", "STATICCALL", "DELEGATECALL", "KECCAK256", "SHA3"]);
  const compute = Object.entries(g).filter(([k]) => !big.has(k)).reduce((s, [, v]) => s + v, 0);
  console.log(step, Number(receipt.gasUsed), "data bytes", data.length, "nz", nz, "calldata", calldata, "LOG", g.LOG, "SSTORE", g.SSTORE, c.SSTORE, "SLOAD", g.SLOAD, c.SLOAD, "CALLs", (g.CALL ?? 0), (g.STATICCALL ?? 0), (g.DELEGATECALL ?? 0), "KECCAK", g.KECCAK256 ?? g.SHA3, "compute", compute);
  for (const [k, v] of Object.entries({ calldata, LOG: g.LOG, SSTORE: g.SSTORE, SLOAD: g.SLOAD, CALL: (g.CALL ?? 0) + (g.STATICCALL ?? 0) + (g.DELEGATECALL ?? 0), KECCAK: g.KECCAK256 ?? g.SHA3, compute, intrinsic: 21000 })) if (step !== "certify") all[k] = (all[k] ?? 0) + (v ?? 0);
  if (step !== "certify") sum += Number(receipt.gasUsed);
  console.log("   ", logs.filter((l: any) => l.op === "SSTORE").map((l: any) => l.gasCost).join(" "));
}
console.log(sum, all);
