import { createServer, type Server } from "node:net";
import { FarshoreError } from "../../offchain/core/errors.ts";

// Below the ports that systems hand out for connections (32768 and up), so that none of those takes one before its owner listens
// there. Each process looks in its own hundred: two that start at once do not find the same.
const firstPort = 10_240;
const regionSize = 100;
const regions = 200;
const region = firstPort + regionSize * (process.pid % regions);
let looked = 0;

/** So many ports of this machine that nobody listens on now. Throws `chain/no-free-port`. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; tries < regionSize && ports.length < count; tries++) {
    const port = region + (looked++ % regionSize);
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length === count) return ports;
  throw new FarshoreError({
    code: "chain/no-free-port",
    message: `of the ports from ${region} to ${region + regionSize - 1} only ${ports.length} are free`,
    facts: { had: ports.length, needed: count },
    remedy: "end programs that were left running, or try again: another process looks elsewhere",
  });
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listens = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (listens) await closed(server);
  return listens;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}
