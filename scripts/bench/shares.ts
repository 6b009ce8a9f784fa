import { sha256 } from "../../offchain/core/hash.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { acceptPart, type Committee, type DealingProof, deal, encodeProof } from "../../offchain/crypto/dealing.ts";
import { addVectors, type FieldVector } from "../../offchain/crypto/field61.ts";
import * as reference from "../../offchain/crypto/fieldReference.ts";
import { lagrangeWeights } from "../../offchain/crypto/fieldScalar.ts";
import { type EncryptionKey, generateEncryptionKey, open } from "../../offchain/crypto/seal.ts";
import type { Figure } from "../bench.ts";
import { figure, median } from "./measure.ts";
import { context, info, memoryFigures, sealedParts, updateOf } from "./sharesMemory.ts";

const lengths = [10_000, 100_000, 1_000_000];
const contributors = [3, 10, 50];
const committees: readonly Committee[] = [
  { k: 5, t: 2 },
  { k: 10, t: 3 },
];
/** Bars of targets.md, for 1 000 000 values and (5,2): sealed dealing, and accept + sum of ten contributors. */
const bars = { values: 1_000_000, seats: 5, contributors: 10, dealMs: 60, acceptMs: 300 };
/** A time that grows by more than this beside what it should is not linear; caches alone give some tenths. */
const linear = 1.5;

/** Secret sharing of updates: time per party, bytes, memory and growth, beside the plain TypeScript reference. */
export async function sharesFigures(): Promise<Figure[]> {
  // First: on Linux a process starts with its parent's peak of memory, which must still be small.
  const memory = memoryFigures();
  const key = await generateEncryptionKey(systemRandom);
  const figures: Figure[] = [];
  const times = new Map<string, number>();
  for (const committee of committees) {
    for (const length of lengths) figures.push(...(await timesAt(committee, length, key, times)));
  }
  return [...figures, ...growth(times), ...memory, plainBaseline()];
}

async function timesAt(
  committee: Committee,
  length: number,
  key: EncryptionKey,
  times: Map<string, number>,
): Promise<Figure[]> {
  const { k, t } = committee;
  const secret = updateOf(length);
  const at = `${length} values, (${k},${t})`;
  const atBar = length === bars.values && k === bars.seats;
  const runs = length === bars.values ? 7 : 15;
  const dealing = deal(context, secret, committee, systemRandom);
  const sealed = await sealedParts(dealing.parts, key);
  const sent = sealed.reduce((sum, part) => sum + part.length, encodeProof(dealing.proof).length * k);
  const dealMs = median(() => deal(context, secret, committee, systemRandom), runs);
  times.set(`deal ${k} ${length}`, dealMs);
  const sealedMs = await asyncMedian(async () => {
    await sealedParts(deal(context, secret, committee, systemRandom).parts, key);
  }, runs);
  const openMs = await asyncMedian(
    () => open({ privateKey: key.privateKey, info, sealed: sealed[k - 1] as Uint8Array }),
    runs,
  );
  return [
    figure(`deal + prove, ${at}`, dealMs, "ms", null),
    figure(`deal + prove + seal, ${at}`, sealedMs, "ms", atBar ? bars.dealMs : null),
    figure(`sent by a contributor, ${at}`, sent / length, "bytes a value", null),
    figure(`open one sealed part, ${at}`, openMs, "ms", null),
    ...contributors.map((n) => {
      const ms = acceptAndSum(n, dealing, committee, length);
      times.set(`accept ${k} ${length} ${n}`, ms);
      const bar = atBar && n === bars.contributors ? bars.acceptMs : null;
      return figure(`accept + sum of ${n}, ${at}`, ms, "ms", bar);
    }),
  ];
}

/** Time in which the last seat accepts `n` parts and adds them. More than ten are the same ten again: 80 MB, more than caches hold. */
function acceptAndSum(
  n: number,
  dealing: { proof: DealingProof; parts: Uint8Array[] },
  committee: Committee,
  length: number,
) {
  const seat = committee.k - 1;
  const copies = Array.from({ length: Math.min(n, 10) }, () => (dealing.parts[seat] as Uint8Array).slice());
  return median(
    () => {
      const shares = Array.from({ length: n }, (_, i) =>
        acceptPart(context, committee, dealing.proof, seat, copies[i % copies.length] as Uint8Array, length),
      );
      return addVectors(shares);
    },
    n > 10 ? 3 : 5,
  );
}

async function asyncMedian(run: () => Promise<unknown>, times: number): Promise<number> {
  await run();
  const took: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run();
    took.push(performance.now() - start);
  }
  return took.sort((a, b) => a - b)[times >> 1] as number;
}

/** Time beside ten times that of a tenth of the values, and beside five times that of a fifth of the contributors. */
function growth(times: ReadonlyMap<string, number>): Figure[] {
  const ratio = (large: string, small: string, factor: number) =>
    (times.get(large) as number) / (factor * (times.get(small) as number));
  return committees.flatMap(({ k, t }) => [
    figure(
      `growth of a dealing, 100 000 to 1 000 000, (${k},${t})`,
      ratio(`deal ${k} 1000000`, `deal ${k} 100000`, 10),
      "x linear",
      linear,
    ),
    figure(
      `growth of accept + sum, 10 to 50 contributors, (${k},${t})`,
      ratio(`accept ${k} 1000000 50`, `accept ${k} 1000000 10`, 5),
      "x linear",
      linear,
    ),
  ]);
}

/** The dealing of 10 000 values at (5,2) beside the same work in plain BigInt. */
function plainBaseline(): Figure {
  const secret = updateOf(10_000);
  const ours = median(() => deal(context, secret, { k: 5, t: 2 }, systemRandom));
  const plain = median(() => plainDealing(secret), 3);
  return figure("deal + prove, 10000 values, beside plain TypeScript", ours, "ms", null, plain);
}

function plainDealing(secret: FieldVector): bigint[] {
  const known = [secret, ...[1, 2].map(() => reference.expandSeed(systemRandom(32), secret.length))];
  const others = [3, 4, 5].map((x) => reference.linearCombination(lagrangeWeights([0, 1, 2], x), known));
  const roots = others.map((vector) => sha256(new Uint8Array(vector.buffer)));
  const challenges = [0, 1].map((a) => reference.expandSeed(roots[a] as Uint8Array, secret.length));
  return challenges.flatMap((challenge) => known.map((vector) => reference.innerProduct(challenge, vector)));
}
