import { spawnSync } from "node:child_process";
import { systemRandom } from "../../offchain/core/rng.ts";
import { acceptPart, type DealingContext, deal } from "../../offchain/crypto/dealing.ts";
import { addVectors, type FieldVector, toField } from "../../offchain/crypto/field61.ts";
import { type EncryptionKey, generateEncryptionKey, open, seal } from "../../offchain/crypto/seal.ts";
import type { Figure } from "../bench.ts";
import { figure } from "./measure.ts";

const values = 1_000_000;
/** Bar of targets.md: memory per contributor, in updates. */
const bar = 3;
/** What the benchmark's dealings are bound to. */
export const context: DealingContext = {
  chainId: 1337,
  jobId: `0x${"77".repeat(32)}`,
  round: 1,
  kind: "update",
  dealer: 0,
};
/** What the benchmark's sealed parts are bound to. */
export const info = new TextEncoder().encode("job, round, from, to");

/** A vector like an update: signed values of some 30 bits. */
export function updateOf(length: number): FieldVector {
  return toField(BigInt64Array.from({ length }, (_, i) => BigInt(((i * 7919) % 2_000_003) - 1_000_001) * 1000n));
}

/** Every part sealed to one key. */
export async function sealedParts(parts: readonly Uint8Array[], { publicKey }: EncryptionKey): Promise<Uint8Array[]> {
  return Promise.all(parts.map((plaintext) => seal({ to: publicKey, info, plaintext, random: systemRandom })));
}

type Role = "deal" | "dealAndSeal" | "oracle";

/**
 * Resident memory at its peak, of processes of their own: a contributor that deals, or deals and seals, beside one that only has its
 * update; and an oracle that opens, accepts and adds 13 parts beside one with 3, per contributor. In updates of 8 bytes a value.
 * What the collector has not taken yet counts: the system has to have it.
 */
export function memoryFigures(): Figure[] {
  const update = 8 * values;
  const idle = peak("deal", 0);
  const growing = (peak("oracle", 13) - peak("oracle", 3)) / (10 * update);
  return [
    figure("memory of an oracle per contributor, 1000000 values, (5,2)", growing, "updates", bar),
    figure("memory to deal + prove, 1000000 values, (5,2)", (peak("deal", 1) - idle) / update, "updates", bar),
    figure(
      "memory to deal + prove + seal, 1000000 values, (5,2)",
      (peak("dealAndSeal", 1) - idle) / update,
      "updates",
      bar,
    ),
  ];
}

function peak(role: Role, count: number): number {
  const program = `const { runForPeak } = await import(${JSON.stringify(import.meta.url)}); await runForPeak("${role}", ${count});`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the process that measures memory ended with ${status}: ${stderr}`);
  return Number(stdout);
}

/** Does one role's work `count` times for 1 000 000 values at (5,2) and prints the process's peak of resident memory in bytes. */
export async function runForPeak(role: Role, count: number): Promise<void> {
  const key = await generateEncryptionKey(systemRandom);
  const secret = updateOf(values);
  if (role === "oracle") await openAndAdd(secret, count, key);
  else {
    for (let i = 0; i < count; i++) {
      const { parts } = deal(context, secret, { k: 5, t: 2 }, systemRandom);
      if (role === "dealAndSeal") await sealedParts(parts, key);
    }
  }
  // maxRSS is in kB.
  process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
}

async function openAndAdd(secret: FieldVector, count: number, key: EncryptionKey): Promise<FieldVector> {
  const committee = { k: 5, t: 2 };
  const { proof, parts } = deal(context, secret, committee, systemRandom);
  const sealed = (await sealedParts(parts, key))[4] as Uint8Array;
  const shares: FieldVector[] = [];
  for (let i = 0; i < count; i++) {
    const part = await open({ privateKey: key.privateKey, info, sealed });
    shares.push(acceptPart(context, committee, proof, 4, part, values));
  }
  return addVectors(shares);
}
