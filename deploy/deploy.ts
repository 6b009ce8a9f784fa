import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DeploymentParameters, DeploymentResultType, deploy } from "@nomicfoundation/ignition-core";
import { createPublicClient, http, type PublicClient, type Transport } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainError } from "../offchain/chain/errors.ts";
import { type Manifest, type ManifestContract, manifestContracts } from "../offchain/chain/manifest.ts";
import { chainIdOf, expectSeconds } from "../offchain/chain/verifyManifest.ts";
import type { Address, Hex } from "../offchain/core/bytes.ts";
import { FarshoreError } from "../offchain/core/errors.ts";
import { builtArtifacts } from "./artifacts.ts";
import { checkDeployment } from "./checkDeployment.ts";
import { checkParameters, type Parameters } from "./checkParameters.ts";
import { manifestOf } from "./manifestOf.ts";
import farshore from "./modules/Farshore.ts";
import { signingProvider } from "./signingProvider.ts";

/** Milliseconds between Ignition's looks for blocks. */
const pollMs = 50;

/** Milliseconds that one answer may take: a contract's creation is simulated in it. */
const requestTimeoutMs = 30_000;

export interface DeployOptions {
  /** Where the chain answers: a URL, or viem's transport to one that runs in this process. */
  readonly rpcUrl: string | Transport;
  /** Name of deploy/parameters/NAME.json, and of the manifest when `out` is absent. */
  readonly network: string;
  /** Becomes the first administrator. */
  readonly deployerKey: Hex;
  /** Replaces single parameters of the network's file. */
  readonly parameters?: Readonly<Record<string, string | number | bigint | string[]>>;
  /** Path of the manifest; deploy/networks/NAME.json by default. */
  readonly out?: string;
  /** Ignition's journal, so that a deployment that broke off goes on where it was; kept in memory by default. */
  readonly journal?: string;
}

/**
 * Deploys Farshore with Ignition at gas price 0 onto the chain behind `rpcUrl`, wires roles and writers, and writes the
 * manifest. Throws `chain/unreachable`, `chain/main-network`, `chain/raft-clock`, `deploy/bad-parameter`, `deploy/not-built`,
 * `deploy/failed`, `deploy/wrong-deployment`.
 */
export async function deployTo(options: DeployOptions): Promise<Manifest> {
  const { rpcUrl, network, out = join(import.meta.dirname, "networks", `${network}.json`) } = options;
  const transport = typeof rpcUrl === "string" ? http(rpcUrl, { timeout: requestTimeoutMs, retryCount: 2 }) : rpcUrl;
  const client = createPublicClient({ transport, pollingInterval: pollMs, cacheTime: 0 });
  try {
    await expectSeconds(client);
    const parameters = await parametersOf(options);
    const deployer = privateKeyToAccount(options.deployerKey).address;
    checkParameters(parameters.Farshore as Parameters, deployer);
    const deployedBlock = Number(await client.getBlockNumber());
    const contracts = await deployContracts(options, client, parameters);
    const manifest = await manifestOf(client, contracts, deployedBlock);
    await checkDeployment(client, manifest, parameters.Farshore as Parameters, deployer);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } catch (error) {
    throw chainError(error, client);
  }
}

async function deployContracts(
  options: DeployOptions,
  client: PublicClient,
  deploymentParameters: DeploymentParameters,
): Promise<Record<ManifestContract, Address>> {
  const account = privateKeyToAccount(options.deployerKey);
  const chainId = await chainIdOf(client);
  const deployer = account.address.toLowerCase();
  const result = await deploy({
    config: { requiredConfirmations: 1, blockPollingInterval: pollMs, disableFeeBumping: true },
    artifactResolver: builtArtifacts(),
    provider: signingProvider(client, account, chainId) as never,
    ignitionModule: farshore,
    deploymentParameters,
    accounts: [deployer],
    defaultSender: deployer,
    gasPrice: 0n,
    disableFeeBumping: true,
    ...(options.journal === undefined ? {} : { deploymentDir: options.journal }),
  });
  if (result.type !== DeploymentResultType.SUCCESSFUL_DEPLOYMENT) throw failed(result);
  const byId = result.contracts;
  const address = (name: ManifestContract) => byId[`Farshore#${name}`]?.address as Address;
  return Object.fromEntries(manifestContracts.map((name) => [name, address(name)])) as Record<
    ManifestContract,
    Address
  >;
}

/** Reads parameters of a network's file with single ones replaced; the word "deployer" stands for its account. */
async function parametersOf({ network, deployerKey, parameters = {} }: DeployOptions): Promise<DeploymentParameters> {
  const path = join(import.meta.dirname, "parameters", `${network}.json`);
  const deployer = privateKeyToAccount(deployerKey).address;
  const named = (_: string, value: unknown) => (value === "deployer" ? deployer : bigintOf(_, value));
  const file = JSON.parse(await readFile(path, "utf8"), named) as DeploymentParameters;
  return { Farshore: { ...file.Farshore, ...parameters } };
}

/** Ignition's own spelling of large integers in JSON: "123n". */
export function bigintOf(_: string, value: unknown): unknown {
  return typeof value === "string" && /^[0-9]+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}

function failed(result: object): FarshoreError {
  const text = JSON.stringify(result, (_, value) => (typeof value === "bigint" ? String(value) : value));
  return new FarshoreError({
    code: "deploy/failed",
    message: `the deployment did not complete: ${text.slice(0, 2_000)}`,
    remedy: "mend what the first error names and deploy again; with a journal it goes on where it was",
  });
}
