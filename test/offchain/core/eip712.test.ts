import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { concat, encodeAbiParameters, hashTypedData, keccak256, stringToBytes } from "viem";
import { bytesToHex, type Hex } from "../../../offchain/core/bytes.ts";
import {
  farshoreDomain,
  farshoreTypes,
  type PrimaryType,
  structHash,
  typedHash,
} from "../../../offchain/core/eip712.ts";

const word = (digit: string): Hex => `0x${digit.repeat(64)}`;
const market = `0x${"0b".repeat(20)}` as const;
const domain = farshoreDomain(1337, market);

const roundSet = { jobId: word("1"), round: 3, stateHash: word("2"), bitmap: 5n, dealingsRoot: word("4") };

const files: Record<string, string> = {
  AssetUse: "assets/IAssetRegistry.sol",
  OperatorKey: "identity/IParticipantRegistry.sol",
  Verdict: "market/IDisputeTypes.sol",
};

/** Fields of a Solidity struct as `type name`; enumerations are signed as uint8. */
function fieldsOf(struct: string): string[] {
  const path = files[struct] ?? "market/IJobTypes.sol";
  const source = readFileSync(new URL(`../../../contracts/${path}`, import.meta.url), "utf8");
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(source)?.[1] ?? "";
  return body
    .split(";")
    .map((line) => line.trim())
    .filter(Boolean);
}

describe("EIP-712", () => {
  for (const name of Object.keys(farshoreTypes) as PrimaryType[]) {
    it(`${name} has the fields of the contracts' struct, in its order`, () => {
      const said = farshoreTypes[name].map((field) => `${field.type} ${field.name}`);
      expect(said).to.deep.equal(fieldsOf(name).map((field) => field.replace("IAssetRegistry.", "")));
    });
  }

  it("refuses a field that is missing and an integer out of its range", () => {
    const { bitmap: _, ...less } = roundSet;
    expect(() => typedHash(domain, "RoundSet", less)).to.throw();
    expect(() => typedHash(domain, "RoundSet", { ...roundSet, round: 65_536 })).to.throw();
  });

  it("equals viem's own hash for every struct, over random fields", () => {
    const hex = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex);
    const fieldOf = (type: string): fc.Arbitrary<unknown> => {
      if (type === "bytes32") return hex(32);
      if (type === "JobResult") return recordOf(farshoreTypes.JobResult);
      if (type === "address") return hex(20);
      const bits = BigInt(type.replace(/^u?int/, ""));
      return type.startsWith("int")
        ? fc.bigInt({ min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n })
        : fc.bigInt({ min: 0n, max: (1n << bits) - 1n });
    };
    const recordOf = (fields: readonly { name: string; type: string }[]) =>
      fc.record(Object.fromEntries(fields.map(({ name, type }) => [name, fieldOf(type)])));
    for (const primaryType of Object.keys(farshoreTypes) as PrimaryType[]) {
      const fields = farshoreTypes[primaryType].filter(({ type }) => !type.startsWith("AssetUse"));
      const message = recordOf(fields);
      fc.assert(
        fc.property(message, (values) => {
          const whole = primaryType === "JobTerms" ? { ...values, assets: [] } : values;
          const typed = { domain, types: farshoreTypes, primaryType, message: whole };
          expect(typedHash(domain, primaryType, whole)).to.equal(hashTypedData(typed as never));
        }),
        { numRuns: 30 },
      );
    }
  });

  it("hashes as the standard says: 0x1901, the domain, the struct", () => {
    const type = "RoundSet(bytes32 jobId,uint16 round,bytes32 stateHash,uint256 bitmap,bytes32 dealingsRoot)";
    const struct = hashWords(
      ["bytes32", "bytes32", "uint16", "bytes32", "uint256", "bytes32"],
      [keccak256(stringToBytes(type)), ...Object.values(roundSet)],
    );
    const domainType = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
    const separator = hashWords(
      ["bytes32", "bytes32", "bytes32", "uint256", "address"],
      [
        keccak256(stringToBytes(domainType)),
        keccak256(stringToBytes("Farshore")),
        keccak256(stringToBytes("1")),
        1337n,
        market,
      ],
    );
    expect(structHash("RoundSet", roundSet)).to.equal(struct);
    expect(typedHash(domain, "RoundSet", roundSet)).to.equal(keccak256(concat(["0x1901", separator, struct])));
  });

  it("gives another hash for every field, chain, market and type", () => {
    const hashes = [
      typedHash(domain, "RoundSet", roundSet),
      typedHash(farshoreDomain(1338, market), "RoundSet", roundSet),
      typedHash(farshoreDomain(1337, `0x${"0c".repeat(20)}`), "RoundSet", roundSet),
      typedHash(domain, "StateAttestation", { ...roundSet, roundsDigest: word("4") }),
      ...Object.keys(roundSet).map((field) =>
        typedHash(domain, "RoundSet", { ...roundSet, [field]: changed(roundSet[field as keyof typeof roundSet]) }),
      ),
    ];
    expect(new Set(hashes).size).to.equal(hashes.length);
  });
});

function changed(value: Hex | number | bigint): unknown {
  if (typeof value === "string") return word("9");
  return typeof value === "bigint" ? value + 1n : value + 1;
}

function hashWords(types: string[], values: unknown[]): Hex {
  return keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      values as never,
    ),
  );
}
