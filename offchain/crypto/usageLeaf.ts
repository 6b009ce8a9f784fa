import { encodeAbiParameters } from "viem";
import { type Address, concatBytes, type Hex, hexToBytes } from "../core/bytes.ts";
import { keccakHex } from "../core/hash.ts";

/** The fields of `IUsageLedger.UsageProof`; units are specified there. */
export interface UsageLeaf {
  readonly jobId: Hex;
  readonly assetId: bigint;
  readonly version: number;
  readonly datasetRoot: Hex;
  readonly institution: Address;
  readonly buyer: Address;
  readonly purpose: number;
  readonly legalBasis: number;
  readonly termsHash: Hex;
  readonly codeHash: Hex;
  readonly rulesVersion: number;
  readonly aggregation: number;
  readonly rhoNano: bigint;
  readonly roundsDigest: Hex;
  readonly modelRoot: Hex;
  readonly outcome: number;
  readonly time: bigint;
}

const usageProofTuple = [
  {
    type: "tuple",
    components: [
      { name: "jobId", type: "bytes32" },
      { name: "assetId", type: "uint256" },
      { name: "version", type: "uint32" },
      { name: "datasetRoot", type: "bytes32" },
      { name: "institution", type: "address" },
      { name: "buyer", type: "address" },
      { name: "purpose", type: "uint16" },
      { name: "legalBasis", type: "uint16" },
      { name: "termsHash", type: "bytes32" },
      { name: "codeHash", type: "bytes32" },
      { name: "rulesVersion", type: "uint32" },
      { name: "aggregation", type: "uint8" },
      { name: "rhoNano", type: "uint64" },
      { name: "roundsDigest", type: "bytes32" },
      { name: "modelRoot", type: "bytes32" },
      { name: "outcome", type: "uint8" },
      { name: "time", type: "uint64" },
    ],
  },
] as const;

const leafTag = new Uint8Array([0x00]);

/** keccak256(0x00 ‖ abi.encode(UsageProof)): the leaf of one usage proof in the ledger's mountain range. */
export function leafHash(proof: UsageLeaf): Hex {
  return keccakHex(concatBytes(leafTag, hexToBytes(encodeAbiParameters(usageProofTuple, [proof]))));
}
