import { cpSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { systemRandom } from "../../offchain/core/rng.ts";
import { type AssembledNode, assembleNode } from "../../offchain/node/assemble.ts";
import { boardHandler } from "../../offchain/node/oracle/board.ts";
import type { Step } from "../../offchain/node/steps.ts";
import type { NodeConfig } from "../../offchain/party/config.ts";
import { releaseCodeHash } from "../../offchain/protocol/codeHash.ts";
import type { BoardHandler } from "../../offchain/transport/board.ts";
import type { Boards } from "./boards.ts";
import type { SimulatedMarket } from "./market.ts";
import type { SimulatedParty } from "./parties.ts";
import type { ChainAccess } from "./simulatedChain.ts";
import type { VirtualClock } from "./virtualClock.ts";

export type Phase = "before" | "after";

/** Thrown where a node dies: what it was doing ends there. */
export class Killed extends Error {}

/** Told of every step of a node; what it throws ends the act. */
export type OnStep = (node: SimulatedNode, step: Step, phase: Phase) => void;

interface Life {
  readonly node: AssembledNode;
  readonly handler: BoardHandler;
  readonly access: ChainAccess;
  readonly steps: { sleeping: number };
  alive: boolean;
}

/** The node of one party over its folder: killed at any step, and assembled again from what was on the disk. */
export class SimulatedNode {
  readonly party: SimulatedParty;
  readonly #market: SimulatedMarket;
  readonly #boards: Boards;
  readonly #config: NodeConfig;
  readonly #onStep: OnStep;
  readonly #log: Logger;
  #life: Life | undefined;
  #seen = -1;

  constructor(parts: {
    party: SimulatedParty;
    market: SimulatedMarket;
    boards: Boards;
    config: NodeConfig;
    onStep: OnStep;
    log: Logger;
  }) {
    this.party = parts.party;
    this.#market = parts.market;
    this.#boards = parts.boards;
    this.#config = parts.config;
    this.#onStep = parts.onStep;
    this.#log = parts.log;
    if (parts.party.endpoint !== "") {
      parts.boards.serve(parts.party.endpoint, parts.party.name, () => this.#life?.handler ?? null);
    }
  }

  get name(): string {
    return this.party.name;
  }

  get alive(): boolean {
    return this.#life !== undefined;
  }

  /** The running node; throws while there is none. */
  get running(): AssembledNode {
    if (this.#life === undefined) throw new Error(`${this.name} does not run`);
    return this.#life.node;
  }

  get handler(): BoardHandler {
    if (this.#life === undefined) throw new Error(`${this.name} does not run`);
    return this.#life.handler;
  }

  /** Acts under way that do not wait for the clock. */
  get busy(): number {
    if (this.#life === undefined) return 0;
    const { node, steps } = this.#life;
    return node.loop.underWay + node.ctx.calls.underWay - steps.sleeping;
  }

  get stateFolder(): string {
    return join(this.party.home, "state");
  }

  /** Puts the node together over what its folder holds. */
  start(): void {
    const { manifest, chain, clock } = this.#market;
    const access = chain.access(manifest);
    const steps = { sleeping: 0 };
    const { keys } = this.party;
    const alive = () => life.alive;
    const observe = (step: Step, phase: Phase) => {
      if (!life.alive) throw new Killed(`${this.name} is dead`);
      this.#onStep(this, step, phase);
    };
    const node = assembleNode({
      ...{ config: this.#config, keys, chain: access.chain, clock: countingSleeps(clock, steps), random: systemRandom },
      ...{ log: this.#log, observe, board: this.#boards.clientsOf(this.name, alive) },
    });
    const identity = { genesisHash: manifest.genesisHash, release: "simulation", codeHash: releaseCodeHash } as const;
    const life: Life = { node, handler: boardHandler(node.ctx, identity, node.loop), access, steps, alive: true };
    this.#life = life;
    this.#seen = -1;
    void node.outbox.resume().catch(() => undefined);
  }

  /** Follows the chain where it has a new block, and looks at every job. */
  async look(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    const { blocks } = this.#market.chain;
    try {
      if (this.#seen !== blocks) await life.node.network.sync();
      this.#seen = blocks;
      if (life.alive) await life.node.tick();
    } catch (error) {
      if (life.alive) throw error;
    }
  }

  /** Ends the node here and now, as `kill -9` does: nothing is written any more, the folder is what was on the disk. */
  kill(): void {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.alive = false;
    life.access.cut();
    const after = `${this.stateFolder}.killed`;
    // Closing a store folds its log into the file, which a killed process does not.
    cpSync(this.stateFolder, after, { recursive: true, filter: (path) => !path.endsWith("-shm") });
    end(life.node);
    rmSync(this.stateFolder, { recursive: true });
    renameSync(after, this.stateFolder);
  }

  /** Ends the node and forgets all that it kept: another case begins. */
  reset(): void {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined) {
      life.alive = false;
      life.access.cut();
      end(life.node);
    }
    rmSync(this.stateFolder, { recursive: true, force: true });
    rmSync(join(this.party.home, "inbox"), { recursive: true, force: true });
    mkdirSync(this.stateFolder, { recursive: true });
  }
}

function end({ ctx, loop, outbox }: AssembledNode): void {
  void loop.close();
  void ctx.calls.close();
  outbox.close();
  ctx.ledger.close();
  ctx.store.close();
}

// Sleeps without a signal are those of a step that waits for a block; long polls bring one.
function countingSleeps(clock: VirtualClock, steps: { sleeping: number }) {
  return {
    nowMs: () => clock.nowMs(),
    nowSeconds: () => clock.nowSeconds(),
    async sleep(ms: number, signal?: AbortSignal) {
      if (signal !== undefined) return clock.sleep(ms, signal);
      steps.sleeping += 1;
      try {
        await clock.sleep(ms);
      } finally {
        steps.sleeping -= 1;
      }
    },
  };
}
