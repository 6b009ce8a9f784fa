import type { Hex } from "../../offchain/core/bytes.ts";
import { embeddedKey } from "../chain/embedded.ts";

/** The embedded chain's own first key, or FARSHORE_DEPLOYER_KEY for a chain that the user brought. */
export function deployerKey(rpc: string | undefined): Hex {
  if (rpc === undefined) return embeddedKey(0);
  const key = process.env.FARSHORE_DEPLOYER_KEY;
  if (key !== undefined && /^0x[0-9a-fA-F]{64}$/.test(key)) return key as Hex;
  process.stderr.write(
    "--rpc needs FARSHORE_DEPLOYER_KEY: 0x and 64 hex digits, the key that deploys and administers\n",
  );
  process.exit(2);
}
