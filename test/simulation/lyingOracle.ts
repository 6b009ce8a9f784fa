import type { Hex } from "../../offchain/core/bytes.ts";
import { sha256Hex } from "../../offchain/core/hash.ts";
import { type ShareKind, shareKindName } from "../../offchain/core/tables/shareKinds.ts";
import { encodeField } from "../../offchain/crypto/field61.ts";
import { modPrime } from "../../offchain/crypto/fieldScalar.ts";
import { readRelease } from "../../offchain/node/oracle/releases.ts";
import { decodeAttestation, encodeAttestation } from "../../offchain/protocol/attestations.ts";
import { encodeFrames } from "../../offchain/protocol/frames.ts";
import { openEnvelope, type SignedMessage } from "../../offchain/transport/envelope.ts";
import type { Delivery, Fault, Faults } from "./boards.ts";
import type { Federation } from "./federation.ts";
import { messageIn, resigned, saying, statedBy, unsealed } from "./forge.ts";
import { seatOf } from "./lyingDealer.ts";

/** A message as tests tell oracles' messages apart: an attestation's type, the kind of a share, else the message's kind. */
export async function kindOf(f: Federation, delivery: Delivery): Promise<string | undefined> {
  const message = messageIn(delivery);
  if (message === undefined) return undefined;
  if (message.kind === "attestation") return decodeAttestation(message.content).kind;
  if (message.kind !== "share") return message.kind;
  return shareKindName(readRelease(await unsealed(f.market, delivery, message)).statement.kind);
}

/** Oracles that release other shares of one kind and round, signed as their own: `off` by a seat's amount in each place. */
export function wrongShares(
  f: Federation,
  liars: readonly string[],
  kind: ShareKind,
  round: number,
  off: (seat: number) => bigint = () => 1n,
): Faults {
  return async (delivery): Promise<Fault | undefined> => {
    const message = liars.includes(delivery.from) ? messageIn(delivery) : undefined;
    if (message?.kind !== "share" || message.round !== round || (await kindOf(f, delivery)) !== kind) return undefined;
    return released(f, delivery, message, ({ statement, values }) => {
      const wrong = values.map((value) => modPrime(value + off(seatOf(f, delivery.from))));
      return { statement: { ...statement, valuesHash: sha256Hex(encodeField(wrong)) }, values: wrong };
    });
  };
}

/** An oracle that releases its true shares of one round's sum under a digest of other rounds than the chain certified. */
export function sharesForOtherRounds(f: Federation, liar: string, round: number, roundsDigest: Hex): Faults {
  return async (delivery): Promise<Fault | undefined> => {
    const message = delivery.from === liar ? messageIn(delivery) : undefined;
    if (message?.kind !== "share" || message.round !== round || (await kindOf(f, delivery)) !== "sum") return undefined;
    return released(f, delivery, message, ({ statement, values }) => {
      return { statement: { ...statement, roundsDigest }, values };
    });
  };
}

type Said = Pick<ReturnType<typeof readRelease>, "statement" | "values">;

/** A release as its own seat would sign it if it had said something else. */
async function released(
  f: Federation,
  delivery: Delivery,
  message: SignedMessage,
  change: (said: Said) => Said,
): Promise<Fault> {
  const inner = await unsealed(f.market, delivery, message);
  const { statement, values } = change(readRelease(inner));
  const party = f.market.party(delivery.from);
  const said = statedBy(f.market, party, { kind: "ShareStatement", message: statement });
  const lie = await resigned(party, openEnvelope(inner), encodeFrames([said, encodeField(values)]));
  return { bytes: await saying(f.market, delivery, message, lie) };
}

/** An oracle that sends other values than those that its signed statement hashes: one statement for two sums. */
export function valuesBesideStatement(f: Federation, liar: string, round: number): Faults {
  return async (delivery): Promise<Fault | undefined> => {
    const message = delivery.from === liar ? messageIn(delivery) : undefined;
    if (message?.kind !== "share" || message.round !== round) return undefined;
    const inner = await unsealed(f.market, delivery, message);
    const { statement, signature, values } = readRelease(inner);
    const said = encodeAttestation({ kind: "ShareStatement", message: statement, signature });
    const content = encodeFrames([said, encodeField(values.map((value) => modPrime(value + 1n)))]);
    const lie = await resigned(f.market.party(liar), openEnvelope(inner), content);
    return { bytes: await saying(f.market, delivery, message, lie) };
  };
}

/** An oracle that signs another state beside its own, and brings each seat the false statement first. */
export function twoStates(f: Federation, liar: string, round: number): Faults {
  return async (delivery) => {
    const message = delivery.from === liar ? messageIn(delivery) : undefined;
    const said = message?.kind === "attestation" ? decodeAttestation(message.content) : undefined;
    if (message === undefined || said?.kind !== "StateAttestation" || message.round !== round) return undefined;
    const party = f.market.party(liar);
    const stateHash = `0x${"66".repeat(32)}` as const;
    const other = statedBy(f.market, party, { kind: "StateAttestation", message: { ...said.message, stateHash } });
    const client = f.boards.clientsOf("another way", () => true)(f.market.party(delivery.to).endpoint);
    await client.deliver(await resigned(party, message, other));
    return undefined;
  };
}

/** The first of several faults that a message meets. */
export function firstOf(...all: readonly Faults[]): Faults {
  return async (delivery) => {
    for (const faults of all) {
      const fault = await faults(delivery);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** Holds back what others than `early` send of one kind: so that the lies of `early` come first everywhere. */
export function lateBut(f: Federation, early: readonly string[], kind: string): Faults {
  return async (delivery) => {
    if (early.includes(delivery.from) || (await kindOf(f, delivery)) !== kind) return undefined;
    return { delayMs: 300 };
  };
}
