import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Hex } from "../../offchain/core/bytes.ts";
import { decodeFrames } from "../../offchain/protocol/frames.ts";
import type { Federation, SeenStep } from "./federation.ts";
import type { SimulatedNode } from "./simulatedNode.ts";

// As many bytes of a part as nothing else has by chance, from its middle: its ends are lengths.
const traceBytes = 24;
const secretKinds = ["part", "own-dealing", "second-dealing"];

/** Remembers bytes of the shares that each node keeps, to look for them in its files afterwards. */
export class KeptShares {
  readonly #f: Federation;
  readonly #traces = new Map<string, Map<string, Buffer>>();

  constructor(f: Federation) {
    this.#f = f;
  }

  /** Call at each step of the federation. */
  see({ party, step, phase }: SeenStep): void {
    const job = this.#f.job?.jobId;
    if (phase !== "after" || job === undefined) return;
    if (step === "data.keepDealing") this.#remember(party, job, "own-dealing", (bytes) => decodeFrames(bytes, 2)[1]);
    if (step === "oracle.keepDealing") this.#remember(party, job, "part", (bytes) => bytes);
    if (step === "oracle.keepValidation") this.#remember(party, job, "part", (bytes) => bytes);
  }

  /** How many of a node's remembered shares stand in its files now: database and write-ahead log, as raw bytes. */
  foundOf(node: SimulatedNode): number {
    const files = readdirSync(node.stateFolder).map((name) => readFileSync(join(node.stateFolder, name)));
    const traces = [...(this.#traces.get(node.name)?.values() ?? [])];
    return traces.filter((trace) => files.some((file) => file.includes(trace))).length;
  }

  /** Asserts that no running node has a share left, in its tables or anywhere in its files. */
  expectErased(job: Hex): void {
    for (const node of this.#f.nodes.filter((n) => n.alive)) {
      const left = secretKinds.flatMap((kind) => node.running.ctx.store.messages(job, kind));
      expect(left, `messages of ${node.name}`).to.have.length(0);
      expect(this.foundOf(node), `shares in the files of ${node.name}`).to.equal(0);
    }
  }

  #remember(party: string, job: Hex, kind: string, partOf: (bytes: Uint8Array) => Uint8Array | undefined): void {
    const { store } = this.#f.node(party).running.ctx;
    const known = this.#traces.get(party) ?? new Map<string, Buffer>();
    this.#traces.set(party, known);
    for (const { hash, bytes } of store.messages(job, kind)) {
      const part = known.has(hash) ? undefined : partOf(bytes);
      if (part === undefined || part.length < traceBytes) continue;
      const from = (part.length - traceBytes) >> 1;
      known.set(hash, Buffer.from(part.subarray(from, from + traceBytes)));
    }
  }
}
