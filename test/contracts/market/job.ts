import { encodeAbiParameters, keccak256, type Log } from "viem";
import { decodeJobLogs } from "../../../offchain/chain/jobLogs.ts";
import { applyLog, type JobRecord } from "../../../offchain/chain/jobRecord.ts";
import { groupPlaces } from "../../../offchain/chain/kin.ts";
import { noPart, partiesHash, roundsHash } from "../../../offchain/chain/partsHash.ts";
import { packAttestation } from "../../../offchain/chain/writes/attestation.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { farshoreTypes, type PrimaryType } from "../../../offchain/core/eip712.ts";
import { keccakHex } from "../../../offchain/core/hash.ts";
import { weightsByRows } from "../../../offchain/core/units.ts";
import type { JobResult } from "../../../offchain/protocol/chainStructs.ts";
import { packTable } from "../../../offchain/valuation/shapley.ts";
import { proofOf } from "../assets/listings.ts";
import type { Signer, TestChain } from "../chain.ts";
import type { Candidate } from "../oracle/expectedDraw.ts";
import { stream } from "../settlement/games.ts";
import { brought, deal } from "../settlement/sharings.ts";
import { packing } from "./packing.ts";
import type { Actor, Stage } from "./stage.ts";
import { grace, openStage, price } from "./stage.ts";

/** What an evaluator's acceptance names in the place of an asset. */
export const evaluatorIndex = 255;

/** Updates may be read by the committee, and their sums go out without noise. */
export const usualConsents = 2 + 4;

/** Validation rows serve one job: each terms have their own. */
let roots = 0;

/** Terms of an ordinary job over all banks of the stage; a test changes what it is about. */
export function termsOf({ chain, banks }: Stage, fields: object = {}) {
  const weights = weightsByRows(banks.map(({ listing }) => listing.version.rows));
  return {
    ...{ specHash: chain.ethers.id("spec"), codeHash: chain.ethers.id("code") },
    ...{ validationRoot: chain.ethers.id(`validation ${roots++}`), evaluator: chain.ethers.ZeroAddress },
    ...{ purpose: 0, legalBasis: 5, aggregation: 0, noiseMilli: 0, rounds: 4, k: 5, m: 4, t: 2, f: 1, tier: 0 },
    ...{ base: 1_000_000_000n, performance: 5_000_000_000n, oracleFee: 250_000_000n, utilityTarget: -350_000_000n },
    ...{ startSeconds: 3600, roundSeconds: 60, proposeSeconds: 600, challengeSeconds: 3600 },
    ...{ retentionDays: 3650, rulesVersion: 1, validationRows: 2000, parameters: 24 },
    assets: banks.map(({ assetId }, i) => ({ assetId, version: 1, weight: weights[i] as number, rhoNano: 0n, price })),
    ...fields,
  };
}
export type Terms = ReturnType<typeof termsOf>;

/** Terms of a job with noise: z = `noiseMilli` / 1000, its rho by the protocol's formula. */
export function noisyTermsOf(stage: Stage, noiseMilli: number, fields: { rounds?: number } = {}) {
  const { rounds, assets } = termsOf(stage, fields);
  const rhoNano = rhoOf(rounds, noiseMilli);
  return termsOf(stage, { noiseMilli, assets: assets.map((asset) => ({ ...asset, rhoNano })), ...fields });
}

/** ceil(releases · 5e14 / noiseMilli²), protocol section 7. */
export function rhoOf(releases: number, noiseMilli: number): bigint {
  const square = BigInt(noiseMilli) ** 2n;
  return (BigInt(releases) * 500_000_000_000_000n + square - 1n) / square;
}

/** keccak256(abi.encode(address[])): what a committee keeps of its seats' accounts. */
export function accountsHash(accounts: readonly string[]): Hex {
  return keccak256(encodeAbiParameters([{ type: "address[]" }], [accounts as Hex[]]));
}

