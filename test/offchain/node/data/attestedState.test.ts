import { expect } from "chai";
import { bytesToHex, type Hex } from "../../../../offchain/core/bytes.ts";
import { sha256Hex } from "../../../../offchain/core/hash.ts";
import type { NodeContext } from "../../../../offchain/node/context.ts";
import { attestedState } from "../../../../offchain/node/data/attestedState.ts";
import { encodeState, initialState, type ModelState } from "../../../../offchain/protocol/newtonJob.ts";
import type { BoardClient } from "../../../../offchain/transport/client.ts";
import {
  jobId,
  jobView,
  makeTestParties,
  nodeOf,
  spec,
  stated,
  type TestParties,
  type TestParty,
} from "../committee.ts";

const round = 1;
const word = (byte: string): Hex => `0x${byte.repeat(32)}`;
const none = async () => ({ state: new Uint8Array(), attestations: [] });
const hangs = () => new Promise<never>(() => undefined);

describe("the state that a bank trains from", () => {
  let parties: TestParties;
  let state: Uint8Array;
  before(async () => {
    parties = await makeTestParties();
    state = encodeState(initialState(spec));
  });

  const attestation = (signer: TestParty, bytes: Uint8Array, digest = "05") =>
    stated(signer, "StateAttestation", round, {
      ...{ jobId, round, stateHash: sha256Hex(bytes), roundsDigest: `0x${digest.repeat(32)}` },
    });
  const signedBy = async (signers: readonly TestParty[], bytes = state) => {
    const attestations = await Promise.all(signers.map((s) => attestation(s, bytes)));
    return async () => ({ state: bytes, attestations });
  };

  /** Asks as steps do, until the state is there or `ms` are over. */
  async function ask(awaitStates: readonly BoardClient["awaitState"][], ms = 1500) {
    const boards = Object.fromEntries(
      parties.seats.map((s, i) => [s.endpoint, { awaitState: awaitStates[i] as never }]),
    );
    let woken = 0;
    const set = { jobId, round: 0, stateHash: word("01"), bitmap: 7n, dealingsRoot: word("02") };
    const job = jobView(parties, { sets: [{ set, digest: word("05") }] });
    const ctx: NodeContext = nodeOf(parties.banks[0] as TestParty, parties, {
      boards,
      network: { job: () => job },
      wake: () => {
        woken += 1;
      },
    });
    const end = Date.now() + ms;
    let found: ModelState | null = null;
    while (found === null && Date.now() < end) {
      found = attestedState(ctx, job, spec, round);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return { found, woken, faults: ctx.store.faults(jobId) };
  }
  const hex = (found: ModelState | null) => (found === null ? null : bytesToHex(encodeState(found)));

  it("is none while nobody serves it", async () => {
    expect((await ask([none, none, none, none, none], 100)).found).to.equal(null);
  });

  it("is not one with fewer than m signatures, of strangers, of another state or of other rounds", async () => {
    const strangers = [...parties.seats.slice(0, 3), ...parties.bystanders];
    const twice = [...parties.seats.slice(0, 3), parties.seats[0] as TestParty];
    const mixed = async () => ({
      state,
      attestations: await Promise.all(parties.seats.map((s, i) => attestation(s, state, i < 3 ? "05" : "06"))),
    });
    const others = await signedBy(parties.seats, new Uint8Array([1]));
    const swapped = async () => ({ state, attestations: (await others()).attestations });
    const liars = [await signedBy(parties.seats.slice(0, 3)), await signedBy(strangers), await signedBy(twice)];
    const { found, faults } = await ask([...liars, mixed, swapped], 300);
    // All five seats agree on it, and on rounds that the chain did not certify: it does not chain.
    const unchained = async () => ({
      state,
      attestations: await Promise.all(parties.seats.map((s) => attestation(s, state, "06"))),
    });
    const refused = await ask([unchained, none, none, none, none], 200);
    expect(refused.found).to.equal(null);
    expect(refused.faults.map((f) => f.party)).to.deep.equal([parties.seats[0]?.account]);
    expect(found).to.equal(null);
    expect(faults.map((f) => f.party)).to.have.members(parties.seats.map((s) => s.account));
    expect(new Set(faults.map((f) => f.code))).to.deep.equal(new Set(["state/not-attested"]));
  });

  it("is found whichever seat has it, with one that lags, one that lies, one that hangs and one that is down", async () => {
    const honest = await signedBy(parties.seats.slice(0, 4));
    const lies = await signedBy(parties.bystanders, new Uint8Array([7]));
    const down = async () => Promise.reject(new Error("down"));
    const bad = [none, lies, hangs, down] as BoardClient["awaitState"][];
    for (let place = 0; place < 5; place++) {
      const { found, woken } = await ask([...bad.slice(0, place), honest, ...bad.slice(place)]);
      expect(hex(found), `held by seat ${place}`).to.equal(bytesToHex(state));
      expect(woken).to.be.greaterThan(0);
    }
  });

  it("is found beside rubbish in the same answer", async () => {
    const honest = await (await signedBy(parties.seats.slice(1)))();
    const spoiled = async () => ({ ...honest, attestations: [new Uint8Array([1, 2]), ...honest.attestations] });
    expect(hex((await ask([none, none, spoiled, none, none])).found)).to.equal(bytesToHex(state));
  });
});
