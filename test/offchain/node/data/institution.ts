import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Address, bytesToHex, type Hex } from "../../../../offchain/core/bytes.ts";
import { FarshoreError } from "../../../../offchain/core/errors.ts";
import { addressOfKey } from "../../../../offchain/crypto/secp256k1.ts";
import type { NodeContext } from "../../../../offchain/node/context.ts";
import { answerJob } from "../../../../offchain/node/data/accept.ts";
import type { Datasets } from "../../../../offchain/node/data/datasets.ts";
import type { JobView } from "../../../../offchain/node/network.ts";
import type { PeerCall } from "../../../../offchain/node/peerCalls.ts";
import { Store } from "../../../../offchain/node/store.ts";
import { type InboxItem, readInbox } from "../../../../offchain/party/inbox.ts";
import { decodeAcceptance } from "../../../../offchain/protocol/acceptance.ts";
import type { Acceptance } from "../../../../offchain/protocol/chainStructs.ts";
import { genesisRulesHash } from "../../../../offchain/protocol/genesisRules.ts";
import type { JobSpec } from "../../../../offchain/protocol/jobSpec.ts";
import { termsOfSpec } from "../../../../offchain/protocol/jobTerms.ts";
import { openEnvelope } from "../../../../offchain/transport/envelope.ts";
import { specFixture } from "../../protocol/specFixture.ts";

const operatorKey = new Uint8Array(32).fill(7);
const operator: Address = addressOfKey(operatorKey);
const boards = ["a", "b"].map((name) => ({ account: `0x${name.repeat(40)}`, endpoint: `http://${name}` }));

export const automatic = {
  ...{ version: 1, mode: "automatic", purposes: ["creditScoring"], aggregations: ["clear"], acceptanceSeconds: 1000 },
  ...{ consents: ["clear", "sumsWithoutNoise"], codeHashes: [specFixture().codeHash] },
};

/** What the market's listings say of an asset's version. */
export interface Listed {
  readonly rows: number;
  readonly root: string;
}

/**
 * An institution's node on its own: a real store and folder, a clock that the test sets, and a marketplace of jobs and
 * boards that are plain values. It owns asset 7, the first of every job.
 */
export class Institution {
  readonly home = mkdtempSync(join(tmpdir(), "farshore-institution-"));
  readonly delivered: { board: string; acceptance: Acceptance }[] = [];
  readonly logged: { level: string; said: Record<string, unknown>; message: string }[] = [];
  readonly jobs = new Map<Hex, JobView>();
  readonly listings = new Map<string, Listed>();
  store = new Store(join(this.home, "node.sqlite"));
  rows = 5000;
  jurisdiction = "CH";
  /** The rule book by version; what the fixture's jobs name is what every release carries. */
  readonly rulesOnChain = new Map([[specFixture().rulesVersion, { rulesHash: genesisRulesHash, valid: true }]]);
  /** Documents that the boards serve, by hash. */
  readonly served = new Map<string, Uint8Array>();
  now = 1_000_000;
  #calls: Promise<void>[] = [];
  #ctx: NodeContext | undefined;

  setPolicy(policy: object | string): void {
    writeFileSync(join(this.home, "policy.json"), typeof policy === "string" ? policy : JSON.stringify(policy));
  }

  /** An open job over assets (7 is this institution's), each in a version. */
  post(assets: readonly (readonly [id: string, version: number])[], change: Partial<JobSpec> = {}): JobView {
    const [first] = specFixture().assets;
    const uses = assets.map(([assetId, version]) => ({ ...(first as JobSpec["assets"][number]), assetId, version }));
    const spec = specFixture({ assets: uses, ...change });
    const jobId = bytesToHex(new Uint8Array(32).fill(this.jobs.size + 1));
    const terms = termsOfSpec(spec);
    const view = { jobId, state: "Open", buyer: `0x${"11".repeat(20)}`, terms, termsHash: jobId, deadline: 0 };
    const job = {
      ...view,
      contributors: [],
      beaconRound: 0n,
      seats: [],
      sets: [],
      finished: null,
      result: null,
      signers: 0n,
    } as JobView;
    this.jobs.set(jobId, job);
    this.#context().specs.set(jobId, spec);
    return job;
  }

  close(job: JobView, state: JobView["state"]): void {
    this.jobs.set(job.jobId, { ...job, state });
  }

  /** One look at a job, as at every tick. */
  async answer(job: JobView): Promise<void> {
    const datasets = { compatible: async () => undefined, rowsOf: async () => this.rows } as unknown as Datasets;
    await answerJob(this.#context(), datasets, job, 0);
    await Promise.all(this.#calls);
  }

  /** The process ends and begins anew in the same folder. */
  restart(): void {
    this.store.close();
    this.store = new Store(join(this.home, "node.sqlite"));
    const specs = this.#ctx?.specs;
    this.#ctx = undefined;
    for (const [job, spec] of specs ?? []) this.#context().specs.set(job, spec);
  }

  inbox(job: JobView): InboxItem | undefined {
    return readInbox(this.home).find((item) => item.jobId === job.jobId);
  }

  accepted(job: JobView): Acceptance[] {
    return this.delivered.map((d) => d.acceptance).filter((a) => a.jobId === job.jobId);
  }

  #context(): NodeContext {
    this.#ctx ??= this.#newContext();
    return this.#ctx;
  }

  #newContext(): NodeContext {
    const log = (level: string) => (said: Record<string, unknown>, message: string) =>
      void this.logged.push({ level, said, message });
    const deliver = (board: string) => async (bytes: Uint8Array) => {
      this.delivered.push({ board, acceptance: decodeAcceptance(openEnvelope(bytes).content).message });
      return { known: false };
    };
    return {
      config: { home: this.home, policy: "policy.json", assets: [{ assetId: "7" }] },
      keys: { operator: operatorKey },
      me: { account: operator, operator },
      domain: { chainId: 31337, market: `0x${"99".repeat(20)}` },
      network: {
        now: () => this.now,
        job: (jobId: Hex) => this.jobs.get(jobId),
        oracles: async () => boards,
        jurisdictionOf: async () => this.jurisdiction,
        rules: async (version: number) => this.rulesOnChain.get(version) ?? null,
        populationOf: async () => `0x${"00".repeat(32)}`,
        versionOf: async (assetId: bigint, version: number) => {
          const { rows, root } = this.listings.get(`${assetId}:${version}`) ?? { rows: 5000, root: "aa" };
          return { rows, datasetRoot: `0x${root.repeat(32)}` };
        },
      },
      store: this.store,
      calls: { start: (call: PeerCall) => void this.#calls.push(call.run(new AbortController().signal, 1)) },
      ledger: { spentSince: () => 0n },
      clock: { nowSeconds: () => BigInt(this.now), nowMs: () => this.now * 1000, sleep: async () => undefined },
      random: (length: number) => new Uint8Array(length).fill(this.delivered.length + 1),
      log: { info: log("info"), warn: log("warn"), error: log("error"), debug: log("debug") },
      specs: new Map(),
      observe: () => undefined,
      board: (endpoint: string) => ({
        deliver: deliver(endpoint),
        getDocument: async (hash: Uint8Array) => {
          const found = this.served.get(bytesToHex(hash));
          if (found === undefined) throw new FarshoreError({ code: "board/no-document", message: "not here" });
          return found;
        },
      }),
    } as unknown as NodeContext;
  }
}
