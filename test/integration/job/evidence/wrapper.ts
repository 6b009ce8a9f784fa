import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { toFunctionSelector } from "viem";
import { jobMarketAbi } from "../../../../offchain/chain/abi/generated/jobMarket.ts";
import type { Address, Hex } from "../../../../offchain/core/bytes.ts";
import type { Marketplace } from "../marketplace.ts";
import { changeConfig } from "../parties.ts";

/** Where the contract is put that calls the market for whoever calls it. */
export const wrapper: Address = `0x${"f0".repeat(20)}`;

const proposeSelector = toFunctionSelector(
  jobMarketAbi.find((entry) => entry.type === "function" && entry.name === "propose") as never,
);
// A contract that knows no entry point of the market's: the market is called with whatever follows the first 4 bytes.
const marked: Hex = "0xdeadbeef";

/**
 * From now on a result is proposed through `wrapper`: the oracles ask the chain by a proxy, and whoever of them first wants to
 * propose finds that somebody did so, with its very words, through a contract. Returns how to end the proxy.
 */
export async function proposeThroughWrapper(m: Marketplace): Promise<() => void> {
  const { session } = m;
  const code = forwarder(session.chain.address("JobMarket"));
  await session.chain.ask((c) => c.request({ method: "hardhat_setCode", params: [wrapper, code] } as never));
  let proposed: Promise<unknown> | undefined;
  const proxy = await proxyBefore(m.rpcUrl, async ({ params }) => {
    const data = (params?.[0] as { data?: Hex } | undefined)?.data;
    if (data?.startsWith(proposeSelector) !== true) return;
    proposed ??= session.send("wrapped", { to: wrapper, data: `${marked}${data.slice(2)}` });
    await proposed;
  });
  const oracles = m.parties.filter(({ role }) => role === "oracle");
  for (const { name, home } of oracles) {
    await m.killNode(name);
    changeConfig(home, { rpcUrl: proxy.url });
  }
  await Promise.all(oracles.map(({ name }) => m.startNode(name)));
  return proxy.stop;
}

/** Runtime code: calls the market with the calldata from byte 4 on; reverts as the market does. */
function forwarder(market: Address): Hex {
  const copy = "60043603" + "8060046000" + "37"; // length - 4; calldatacopy(0, 4, length - 4)
  const call = `60006000826000600073${market.slice(2).toLowerCase()}5af1`;
  const end = "603757" + "3d600060003e" + "3d6000fd" + "5b00"; // to 0x37 when it worked, else revert with what came back
  return `0x${copy}${call}${end}`;
}

type Question = { readonly params?: readonly unknown[] };

async function proxyBefore(target: string, before: (question: Question) => Promise<void>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    await before(JSON.parse(body.toString()) as Question);
    const answer = await fetch(target, { method: "POST", headers: { "content-type": "application/json" }, body });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
