import { expect } from "chai";
import type { Hex } from "../../../../offchain/core/bytes.ts";
import { canonicalJson } from "../../../../offchain/core/canonicalJson.ts";
import { keccakHex } from "../../../../offchain/core/hash.ts";
import type { JobView, Network } from "../../../../offchain/node/network.ts";
import { putDocument } from "../../../../offchain/node/oracle/documents.ts";
import { specBytes } from "../../../../offchain/protocol/jobSpec.ts";
import { rejection } from "../../failure.ts";
import { specFixture } from "../../protocol/specFixture.ts";
import { jobView, makeTestParties, nodeOf, standingClock, type TestParties, type TestParty } from "../committee.ts";

const documents = Array.from({ length: 8 }, (_, i) => specBytes(specFixture({ name: `job ${i}` })));
const room = { count: 3, bytes: 1_000_000, stayMs: 1000 };

describe("the documents that an oracle keeps for everybody", () => {
  let parties: TestParties;
  before(async () => {
    parties = await makeTestParties();
  });

  function make(named: { jobs?: readonly Hex[]; listed?: readonly Hex[] } = {}) {
    const clock = standingClock();
    const view = jobView(parties);
    const jobs = (named.jobs ?? []).map((specHash): JobView => ({ ...view, terms: { ...view.terms, specHash } }));
    const network: Partial<Network> = { jobs: () => jobs, listedDocuments: async () => named.listed ?? [] };
    const ctx = nodeOf(parties.seats[0] as TestParty, parties, { clock, network });
    const held = () => documents.flatMap((d, i) => (ctx.store.document(keccakHex(d)) === undefined ? [] : [i]));
    const put = async (index: number, most = room) => {
      clock.pass(2000);
      return putDocument(ctx, documents[index] as Uint8Array, most);
    };
    return { ctx, clock, held, put };
  }

  it("are specifications and schemas, and nothing else", async () => {
    const { ctx } = make();
    const file = new TextEncoder().encode(canonicalJson({ photo: "of a cat" }));
    expect((await rejection(putDocument(ctx, file))).code).to.match(/^job\//);
    expect((await rejection(putDocument(ctx, new Uint8Array([1])))).code).to.equal("job/bad-spec");
    expect(ctx.store.looseDocuments()).to.deep.equal([]);
  });

  it("are refused when the room is full of fresh ones, until those are older", async () => {
    const { ctx, clock, held } = make();
    const at = (index: number) => putDocument(ctx, documents[index] as Uint8Array, room);
    for (const index of [0, 1, 2]) await at(index);
    const full = await rejection(at(3));
    expect([full.code, full.retryable]).to.deep.equal(["board/documents-full", true]);
    expect(held()).to.deep.equal([0, 1, 2]);
    clock.pass(1000);
    await at(3);
    expect(held()).to.deep.equal([1, 2, 3]);
  });

  it("that no job and no listing names are limited in number, the oldest dropped first", async () => {
    const { held, put } = make();
    for (const index of documents.keys()) await put(index);
    expect(held()).to.deep.equal([5, 6, 7]);
  });

  it("that no job and no listing names are limited in bytes", async () => {
    const { held, put } = make();
    const size = (documents[0] as Uint8Array).length;
    for (const index of documents.keys()) await put(index, { ...room, count: 100, bytes: 2 * size });
    expect(held()).to.deep.equal([6, 7]);
  });

  it("that a job or a listing names stay, and take no room", async () => {
    const [job, listing] = [keccakHex(documents[0] as Uint8Array), keccakHex(documents[2] as Uint8Array)];
    const { held, put } = make({ jobs: [job], listed: [listing] });
    for (const index of documents.keys()) await put(index);
    expect(held()).to.deep.equal([0, 2, 5, 6, 7]);
  });

  it("put again change nothing", async () => {
    const { held, put } = make();
    for (const index of [0, 1, 2, 1, 1, 1])
      expect(await put(index)).to.equal(keccakHex(documents[index] as Uint8Array));
    expect(held()).to.deep.equal([0, 1, 2]);
  });

  it("are never more than there is room for when many come at once", async () => {
    const { ctx, clock, held, put } = make();
    for (const index of [0, 1, 2]) await put(index);
    clock.pass(2000);
    await Promise.allSettled([3, 4, 5, 6, 7].map((index) => putDocument(ctx, documents[index] as Uint8Array, room)));
    expect(held()).to.have.length(3);
  });
});
