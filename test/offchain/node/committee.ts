import type { Logger } from "pino";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../../../offchain/core/bytes.ts";
import { type Clock, systemClock } from "../../../offchain/core/clock.ts";
import { systemRandom } from "../../../offchain/core/rng.ts";
import { generateEncryptionKey } from "../../../offchain/crypto/seal.ts";
import { addressOfKey, signDigest } from "../../../offchain/crypto/secp256k1.ts";
import type { NodeContext } from "../../../offchain/node/context.ts";
import { Ledger } from "../../../offchain/node/ledger.ts";
import type { JobView, Network, Party } from "../../../offchain/node/network.ts";
import { PeerCalls } from "../../../offchain/node/peerCalls.ts";
import { Retry } from "../../../offchain/node/retry.ts";
import { Store } from "../../../offchain/node/store.ts";
import type { Keys } from "../../../offchain/party/keys.ts";
import {
  type Attestable,
  type Attestation,
  type AttestationKind,
  attestationDigest,
  encodeAttestation,
} from "../../../offchain/protocol/attestations.ts";
import { specBytes } from "../../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../../offchain/protocol/jobTerms.ts";
import type { BoardClient } from "../../../offchain/transport/client.ts";
import { signEnvelope } from "../../../offchain/transport/envelope.ts";
import { specFixture } from "../protocol/specFixture.ts";

export const domain = { chainId: 1337, market: `0x${"0b".repeat(20)}` as Address };
export const jobId: Hex = `0x${"0c".repeat(32)}`;
export const spec = specFixture();

/** A party of the tests: its operator key is a small number, its account that number too. */
export interface TestParty extends Party {
  readonly keys: Keys;
}

async function partyOf(number: number): Promise<TestParty> {
  const operatorKey = new Uint8Array(32).fill(0);
  operatorKey[31] = number;
  const encryption = await generateEncryptionKey(systemRandom);
  const account: Address = `0x${number.toString(16).padStart(40, "0")}`;
  return {
    account,
    operator: addressOfKey(operatorKey).toLowerCase() as Address,
    encryptionKey: bytesToHex(encryption.publicKey),
    endpoint: `board-${number}`,
    ...{ roles: 0, active: true },
    keys: { account: operatorKey, operator: operatorKey, encryption, salt: operatorKey },
  };
}

/** Five oracles with a seat, two more without, three banks and a buyer. */
export async function makeTestParties() {
  const numbered = (from: number, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => partyOf(from + i)));
  const [seats, bystanders, banks] = await Promise.all([numbered(11, 5), numbered(31, 2), numbered(21, 3)]);
  return { seats, bystanders, banks, buyer: await partyOf(41) };
}
export type TestParties = Awaited<ReturnType<typeof makeTestParties>>;

/** A running job of the fixture's specification with all five seats and three contributors. */
export function jobView(parties: TestParties, change: Partial<JobView> = {}): JobView {
  return {
    ...{ jobId, buyer: parties.buyer.account, state: "Running", deadline: 2_000_000_000 },
    terms: termsOfSpec(spec),
    termsHash: `0x${"03".repeat(32)}`,
    contributors: parties.banks.map(({ account }, i) => ({
      ...{ account, group: i + 1, consents: 0 },
      datasetRoot: `0x${"04".repeat(32)}` as const,
      populationId: `0x${String(i + 1).repeat(64)}` as Hex,
    })),
    seats: parties.seats.map(({ account, operator }) => ({ account, operator })),
    ...{ sets: [], finished: null, result: null, signers: 0n, beaconRound: 1n },
    ...change,
  };
}

/** What tests change of a node; boards are found by their endpoint. */
export interface NodeParts {
  readonly boards?: Readonly<Record<string, Partial<BoardClient>>>;
  readonly network?: Partial<Network>;
  readonly clock?: Clock;
  readonly wake?: (jobId: Hex) => void;
}

/** The context of one party's node: everything real in memory but chain and boards, which are the test's. */
export function nodeOf(me: TestParty, parties: TestParties, parts: NodeParts = {}): NodeContext {
  const { boards = {}, network = {}, clock = systemClock, wake = () => undefined } = parts;
  const all = [...parties.seats, ...parties.bystanders, ...parties.banks, parties.buyer];
  const log = Object.fromEntries(["debug", "info", "warn", "error"].map((level) => [level, () => undefined]));
  const retry = new Retry(clock);
  const store = new Store(":memory:");
  store.putDocument(termsOfSpec(spec).specHash, specBytes(spec));
  const known = {
    grace: 60,
    now: () => Number(clock.nowSeconds()),
    sync: async () => undefined,
    party: async (account: Address) => all.find((p) => p.account === account) as Party,
    partyOfOperator: async (operator: Address) => all.find((p) => p.operator === operator),
    oracles: async () => [...parties.seats, ...parties.bystanders],
  };
  return {
    config: { home: "/nowhere", rankDelayMs: 1000, roles: ["oracle"], assets: [] },
    ...{ keys: me.keys, me: { account: me.account, operator: me.operator }, domain },
    ...{ network: { ...known, ...network }, store, retry, ledger: new Ledger(":memory:") },
    calls: new PeerCalls({ retry, clock, log: log as unknown as Logger, onBack: wake }),
    ...{ clock, random: systemRandom, log, wake },
    ...{ specs: new Map([[jobId, spec]]), attestations: new Map(), dealings: new Map(), evidence: new Map() },
    ...{ certified: new Map(), scorings: new Map(), done: new Set(), observe: () => undefined },
    turns: new Map(),
    board: (url: string) => boards[url] as BoardClient,
  } as unknown as NodeContext;
}

/** A statement in its signer's envelope, as boards hold it. */
export async function stated<K extends AttestationKind>(
  signer: TestParty,
  kind: K,
  round: number,
  message: Attestable[K],
): Promise<Uint8Array> {
  const sign = (digest: Uint8Array) => signDigest(signer.keys.operator, digest);
  const signature = bytesToHex(sign(hexToBytes(attestationDigest(domain, kind, message))));
  const content = encodeAttestation({ kind, message, signature } as Attestation);
  const envelope = { ...domain, jobId, kind: "attestation", round, sender: signer.operator, time: 1_790_000_000n };
  return signEnvelope({ ...envelope, content }, sign);
}

/** A clock that stands still until the test moves it. */
export function standingClock(startMs = 1_790_000_000_000): Clock & { pass(ms: number): void } {
  let now = startMs;
  return {
    nowMs: () => now,
    nowSeconds: () => BigInt(Math.floor(now / 1000)),
    sleep: async () => undefined,
    pass: (ms) => {
      now += ms;
    },
  };
}
