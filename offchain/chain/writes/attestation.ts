import { bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { compactSignature } from "../../crypto/secp256k1.ts";

/** Signatures of seats as the market takes them: bitmap of seats, and 64 bytes (ERC-2098) each in seat order. */
export interface Attestation {
  readonly signers: bigint;
  readonly signatures: Hex;
}

/** Packs 65-byte signatures by seat number; throws `crypto/bad-signature` for a malformed one. */
export function packAttestation(signatures: ReadonlyMap<number, Hex>): Attestation {
  const seats = [...signatures.keys()].sort((a, b) => a - b);
  const signers = seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
  const packed = seats.map((seat) => bytesToHex(compactSignature(hexToBytes(signatures.get(seat) as Hex))).slice(2));
  return { signers, signatures: `0x${packed.join("")}` };
}
