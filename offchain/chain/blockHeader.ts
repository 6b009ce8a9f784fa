import { fromRlp, hexToBigInt, keccak256, numberToHex, toRlp } from "viem";
import type { Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

// Block headers as the chain hashes them, from what its RPC shows: what `JobMarket.recordHalt` takes. Pure.

/** A block as `eth_getBlockByNumber` answers, quantities in hex. */
export type RpcBlock = Readonly<Record<string, unknown>> & { readonly hash: Hex; readonly extraData: Hex };

/** A value in RLP: bytes, or a list of values. */
type Rlp = Hex | readonly Rlp[];

/** Fields in the order of the header; numbers lose their leading zeros. Those of later forks are left out where absent. */
const fields = ["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom"];
const quantities = ["difficulty", "number", "gasLimit", "gasUsed", "timestamp"];
const seal = ["mixHash", "nonce"];
const laterForks = [
  ...["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas"],
  ...["parentBeaconBlockRoot", "requestsHash"],
];
const laterQuantities = ["baseFeePerGas", "blobGasUsed", "excessBlobGas"];

/**
 * The header in RLP in the form whose keccak256 is the block's hash: as it is, or with the extraData of QBFT (committed seals and
 * round left out, GoQuorum and Besu) or IBFT (committed seals left out). Throws `chain/unknown-header` when none is.
 */
export function headerOf(block: RpcBlock): Hex {
  const forms = [() => block.extraData, () => qbftExtra(block.extraData), () => ibftExtra(block.extraData)];
  for (const form of forms) {
    const header = encoded(block, form);
    if (header !== undefined && keccak256(header) === block.hash) return header;
  }
  throw new FarshoreError({
    code: "chain/unknown-header",
    message: `the header of block ${String(block.number)} does not hash to ${block.hash} in any known form`,
    facts: { block: String(block.number), hash: block.hash },
    remedy: "the chain hashes its headers in another way: record the halt with a header in that form by another tool",
  });
}

/** Undefined when the extra data is not of that form. */
function encoded(block: RpcBlock, extraData: () => Hex): Hex | undefined {
  let extra: Hex;
  try {
    extra = extraData();
  } catch {
    return undefined;
  }
  const later = laterForks.filter((name) => block[name] !== undefined && block[name] !== null);
  return toRlp([
    ...fields.map((name) => block[name] as Hex),
    ...quantities.map((name) => quantity(block[name] as Hex)),
    extra,
    ...seal.map((name) => block[name] as Hex),
    ...later.map((name) => (laterQuantities.includes(name) ? quantity(block[name] as Hex) : (block[name] as Hex))),
  ]);
}

function quantity(value: Hex): Hex {
  const number = hexToBigInt(value);
  if (number === 0n) return "0x";
  const digits = numberToHex(number);
  return digits.length % 2 === 0 ? digits : `0x0${digits.slice(2)}`;
}

/** RLP([vanity, validators, vote, round, seals]) with round 0 and no seals. */
function qbftExtra(extra: Hex): Hex {
  const [vanity, validators, vote, , , ...rest] = fromRlp(extra, "hex") as Rlp[];
  if (vote === undefined || rest.length > 0) throw new RangeError("no QBFT extra data");
  return toRlp([vanity as Hex, validators as Hex[], vote as Hex[], "0x", []]);
}

/** 32 bytes of vanity and RLP([validators, proposer's seal, seals]) without the seals. */
function ibftExtra(extra: Hex): Hex {
  const vanity = extra.slice(0, 66);
  const [validators, proposerSeal, seals, ...rest] = fromRlp(`0x${extra.slice(66)}`, "hex") as Rlp[];
  if (seals === undefined || rest.length > 0) throw new RangeError("no IBFT extra data");
  return `${vanity}${toRlp([validators as Hex[], proposerSeal as Hex, []]).slice(2)}` as Hex;
}
