import type { Chain } from "../chain/client.ts";
import type { ContractCall } from "../chain/legacyTransaction.ts";
import type { Outbox } from "../chain/outbox.ts";
import { getBeaconParticipant, getBeaconRound } from "../chain/reads/beacon.ts";
import * as beacon from "../chain/writes/beacon.ts";
import type { Address, Hex } from "../core/bytes.ts";
import type { BeaconNetwork, CallOutcome } from "./network.ts";

/** The beacon as a node's steps see it; calls go through the outbox, each sent once. */
export class BeaconCalls implements BeaconNetwork {
  readonly #chain: Chain;
  readonly #outbox: Outbox;

  constructor(chain: Chain, outbox: Outbox) {
    this.#chain = chain;
    this.#outbox = outbox;
  }

  get address(): Address {
    return this.#chain.address("CommitRevealBeacon");
  }

  round = () => getBeaconRound(this.#chain);
  participant = (account: Address) => getBeaconParticipant(this.#chain, account);

  commit(commits: number, head: Hex, length: number): Promise<CallOutcome> {
    return this.#send(`commit:${commits}`, beacon.commit(this.#chain, head, length));
  }

  open(jobId: Hex): Promise<CallOutcome> {
    return this.#send(`open:${jobId}`, beacon.open(this.#chain, jobId));
  }

  reveal(round: bigint, account: Address, preimage: Hex): Promise<CallOutcome> {
    return this.#send(`reveal:${round}`, beacon.reveal(this.#chain, round, account, preimage));
  }

  punish(account: Address, missed: bigint): Promise<CallOutcome> {
    return this.#send(`punish:${account}:${missed}`, beacon.punish(this.#chain, account));
  }

  async #send(step: string, call: ContractCall): Promise<CallOutcome> {
    const { status, error } = await this.#outbox.submit({ key: `beacon:${step}`, ...call });
    return error === null ? { status } : { status, reason: error.message };
  }
}
