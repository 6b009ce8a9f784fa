import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { type DealingScope, type Dealt, validatorIndex } from "../../offchain/protocol/aggregation.ts";
import { decodeFrames, encodeFrames } from "../../offchain/protocol/frames.ts";
import { localUpdate } from "../../offchain/protocol/newtonJob.ts";
import { sharesAggregation } from "../../offchain/protocol/sharesAggregation.ts";
import { encodeUpdate } from "../../offchain/protocol/updateContent.ts";
import { openEnvelope } from "../../offchain/transport/envelope.ts";
import type { Delivery, Fault } from "./boards.ts";
import type { Federation } from "./federation.ts";
import { messageIn, resigned, saying, unsealed } from "./forge.ts";
import { trainingOf } from "./reference.ts";

/** What a dealer that lies may start from: its honest integers, and what its dealing is bound to. */
export interface Honest {
  readonly values: BigInt64Array;
  readonly scope: DealingScope;
  readonly job: JobRecord;
}

/** What it deals instead, to each seat: the same for all, or one thing to some and another to others. */
export type Lie = (honest: Honest) => (seat: number) => Dealt | Promise<Dealt>;

/**
 * A contributor whose dealing of one round is another one, made once: signed by it, and sealed to each seat in place of the honest
 * one.
 */
export function lyingDealer(
  f: Federation,
  name: string,
  round: number,
  lie: Lie,
): (d: Delivery) => Promise<Fault | undefined> {
  const envelopes = new Map<Uint8Array, Promise<Uint8Array>>();
  let dealt: ((seat: number) => Dealt | Promise<Dealt>) | undefined;
  return async (delivery) => {
    const message = delivery.from === name ? messageIn(delivery) : undefined;
    if (message?.kind !== "update" || message.round !== round) return undefined;
    dealt ??= lie(honestOf(f, name, round));
    const { common, parts } = await dealt(seatOf(f, delivery.to));
    const [honest] = decodeFrames(await unsealed(f.market, delivery, message), 2) as [Uint8Array, Uint8Array];
    const party = f.market.party(name);
    const envelope =
      envelopes.get(common) ?? resigned(party, openEnvelope(honest), encodeUpdate(indexOf(f, name), common));
    envelopes.set(common, envelope);
    const part = parts[seatOf(f, delivery.to)] as Uint8Array;
    return { bytes: await saying(f.market, delivery, message, encodeFrames([await envelope, part])) };
  };
}

/** Brings one seat so many more dealings of a round, each another one and well proven, right before or after its honest one. */
export function floodOfDealings(
  f: Federation,
  name: string,
  round: number,
  to: number,
  others: { readonly count: number; readonly when: "before" | "after" },
): (d: Delivery) => Promise<Fault | undefined> {
  let done = false;
  return async (delivery) => {
    const message = delivery.from === name ? messageIn(delivery) : undefined;
    if (message?.kind !== "update" || message.round !== round || seatOf(f, delivery.to) !== to || done)
      return undefined;
    done = true;
    const { values, scope, job } = honestOf(f, name, round);
    const party = f.market.party(name);
    const [honest] = decodeFrames(await unsealed(f.market, delivery, message), 2) as [Uint8Array, Uint8Array];
    const client = f.boards.clientsOf("another way", () => true)(f.market.party(delivery.to).endpoint);
    if (others.when === "after") await client.deliver((delivery.bytes as Uint8Array).slice());
    for (let i = 0; i < others.count; i++) {
      const { common, parts } = await sharesAggregation.deal(scope, values, job.terms, systemRandom);
      const envelope = await resigned(party, openEnvelope(honest), encodeUpdate(indexOf(f, name), common));
      const brought = encodeFrames([envelope, parts[to] as Uint8Array]);
      // Refused, as it should be: the sender is told.
      await client.deliver(await saying(f.market, delivery, message, brought)).catch(() => undefined);
    }
    return undefined;
  };
}

/** Brings seats other parts than the dealer dealt: `change` gets a part and its seat. */
export function changedParts(
  f: Federation,
  name: string,
  round: number,
  change: (part: Uint8Array, seat: number) => Uint8Array,
): (d: Delivery) => Promise<Fault | undefined> {
  return async (delivery) => {
    const message = delivery.from === name ? messageIn(delivery) : undefined;
    if (message?.kind !== "update" || message.round !== round) return undefined;
    const [envelope, part] = decodeFrames(await unsealed(f.market, delivery, message), 2) as [Uint8Array, Uint8Array];
    const changed = change(part, seatOf(f, delivery.to));
    return { bytes: await saying(f.market, delivery, message, encodeFrames([envelope, changed])) };
  };
}

/** A validator that brings some seats another dealing of the same round. */
export function secondValidation(
  f: Federation,
  seats: readonly number[],
  other: (job: JobRecord) => Promise<Dealt>,
): (d: Delivery) => Promise<Fault | undefined> {
  let dealt: Promise<{ envelope: Uint8Array; parts: readonly Uint8Array[] }> | undefined;
  return async (delivery) => {
    const message = delivery.from === "buyer" ? messageIn(delivery) : undefined;
    const job = f.job as JobRecord;
    if (message?.kind !== "validation" || !seats.includes(seatOf(f, delivery.to))) return undefined;
    const [honest] = decodeFrames(await unsealed(f.market, delivery, message), 2) as [Uint8Array, Uint8Array];
    dealt ??= other(job).then(async ({ common, parts }) => {
      const content = encodeUpdate(validatorIndex, common);
      return { envelope: await resigned(f.market.party("buyer"), openEnvelope(honest), content), parts };
    });
    const { envelope, parts } = await dealt;
    const part = parts[seatOf(f, delivery.to)] as Uint8Array;
    return { bytes: await saying(f.market, delivery, message, encodeFrames([envelope, part])) };
  };
}

/** Place of an oracle in the committee. */
export function seatOf(f: Federation, oracle: string): number {
  const { account } = f.market.party(oracle);
  return (f.job as JobRecord).seatAccounts.findIndex((a) => a.toLowerCase() === account);
}

/** The oracle in a seat. */
export function oracleAt(f: Federation, seat: number): string {
  const account = (f.job as JobRecord).seatAccounts[seat]?.toLowerCase();
  return f.market.parties.find((p) => p.account === account)?.name ?? "";
}

function indexOf(f: Federation, name: string): number {
  return f.market.listed.findIndex(({ party }) => party.name === name);
}

function honestOf(f: Federation, name: string, round: number): Honest {
  const job = f.job as JobRecord;
  const tables = f.market.listed.map(({ table }) => table);
  const { states } = trainingOf(f.specification, tables, round);
  const dealer = indexOf(f, name);
  const values = localUpdate(f.specification, round, states[round] as (typeof states)[number], tables[dealer] as never);
  const { chainId } = f.market.manifest;
  return { values, scope: { chainId, jobId: job.jobId, round, kind: "update", dealer }, job };
}
