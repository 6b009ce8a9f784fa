import type { Chain } from "../chain/client.ts";
import type { AssetVersion } from "../chain/listing.ts";
import { getAssetOwner } from "../chain/reads/asset.ts";
import { getListing, getListings } from "../chain/reads/listing.ts";
import {
  getAccountOfOperator,
  getParticipant,
  getParticipants,
  type Participant,
} from "../chain/reads/participants.ts";
import { getAllRules, getRules, type RulesVersion } from "../chain/reads/rules.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import { jurisdictionName } from "../core/tables/jurisdictions.ts";
import { roles } from "../core/tables/roles.ts";
import { lower } from "./envelopes.ts";
import type { Party } from "./network.ts";

// Keys and endpoints change rarely; a party that moved is found again after this.
const freshMs = 10_000;

/** Parties and listings, asked of the chain and remembered for a few seconds. */
export class Directory {
  readonly #chain: Chain;
  readonly #clock: Clock;
  readonly #answers = new Map<string, { at: number; value: Promise<unknown> }>();

  constructor(chain: Chain, clock: Clock) {
    this.#chain = chain;
    this.#clock = clock;
  }

  /** A participant by its account; throws `node/unknown-party`. */
  party(account: Address): Promise<Party> {
    return this.#ask(`party:${lower(account)}`, async () => {
      const participant = await getParticipant(this.#chain, account);
      if (participant.status === "none") throw unknownParty(account);
      return partyOf(participant);
    });
  }

  async partyOfOperator(operator: Address): Promise<Party | undefined> {
    const account = await this.#ask(`operator:${lower(operator)}`, () => getAccountOfOperator(this.#chain, operator));
    return account === undefined ? undefined : this.party(account);
  }

  /** Active oracles, in the order in which they were admitted. */
  oracles(): Promise<readonly Party[]> {
    return this.#ask("oracles", async () => {
      const parties = (await getParticipants(this.#chain)).map(partyOf);
      return parties.filter((p) => p.active && (p.roles & roles.oracle.number) !== 0);
    });
  }

  ownerOf(assetId: bigint): Promise<Address> {
    return this.#ask(`owner:${assetId}`, async () => lower(await getAssetOwner(this.#chain, assetId)));
  }

  async populationOf(assetId: bigint, version: number): Promise<Hex> {
    return (await this.versionOf(assetId, version)).populationId;
  }

  /** What a version of an asset commits to. */
  versionOf(assetId: bigint, version: number): Promise<AssetVersion> {
    return this.#ask(`version:${assetId}:${version}`, async () => {
      return (await getListing(this.#chain, assetId, version)).listing.version;
    });
  }

  /** Jurisdiction of a participant, ISO 3166-1 alpha-2. */
  jurisdictionOf(account: Address): Promise<string> {
    return this.#ask(`jurisdiction:${lower(account)}`, async () => {
      return jurisdictionName((await getParticipant(this.#chain, account)).jurisdiction);
    });
  }

  rules(version: number): Promise<RulesVersion | null> {
    return this.#ask(`rules:${version}`, () => getRules(this.#chain, version));
  }

  /** Listings name the schema of their data as `board:` and its keccak256; the rule book has the hashes of its rules. */
  listedDocuments(): Promise<readonly Hex[]> {
    return this.#ask("documents", async () => {
      const [listings, rules] = await Promise.all([getListings(this.#chain), getAllRules(this.#chain)]);
      const named = listings.map(({ uri }) => uri.replace(/^board:/, "").toLowerCase());
      const schemas = named.filter((hash) => /^0x[0-9a-f]{64}$/.test(hash)) as Hex[];
      return [...schemas, ...rules.map(({ rulesHash }) => rulesHash)];
    });
  }

  #ask<T>(key: string, question: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    if (known !== undefined && this.#clock.nowMs() - known.at < freshMs) return known.value as Promise<T>;
    const value = question();
    this.#answers.set(key, { at: this.#clock.nowMs(), value });
    value.catch(() => this.#answers.delete(key));
    return value;
  }
}

function partyOf(participant: Participant): Party {
  const { account, operator, encryptionKey, endpoint, status } = participant;
  const addresses = { account: lower(account), operator: lower(operator) };
  return { ...addresses, encryptionKey, endpoint, roles: participant.roles, active: status === "active" };
}

function unknownParty(account: Address): FarshoreError {
  return new FarshoreError({
    code: "node/unknown-party",
    message: `${account} is not admitted to the marketplace`,
    facts: { account },
    remedy: "the operator of the marketplace admits participants: farshore participant admit",
  });
}
