import { expect } from "chai";
import { seeded } from "../../scripts/portfolio/random.ts";
import type { Delivery, Fault } from "./boards.ts";
import { expectWhole } from "./closedByTheRules.ts";
import type { Federation } from "./federation.ts";
import { messageIn } from "./forge.ts";
import { faultsAt, play } from "./play.ts";
import { seatsThatServe } from "./served.ts";

/** No disturbance of messages is anybody's fault. */
function expectNobodyBlamed(f: Federation): void {
  for (const { name } of f.nodes) expect(faultsAt(f, name), name).to.deep.equal([]);
}

describe("messages that are disturbed on their way", () => {
  it("twice each: the second is known, and changes nothing", () =>
    play({
      prepare: (f) => {
        f.boards.faults = ({ rpc }) => (rpc === "deliver" ? { times: 2 } : undefined);
      },
      judge: (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
      },
    }));

  it("in another order: the job waits for what is missing", () =>
    play({
      prepare: (f) => {
        const random = seeded(7);
        f.boards.faults = ({ rpc }) => (rpc === "deliver" ? { delayMs: Math.floor(random() * 900) } : undefined);
      },
      judge: (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
      },
    }));

  it("with one dealing so late that the result is proposed before it comes: that seat serves the evidence like the others", () =>
    play({
      prepare: (f) => {
        f.boards.faults = ({ from, to, rpc, bytes }) => {
          const message = bytes === null ? undefined : messageIn({ from, to, rpc, bytes });
          const late = rpc === "deliver" && from === "bank-2" && to === "oracle-5" && message?.kind === "update";
          return late && message.round === 2 ? { delayMs: 500 } : undefined;
        };
      },
      judge: async (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
        expect(await seatsThatServe(f)).to.include("oracle-5");
      },
    }));

  it("cut short the first time: refused, and brought again whole", () =>
    play({
      prepare: (f) => {
        const seen = new Set<string>();
        let cut = 0;
        f.boards.faults = ({ from, to, rpc, bytes }) => {
          const message = bytes === null ? undefined : messageIn({ from, to, rpc, bytes });
          const key = `${from}:${to}:${message?.kind}:${message?.round}`;
          if (rpc !== "deliver" || bytes === null || seen.has(key)) return undefined;
          seen.add(key);
          cut += 1;
          return { bytes: bytes.slice(0, Math.floor((bytes.length * (cut % 5)) / 5)) };
        };
      },
      judge: (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
      },
    }));

  it("again and to others: everything that was sent before comes back, to whom it was for and to another board", () =>
    play({
      prepare: (f) => {
        const sent: Delivery[] = [];
        f.onArrival = (delivery) => {
          if (delivery.rpc === "deliver" && delivery.from !== "replayer") sent.push(delivery);
        };
        f.meanwhile = async () => {
          const client = f.boards.clientsOf("replayer", () => true);
          for (const { to, bytes } of sent.splice(0)) {
            const at = f.oracles.findIndex(({ name }) => name === to);
            const other = f.oracles[(at + 1) % f.oracles.length]?.name as string;
            for (const name of [to, other]) {
              await client(f.market.party(name).endpoint)
                .deliver((bytes as Uint8Array).slice())
                .catch(() => undefined);
            }
          }
        };
      },
      judge: async (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
      },
    }));

  it("lost, message or answer, each time with a chance of one in four", () =>
    play({
      prepare: (f) => {
        const random = seeded(11);
        f.boards.faults = ({ rpc }): Fault | undefined => {
          if (rpc !== "deliver" || random() > 0.25) return undefined;
          return { lost: random() < 0.5 ? "message" : "answer" };
        };
      },
      judge: (f, job) => {
        expectNobodyBlamed(f);
        expectWhole(job);
      },
    }));
});