/** Coalition values of three contributors, in 1e-9 nat: v(N) = 100 000 000. */
export const threeValues = [0n, 50n, 30n, 70n, 20n, 65n, 45n, 100n].map((v) => v * 1_000_000n);

/** Scores of three contributors, in 1e-9 nat, as `threeValues` adds up to. */
export const projectedScores = [49_166_667n, 29_166_667n, 21_666_666n];

function roundedDown(value: bigint, by: bigint): bigint {
  const rest = ((value % by) + by) % by;
  return (value - rest) / by;
}

/** Parties of a job that was not started. */
export const noParties = {
  ...{ buyerGroup: 0, evaluatorGroup: 0, minimumCohort: 0, beaconRound: 0n },
  ...{ roster: noPart, contributors: [] },
};

/** Prepares a job once; each test that calls the result gets the chain as it was then, and a job of its own. */
export function fixtureOf(
  chain: TestChain,
  prepare: (job: Job) => Promise<unknown>,
  open: (chain: TestChain) => Promise<Stage> = openStage,
  terms: (stage: Stage) => Terms = termsOf,
): () => Promise<Job> {
  async function prepared() {
    const stage = await open(chain);
    const job = new Job(stage, terms(stage));
    await prepare(job);
    return job;
  }
  return async () => (await chain.loadFixture(prepared)).fork();
}

/** A job on its way: parts are rebuilt from its events by the product's own code. */
export class Job {
  readonly stage: Stage;
  readonly terms: Terms;
  readonly gas = new Map<string, number>();
  #record: JobRecord | undefined;

  constructor(stage: Stage, terms: Terms = termsOf(stage)) {
    this.stage = stage;
    this.terms = terms;
  }

  /** The same job for another test: what one does with it the other does not see. */
  fork(): Job {
    const copy = new Job(this.stage, this.terms);
    copy.#record = this.#record;
    return copy;
  }

