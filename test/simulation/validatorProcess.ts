import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobRecord } from "../../offchain/chain/jobRecord.ts";
import type { Address } from "../../offchain/core/bytes.ts";
import { systemRandom } from "../../offchain/core/rng.ts";
import { type DeliveryWays, ValidationDelivery } from "../../offchain/sdk/deliverValidation.ts";
import type { BoardClient, CallControl } from "../../offchain/transport/client.ts";
import type { Boards } from "./boards.ts";
import type { SimulatedMarket } from "./market.ts";
import type { SimulatedParty } from "./parties.ts";
import { Killed, type Phase } from "./simulatedNode.ts";

type ValidatorStep = "validator.keepDealing" | "validator.send";

interface Life {
  readonly delivery: ValidationDelivery;
  sending: number;
  alive: boolean;
}

/** Whoever delivers the validation rows of a job, as a program that may die and be started again over the same files. */
export class ValidatorProcess {
  readonly party: SimulatedParty;
  readonly #market: SimulatedMarket;
  readonly #boards: Boards;
  readonly #onStep: (step: ValidatorStep, phase: Phase) => void;
  /** Payload that it delivers: salt and rows. */
  readonly path: string;
  #life: Life | undefined;
  #running = true;

  constructor(parts: {
    party: SimulatedParty;
    market: SimulatedMarket;
    boards: Boards;
    payload: Uint8Array;
    onStep: (step: ValidatorStep, phase: Phase) => void;
  }) {
    this.party = parts.party;
    this.#market = parts.market;
    this.#boards = parts.boards;
    this.#onStep = parts.onStep;
    this.path = join(parts.party.home, "validation.rows");
    writeFileSync(this.path, parts.payload);
  }

  get busy(): number {
    return this.#life?.sending ?? 0;
  }

  /** Seats that said that they hold the rows. */
  get holding(): number {
    return this.#life?.delivery.holding ?? 0;
  }

  /** Delivers while the job runs. */
  async look(job: JobRecord): Promise<void> {
    if (!this.#running || job.state !== "Running") return;
    this.#life ??= this.#start(job);
    try {
      await this.#life.delivery.step();
    } catch {
      // The program ends with the error, and is run again.
      this.#life?.delivery.close();
      this.#life = undefined;
    }
  }

  kill(): void {
    this.#running = false;
    const life = this.#life;
    this.#life = undefined;
    if (life === undefined) return;
    life.alive = false;
    life.delivery.close();
  }

  start(): void {
    this.#running = true;
  }

  /** Ends it and removes what it kept. */
  reset(job: JobRecord | undefined): void {
    this.kill();
    rmSync(this.path, { force: true });
    if (job !== undefined) rmSync(`${this.path}.${job.jobId}.dealing`, { force: true });
  }

  #start(job: JobRecord): Life {
    const { keys, operator, name } = this.party;
    const { access, clock } = this.#market;
    const alive = () => life.alive;
    const clients = this.#boards.clientsOf(name, alive);
    const ways: DeliveryWays = {
      boardOf: async (account) => {
        const board = this.#market.parties.find((p) => p.account === account.toLowerCase());
        if (board === undefined || !alive()) return null;
        life.sending += 1;
        return { encryptionKey: board.encryptionKey, client: counted(clients(board.endpoint), life) };
      },
      observe: (step, phase) => {
        if (!life.alive) throw new Killed(`${name} is dead`);
        try {
          this.#onStep(step, phase);
        } catch (error) {
          // A send that ends here reaches no board.
          if (step === "validator.send" && phase === "before") life.sending -= 1;
          throw error;
        }
      },
    };
    const validator = { chain: access, clock, keys, operator: operator as Address, random: systemRandom };
    const life: Life = { delivery: new ValidationDelivery(validator, job, this.path, ways), sending: 0, alive: true };
    return life;
  }
}

// A send is under way from the look for the board to the board's answer.
function counted(client: BoardClient, life: Life): BoardClient {
  return {
    ...client,
    deliver: async (bytes: Uint8Array, control?: CallControl) => {
      try {
        return await client.deliver(bytes, control);
      } finally {
        life.sending -= 1;
      }
    },
  };
}
