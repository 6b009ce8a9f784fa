import { expect } from "chai";
import { systemRandom } from "../../../../offchain/core/rng.ts";
import { signDigest } from "../../../../offchain/crypto/secp256k1.ts";
import type { NodeContext } from "../../../../offchain/node/context.ts";
import { sealedEnvelope } from "../../../../offchain/node/envelopes.ts";
import type { JobView } from "../../../../offchain/node/network.ts";
import { advance } from "../../../../offchain/node/oracle/advance.ts";
import { attest, keep, ownAttestation } from "../../../../offchain/node/oracle/attest.ts";
import { compareDealings } from "../../../../offchain/node/oracle/compareDealings.ts";
import { fullSet } from "../../../../offchain/node/oracle/dealings.ts";
import { deliver } from "../../../../offchain/node/oracle/deliver.ts";
import { validatorIndex } from "../../../../offchain/protocol/aggregation.ts";
import type { RoundSet } from "../../../../offchain/protocol/chainStructs.ts";
import { dealingsRoot } from "../../../../offchain/protocol/dealingsRoot.ts";
import { encodeFrames } from "../../../../offchain/protocol/frames.ts";
import { encodeIntegers } from "../../../../offchain/protocol/integers.ts";
import { initialState, localUpdate, stateHash } from "../../../../offchain/protocol/newtonJob.ts";
import { encodeUpdate } from "../../../../offchain/protocol/updateContent.ts";
import { dealValidation, validationScope } from "../../../../offchain/protocol/validationDelivery.ts";
import type { BoardClient } from "../../../../offchain/transport/client.ts";
import { signEnvelope } from "../../../../offchain/transport/envelope.ts";
import { rejection } from "../../failure.ts";
import {
  domain,
  jobId,
  jobView,
  makeTestParties,
  nodeOf,
  spec,
  type TestParties,
  type TestParty,
} from "../committee.ts";

const round = 0;

