import { readFile } from "node:fs/promises";
import { z } from "zod/v4";
import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

/** Contracts of one deployment, in the order in which they are shown. */
export const manifestContracts = [
  "AccessManager",
  "ParticipantRegistry",
  "StableToken",
  "IncentiveToken",
  "AssetRegistry",
  "PrivacyLedger",
  "UsageLedger",
  "OracleCommittee",
  "CommitRevealBeacon",
  "JobMarket",
  "JobOpening",
  "JobEnding",
  "JobDisputes",
  "JobVerdicts",
  "RuleBook",
  "Constitution",
] as const;
export type ManifestContract = (typeof manifestContracts)[number];

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/) as unknown as z.ZodType<Address>;
const hash = z.string().regex(/^0x[0-9a-f]{64}$/) as unknown as z.ZodType<Hex>;

function perContract<T>(value: z.ZodType<T>) {
  const shape = Object.fromEntries(manifestContracts.map((name) => [name, value]));
  return z.strictObject(shape) as unknown as z.ZodType<Record<ManifestContract, T>>;
}

/** One deployment on one chain: what nodes, CLI and audit are pointed at. `codeHashes`: SHA-256 of the runtime code. */
export const Manifest = z.strictObject({
  version: z.literal(1),
  chainId: z.int().min(2, "chain id 1 is Ethereum's main network, which Farshore refuses"),
  genesisHash: hash,
  deployedBlock: z.int().min(0),
  contracts: perContract(address),
  codeHashes: perContract(hash),
});
export type Manifest = z.infer<typeof Manifest>;

/** Reads and checks a manifest file; throws `chain/no-manifest` or `chain/bad-manifest`. */
export async function readManifest(path: string): Promise<Manifest> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new FarshoreError({
      code: "chain/no-manifest",
      message: `there is no network manifest at ${path}`,
      facts: { path },
      remedy: "deploy first, or give the path of the manifest that the deployment wrote",
      cause,
    });
  });
  return parseManifest(text, path);
}

/** Checks the text of a manifest; `source` names it in errors. Throws `chain/bad-manifest`. */
export function parseManifest(text: string, source: string): Manifest {
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined;
    const reason = issue === undefined ? "it is not JSON" : `${issue.path.join(".")}: ${issue.message}`;
    throw new FarshoreError({
      code: "chain/bad-manifest",
      message: `the network manifest ${source} is malformed: ${reason}`,
      facts: { source, reason },
      remedy: "take the file that the deployment wrote, unchanged",
      cause,
    });
  }
}
