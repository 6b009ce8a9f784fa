import { connectChain } from "../../../offchain/chain/client.ts";
import { readManifest } from "../../../offchain/chain/manifest.ts";
import { Outbox } from "../../../offchain/chain/outbox.ts";
import { approve } from "../../../offchain/chain/writes/tokens.ts";
import type { Hex } from "../../../offchain/core/bytes.ts";
import { systemClock } from "../../../offchain/core/clock.ts";

// A process that submits one call and ends: node submitOnce.ts RPC_URL MANIFEST OUTBOX, its key in the environment.
const [rpcUrl = "", manifestPath = "", outboxPath = ""] = process.argv.slice(2);
const chain = await connectChain({ rpcUrl, manifest: await readManifest(manifestPath), pollMs: 20 });
const outbox = new Outbox(outboxPath, chain, process.env.FARSHORE_TEST_KEY as Hex, systemClock, { resendMs: 200 });
const call = approve(chain, "StableToken", "JobMarket", 1_000_000n);
console.log((await outbox.submit({ key: "test/approve", ...call })).status);
outbox.close();