  get record(): JobRecord {
    if (this.#record === undefined) throw new Error("the job is not posted");
    return this.#record;
  }

  get id(): Hex {
    return this.record.jobId;
  }

  // biome-ignore lint/suspicious/noExplicitAny: methods come from the ABI at run time
  as(account = this.stage.buyer.account): any {
    return packing(this.stage.jobs.connect(account));
  }

  /** Applies the events of a mined call; remembers its gas under `step`. */
  // biome-ignore lint/suspicious/noExplicitAny: an ethers transaction, untyped like its contract
  async apply(step: string, sent: Promise<any>): Promise<void> {
    const receipt = await (await sent).wait();
    this.gas.set(step, (this.gas.get(step) ?? 0) + Number(receipt.gasUsed));
    const market = String(this.stage.jobs.target).toLowerCase();
    const own = (receipt.logs as EthersLog[]).filter((log) => log.address.toLowerCase() === market).map(viemLog);
    this.#record = decodeJobLogs(own).reduce(applyLog, this.#record) as JobRecord;
  }

  post() {
    return this.apply("post", this.as().post(this.terms));
  }

  listings() {
    return this.stage.banks.map(({ listing }) => proofOf(listing));
  }

  /** Acceptances of all banks by their operators, and of the evaluator; fields of the signed struct can be replaced. */
  async acceptances(fields: object = {}, signers: readonly Actor[] = this.stage.banks) {
    const own = await Promise.all(signers.map(({ operator }, i) => this.acceptance(operator, i, fields)));
    const { evaluator } = this.stage;
    if (evaluator?.account.address !== this.terms.evaluator) return own;
    return [...own, await this.acceptance(evaluator.operator, evaluatorIndex)];
  }

  async acceptance(key: Pick<Signer, "signTypedData">, assetIndex: number, fields: object = {}) {
    const said = { consents: usualConsents, nonce: BigInt(assetIndex), expiry: BigInt(2 ** 40), ...fields };
    const message = { jobId: this.id, termsHash: this.record.termsHash, assetIndex, ...said };
    return { ...said, signature: await this.sign(key, "Acceptance", message) };
  }

  async sign(key: Pick<Signer, "signTypedData">, kind: PrimaryType, message: object): Promise<Hex> {
    const { chainId } = await this.stage.chain.ethers.provider.getNetwork();
    const domain = { name: "Farshore", version: "1", chainId, verifyingContract: this.stage.jobs.target };
    const own = { [kind]: [...farshoreTypes[kind]] };
    const types = kind === "Verdict" ? { ...own, JobResult: [...farshoreTypes.JobResult] } : own;
    return (await key.signTypedData(domain, types, message as Record<string, unknown>)) as Hex;
  }

  /** Arguments of `cancel`. */
  cancelArguments() {
    return [this.id, this.record.head, this.terms];
  }

  async cancel() {
    await this.apply("cancel", this.as().cancel(...this.cancelArguments()));
  }

  /** Arguments of `expire`; parties that do not exist yet are empty. */
  expireArguments() {
    return [...this.cancelArguments(), this.record.parties ?? noParties];
  }

  async expire() {
    await this.apply("expire", this.as().expire(...this.expireArguments()));
  }

  async startArguments(listings: readonly object[] = this.listings(), acceptances?: readonly object[]) {
    return [...this.cancelArguments(), listings, acceptances ?? (await this.acceptances())];
  }

  async start() {
    await this.apply("start", this.as().start(...(await this.startArguments())));
  }

  /** Arguments of `seat` with the roster as it is now, or the candidates given. */
  async seatArguments(candidates?: readonly object[]) {
    const { head, jobId, parties } = this.record;
    return [jobId, head, parties, candidates ?? (await this.roster())];
  }

  async roster(): Promise<Candidate[]> {
    return (await this.stage.committee.roster()).map(plain);
  }

  /** The roster of that hash, of which an event told. */
  async rosterOf(hash = ""): Promise<Candidate[]> {
    const { committee } = this.stage;
    const [told] = await committee.queryFilter(committee.filters.RosterChanged(hash));
    return told.args.candidates.map(plain);
  }

  async seat() {
    await this.stage.draw?.(this.id);
    await this.stage.chain.mine(2);
    await this.apply(
      "seat",
      this.as().seat(...(await this.seatArguments(await this.rosterOf(this.record.parties?.roster)))),
    );
  }

  /** Signatures of these seats, all but the last by default. */
  async attest(kind: PrimaryType, message: object, seats: readonly number[] = [0, 1, 2, 3]) {
    const signed = await Promise.all(
      seats.map(async (s) => [s, await this.sign(this.seatKey(s), kind, message)] as const),
    );
    return packAttestation(new Map(signed));
  }

  seatOf(seat: number): Actor {
    const account = this.record.seatAccounts[seat];
    const found = this.stage.oracles.find((o) => o.account.address === account);
    if (found === undefined) throw new Error(`no oracle holds seat ${seat}`);
    return found;
  }

  seatKey(seat: number): Actor["operator"] {
    return this.seatOf(seat).operator;
  }

  roundSet(fields: object = {}) {
    const round = this.record.rounds?.certified ?? 0;
    const { id } = this.stage.chain.ethers;
    const bitmap = round === 0 ? 2n ** BigInt(this.terms.assets.length) - 1n : (this.record.rounds?.cohort ?? 0n);
    return {
      jobId: this.id,
      round,
      stateHash: id(`state ${round}`),
      bitmap,
      dealingsRoot: id(`round ${round}`),
      ...fields,
    };
  }

  /** Arguments of `certifySmaller`: like those of `certify`, with all parties. */
  async certifySmallerArguments(bitmap: bigint, fields: object = {}, seats?: readonly number[]) {
    const [head, , ...rest] = await this.certifyArguments(this.roundSet({ bitmap, ...fields }), seats);
    return [head, this.record.parties, ...rest];
  }

  async certifySmaller(bitmap: bigint) {
    await this.apply("certify", this.as().certifySmaller(...(await this.certifySmallerArguments(bitmap))));
  }

  /** Arguments of `certify` for a set and the seats that sign it. */
  async certifyArguments(set = this.roundSet(), seats?: readonly number[]) {
    const { head, parties, committee, rounds } = this.record;
    return [head, partiesHash(parties), committee, rounds, set, await this.attest("RoundSet", set, seats)];
  }

  async certify(rounds = 1) {
    for (let i = 0; i < rounds; i++) await this.apply("certify", this.as().certify(...(await this.certifyArguments())));
  }

  async finishArguments(fields: object = {}, seats?: readonly number[]) {
    const { jobId, head, parties, committee, rounds } = this.record;
    const round = rounds?.certified ?? 0;
    const stateHash = this.stage.chain.ethers.id(`state ${round}`);
    const message = { jobId, round, stateHash, reason: round === this.terms.rounds ? 0 : 1, ...fields };
    return [head, partiesHash(parties), committee, rounds, message, await this.attest("Finish", message, seats)];
  }

  async finish(fields: object = {}) {
    await this.apply("finish", this.as().finish(...(await this.finishArguments(fields))));
  }

  result(values: readonly bigint[] = threeValues, fields: object = {}) {
    const { id } = this.stage.chain.ethers;
    const words = packTable(values);
    const total = values.at(-1) as bigint;
    const result = {
      ...{ jobId: this.id, termsHash: this.record.termsHash, kind: 0 },
      roundsDigest: this.record.rounds?.digest ?? noPart,
      ...{ modelRoot: id("model"), evidenceRoot: id("evidence"), deliveryRoot: id("delivery") },
      ...{ utilityStart: -500_000_000n, utilityEnd: -500_000_000n + total, scoreTotal: total },
      ...{ removed: 0n, ridgeTerm: 0n },
      ...{ wordsHash: keccakHex(words), ...fields },
    };
    return { result, words };
  }

  /** Who belongs together, as `propose` is told. */
  groups(): Uint8Array {
    return groupPlaces((this.record.parties?.contributors ?? []).map(({ group }) => group));
  }

  async proposeArguments({ result, words } = this.result(), seats?: readonly number[]) {
    const { head, parties, committee, rounds } = this.record;
    const attestation = await this.attest("JobResult", result, seats);
    return [head, this.terms, partiesHash(parties), committee, rounds, this.groups(), result, words, attestation];
  }

  /**
   * A projected result whose scores 1e9·phi_i, in 1e-9 nat, are `scores` within rounding: words of all seats, and the
   * secrets R_i that they hide.
   */
  projected(scores: readonly bigint[] = projectedScores, fields: Partial<JobResult> = {}) {
    const total = scores.reduce((a, b) => a + b, 0n);
    const { result } = this.result(undefined, {
      ...{ kind: 1, utilityEnd: -500_000_000n + total, scoreTotal: total, ridgeTerm: 987_654_321_987n },
      ...fields,
    });
    const { ridgeTerm } = result as JobResult;
    const secrets = scores.map((score, i) => {
      return roundedDown((score << 58n) + BigInt(this.terms.assets[i]?.weight ?? 0) * ridgeTerm, 1_000_000_000n);
    });
    return { result, secrets, words: deal(secrets, this.terms.t, this.terms.k, stream("projected")) };
  }

  /** Arguments of `propose` for words by seat: every seat signs the hash of its own. */
  async projectedArguments({ result, words } = this.projected(), seats: readonly number[] = [0, 1, 2, 3]) {
    const { head, parties, committee, rounds } = this.record;
    const signatures = seats.map(async (seat) => {
      const wordsHash = keccakHex(words.get(seat) as Uint8Array);
      return [seat, await this.sign(this.seatKey(seat), "JobResult", { ...result, wordsHash })] as const;
    });
    const attestation = packAttestation(new Map(await Promise.all(signatures)));
    const { bytes } = brought(words, seats);
    const stated = { ...result, wordsHash: keccakHex(bytes) };
    return [head, this.terms, partiesHash(parties), committee, rounds, this.groups(), stated, bytes, attestation];
  }

  async proposeProjected(scores?: readonly bigint[], fields: Partial<JobResult> = {}) {
    const args = await this.projectedArguments(this.projected(scores, fields));
    await this.apply("propose", this.as().propose(...args));
  }

  async propose(values?: readonly bigint[], fields: object = {}) {
    await this.apply("propose", this.as().propose(...(await this.proposeArguments(this.result(values, fields)))));
  }

  /** The result of a job whose validation rows did not come: nobody's valuation. */
  byWeight(fields: object = {}) {
    const words = new Uint8Array();
    const utility = { utilityStart: -500_000_000n, utilityEnd: -500_000_000n, scoreTotal: 0n };
    return { ...this.result(undefined, { kind: 2, ...utility, wordsHash: keccakHex(words), ...fields }), words };
  }

  async proposeByWeight() {
    await this.apply("propose", this.as().propose(...(await this.proposeArguments(this.byWeight()))));
  }

  settleArguments() {
    const { jobId, head, parties, committee, seatAccounts, rounds, proposal } = this.record;
    return [jobId, head, this.terms, parties, committee, seatAccounts, rounds, proposal];
  }

  async settle() {
    await this.waitUntilAfter(this.record.deadline);
    await this.apply("settle", this.as().settle(...this.settleArguments()));
  }

  failArguments() {
    const { jobId, head, parties, committee, seatAccounts, rounds } = this.record;
    return [jobId, head, this.terms, parties, committee, seatAccounts, rounds];
  }

  async fail() {
    await this.apply("fail", this.as().fail(...this.failArguments()));
  }

  readyArguments(digest = this.stage.chain.ethers.id("there")) {
    const { jobId, head, parties, committee, seatAccounts, rounds } = this.record;
    return [jobId, head, partiesHash(parties), committee, seatAccounts, roundsHash(rounds), digest];
  }

  async ready(seat: number) {
    await this.apply("ready", this.as(this.seatOf(seat).account).ready(...this.readyArguments()));
  }

  /** The next block is at `time`, seconds since 1970, which must lie ahead. */
  async waitUntil(time: number) {
    await this.stage.chain.time.setNextBlockTimestamp(time);
  }

  /** Closed by others is possible from the next block on. */
  async waitForGrace() {
    await this.waitUntilAfter(this.record.deadline + grace);
  }

  /** The next block is the first after `time`, seconds since 1970. */
  async waitUntilAfter(time: number) {
    const now = await this.stage.chain.time.latest();
    if (now < time) await this.stage.chain.time.increaseTo(time);
    await this.stage.chain.time.setNextBlockTimestamp(Math.max(now, time) + 1);
  }

  async toSeated() {
    await this.post();
    await this.start();
    await this.seat();
  }

  async toRound(rounds: number) {
    await this.toSeated();
    await this.certify(rounds);
  }

  async toFinished() {
    await this.toRound(this.terms.rounds);
    await this.finish();
  }

  async toProposed(values?: readonly bigint[]) {
    await this.toFinished();
    await this.propose(values);
  }

  async toSettled(values?: readonly bigint[]) {
    await this.toProposed(values);
    await this.settle();
  }
}

interface EthersLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: number;
  readonly index: number;
  readonly transactionHash: string;
}

function viemLog({ address, topics, data, blockNumber, index, transactionHash }: EthersLog): Log {
  const at = { blockNumber: BigInt(blockNumber), logIndex: index, transactionHash };
  return { address, topics: [...topics], data, ...at } as unknown as Log;
}

// biome-ignore lint/suspicious/noExplicitAny: an ethers Result, untyped like its contract
function plain(candidate: any): Candidate {
  return { ...candidate.toObject(), group: Number(candidate.group) };
}
