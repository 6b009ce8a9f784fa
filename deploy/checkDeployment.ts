import { type PublicClient, parseAbi } from "viem";
import type { Manifest } from "../offchain/chain/manifest.ts";
import type { Address } from "../offchain/core/bytes.ts";
import { FarshoreError } from "../offchain/core/errors.ts";
import type { Parameters } from "./checkParameters.ts";

const abi = parseAbi([
  "function hasRole(uint64 role, address account) view returns (bool isMember, uint32 delay)",
  "function delayFloor() view returns (uint256)",
  "function baseDelaySeconds() view returns (uint32)",
  "function exitDelaySeconds() view returns (uint64)",
  "function balanceOf(address account) view returns (uint256)",
]);

/** The AccessManager's own role. */
const administrator = 0n;

/**
 * Reads back what stands on the chain: the Constitution administers, under the one delay of both; who deployed administers nothing (but
 * on a chain for development) and holds no votes; exits wait as they should. Throws `deploy/wrong-deployment` with what differs.
 */
export async function checkDeployment(
  client: PublicClient,
  { contracts }: Pick<Manifest, "contracts">,
  parameters: Parameters,
  deployer: Address,
): Promise<void> {
  const { AccessManager, Constitution, OracleCommittee, IncentiveToken } = contracts;
  const delay = Number((parameters.constitution as { delay: unknown }).delay);
  const role = (account: Address) =>
    client.readContract({ abi, address: AccessManager, functionName: "hasRole", args: [administrator, account] });
  const [isAdministrator, waits] = await role(Constitution);
  expectValue("administrator", isAdministrator ? Constitution : "another", Constitution);
  expectValue("administratorDelay", waits, delay);
  const floor = await client.readContract({ abi, address: Constitution, functionName: "delayFloor" });
  expectValue("constitution.delay", floor, delay);
  const base = await client.readContract({ abi, address: Constitution, functionName: "baseDelaySeconds" });
  expectValue("constitution.baseDelaySeconds", base, delay);
  const exit = await client.readContract({ abi, address: OracleCommittee, functionName: "exitDelaySeconds" });
  expectValue("exitDelaySeconds", exit, Number(parameters.exitDelaySeconds));
  if (parameters.embedded === true) return;

  expectValue("the deployer administers", (await role(deployer))[0], false);
  const votes = await client.readContract({
    abi,
    address: IncentiveToken,
    functionName: "balanceOf",
    args: [deployer],
  });
  expectValue("incentive tokens of the deployer", votes, 0);
}

function expectValue(field: string, had: bigint | number | boolean | string, needed: number | boolean | string): void {
  if (String(had) === String(needed)) return;
  throw new FarshoreError({
    code: "deploy/wrong-deployment",
    message: `${field} is ${had} on the chain, and has to be ${needed}`,
    facts: { field, value: String(had), needed: String(needed) },
    remedy: "do not use this deployment: deploy again, from a checkout that was not changed",
  });
}