describe("updates that seats hold differently", () => {
  let parties: TestParties;
  let job: JobView;
  let nodes: NodeContext[];
  let warned: object[];
  beforeEach(async () => {
    parties = await makeTestParties();
    job = jobView(parties);
    warned = [];
    const boards: Record<string, Partial<BoardClient>> = {};
    const network = { job: () => job };
    nodes = parties.seats.map((seat) => nodeOf(seat, parties, { boards, network }));
    for (const [i, { endpoint }] of parties.seats.entries()) {
      const node = nodes[i] as NodeContext;
      Object.assign(node.log, { warn: (facts: object) => warned.push(facts) });
      boards[endpoint] = {
        deliver: (bytes) => deliver(node, bytes),
        inventory: async () => node.store.inventory(jobId) as never,
      };
    }
  });

  /** A contributor's signed update of round 0, one of whose incomes is `value`. */
  async function updateOf(index: number, value: bigint): Promise<Uint8Array> {
    const columns = [Float64Array.of(20, 40, Number(value), 90), Float64Array.of(30, 40, 50, 60)];
    const values = localUpdate(spec, round, initialState(spec), { columns, labels: Uint8Array.of(0, 1, 0, 1) });
    const bank = parties.banks[index] as TestParty;
    const content = encodeUpdate(index, encodeIntegers(values));
    const message = { ...domain, jobId, kind: "update", round, sender: bank.operator, time: 1_790_000_000n, content };
    return signEnvelope(message, (digest) => signDigest(bank.keys.operator, digest));
  }

  async function bring(
    from: TestParty,
    kind: string,
    seat: number,
    envelope: Uint8Array,
    part: Uint8Array = new Uint8Array(),
  ) {
    const to = parties.seats[seat] as TestParty;
    const plaintext = encodeFrames([envelope, part]);
    const bytes = await sealedEnvelope(nodeOf(from, parties), to, { jobId, kind, round, plaintext });
    return deliver(nodes[seat] as NodeContext, bytes);
  }

  /** The buyer's encrypted validation rows for every seat. */
  async function bringValidation(): Promise<void> {
    const { buyer } = parties;
    const scope = validationScope(domain.chainId, jobId);
    const { common, parts } = await dealValidation(scope, new Uint8Array(8), spec.committee, systemRandom);
    const content = encodeUpdate(validatorIndex, common);
    const message = { ...domain, jobId, kind: "validation", round: 0, sender: buyer.operator, time: 1n, content };
    const signed = await signEnvelope(message, (digest) => signDigest(buyer.keys.operator, digest));
    for (const seat of nodes.keys()) await bring(buyer, "validation", seat, signed, parts[seat]);
  }

  /** Contributor 1 deals `values[seat]` to each seat, the others deal alike; each seat says what it holds, to all. */
  async function dealt(values: readonly bigint[]): Promise<RoundSet[]> {
    await bringValidation();
    for (const seat of nodes.keys()) {
      for (const index of [0, 1, 2]) {
        const update = await updateOf(index, index === 1 ? (values[seat] as bigint) : 100n);
        await bring(parties.banks[index] as TestParty, "update", seat, update);
      }
    }
    const sets = nodes.map((node): RoundSet => {
      const leaves = (fullSet(node, job, spec, round) ?? []).map(({ leaf }) => leaf);
      return { jobId, round, stateHash: stateHash(initialState(spec)), bitmap: 7n, dealingsRoot: dealingsRoot(leaves) };
    });
    for (const [seat, node] of nodes.entries()) {
      await attest(node, "RoundSet", round, sets[seat] as RoundSet);
      const bytes = ownAttestation(node, jobId, "RoundSet", round) as Uint8Array;
      for (const other of nodes) keep(other, jobId, "RoundSet", round, node.me.operator, bytes);
    }
    return sets;
  }

  async function compared(): Promise<void> {
    for (const node of nodes) compareDealings(node, job, round);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all(nodes.map(({ calls }) => calls.close()));
  }
  const blamed = () =>
    nodes.map(({ store }) =>
      store
        .faults(jobId)
        .filter((f) => f.code === "update/second-dealing")
        .map((f) => f.party),
    );

  it("are shown by seats only, and are contributors' own", async () => {
    const update = await updateOf(1, 5n);
    const stranger = await rejection(bring(parties.bystanders[0] as TestParty, "dealing", 2, update));
    expect(stranger.code).to.equal("transport/not-allowed");
    const seat = parties.seats[0] as TestParty;
    const forged = await signEnvelope(
      { ...domain, jobId, kind: "update", round, sender: seat.operator, time: 1n, content: encodeUpdate(1, update) },
      (digest) => signDigest(seat.keys.operator, digest),
    );
    expect((await rejection(bring(seat, "dealing", 2, forged))).code).to.equal("transport/not-allowed");
    const relayed = await rejection(bring(parties.banks[0] as TestParty, "update", 2, update));
    expect(relayed.code, "another bank's as its own").to.equal("transport/not-allowed");
  });

  it("blame nobody where all hold the same", async () => {
    await dealt([5n, 5n, 5n, 5n, 5n]);
    await compared();
    expect(blamed()).to.deep.equal([[], [], [], [], []]);
  });

  it("name the contributor at every seat, with both of its signatures as the proof", async () => {
    await dealt([5n, 5n, 5n, 6n, 6n]);
    await compared();
    const { operator } = parties.banks[1] as TestParty;
    expect(blamed()).to.deep.equal(Array(5).fill([operator]));
    expect(warned).to.have.length(5);
    expect(warned[0]).to.deep.include({ dealer: 1, operator, round });
    for (const { store } of nodes) {
      const first = store.messages(jobId, "dealing", round).filter((m) => m.sender === operator);
      const second = store.messages(jobId, "second-dealing", round);
      expect(new Set([...first, ...second].map((m) => m.hash)).size).to.equal(2);
    }
  });

  it("keep no seat from following the set that the others certified", async () => {
    const sets = await dealt([5n, 5n, 5n, 5n, 6n]);
    const set = sets[0] as RoundSet;
    job = { ...job, sets: [{ set, digest: `0x${"05".repeat(32)}` }] };
    const odd = nodes[4] as NodeContext;
    await advance(odd, job, spec);
    expect(odd.store.faults(jobId).map((f) => f.code)).to.deep.equal(["round/other-dealings"]);
    expect(odd.store.state(jobId, 1)).to.equal(undefined);
    await compared();
    for (const node of nodes) await advance(node, job, spec);
    const states = nodes.map(({ store }) => Buffer.from(store.state(jobId, 1) ?? []).toString("hex"));
    expect(states[0]).to.not.equal("");
    expect(new Set(states).size).to.equal(1);
  });
});
