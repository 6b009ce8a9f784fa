import type { Chain } from "../chain/client.ts";
import { getListings } from "../chain/reads/listings.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { Clock } from "../core/clock.ts";
import { FarshoreError } from "../core/errors.ts";
import { roles } from "../core/tables/roles.ts";
import { lower } from "./envelopes.ts";
import type { Party } from "./network.ts";

// Keys and endpoints change rarely; a party that moved is found again after this.
const freshMs = 10_000;
const active = 1;

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
      const [profile, contact] = await Promise.all([
        this.#chain.call("ParticipantRegistry", "profileOf", [account]),
        this.#chain.call("ParticipantRegistry", "contactOf", [account]),
      ]);
      if (profile.status === 0) throw unknownParty(account);
      return {
        account: lower(account),
        operator: lower(profile.operator),
        encryptionKey: contact.encryptionKey,
        endpoint: contact.endpoint,
        roles: profile.roles,
        active: profile.status === active,
      };
    });
  }

  async partyOfOperator(operator: Address): Promise<Party | undefined> {
    const account = await this.#ask(`operator:${lower(operator)}`, () =>
      this.#chain.call("ParticipantRegistry", "accountOf", [operator]),
    );
    return /^0x0{40}$/.test(account) ? undefined : this.party(account);
  }

  /** Active oracles, in the order in which they were admitted. */
  oracles(): Promise<readonly Party[]> {
    return this.#ask("oracles", async () => {
      const count = Number(await this.#chain.call("ParticipantRegistry", "count", []));
      const accounts = await Promise.all(
        Array.from({ length: count }, (_, i) => this.#chain.call("ParticipantRegistry", "accountAt", [BigInt(i)])),
      );
      const parties = await Promise.all(accounts.map((account) => this.party(account)));
      return parties.filter((p) => p.active && (p.roles & roles.oracle.number) !== 0);
    });
  }

  ownerOf(assetId: bigint): Promise<Address> {
    return this.#ask(`owner:${assetId}`, async () => lower(await this.#chain.call("AssetRegistry", "ownerOf", [assetId])));
  }

  populationOf(assetId: bigint, version: number): Promise<Hex> {
    return this.#ask(`population:${assetId}:${version}`, async () => {
      const listings = await getListings(this.#chain, assetId);
      const listed = listings.find((l) => l.version === version);
      if (listed === undefined) throw unknownVersion(assetId, version);
      return listed.listing.version.populationId;
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

function unknownParty(account: Address): FarshoreError {
  return new FarshoreError({
    code: "node/unknown-party",
    message: `${account} is not admitted to the marketplace`,
    facts: { account },
    remedy: "the operator of the marketplace admits participants: farshore participant admit",
  });
}

function unknownVersion(assetId: bigint, version: number): FarshoreError {
  return new FarshoreError({
    code: "node/unknown-listing",
    message: `asset ${assetId} has no version ${version}`,
    facts: { assetId, version },
  });
}
