import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, bytesToHex, hexToBytes } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";
import type { RandomBytes } from "../core/rng.ts";
import { generateEncryptionKey } from "../crypto/seal.ts";
import { addressOfKey } from "../crypto/secp256k1.ts";

/** A party's secrets, each 32 bytes. Never logged, never part of an error. */
export interface Keys {
  /** Treasury and administration. */
  readonly account: Uint8Array;
  /** Hot key of the node. */
  readonly operator: Uint8Array;
  readonly encryption: { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array };
  /** Salts the commitments of this party's rows. */
  readonly salt: Uint8Array;
}

const names = ["account", "operator", "encryption", "encryption-public", "salt"] as const;

function keyPath(home: string, name: (typeof names)[number]): string {
  return join(home, "keys", `${name}.key`);
}

/** Writes fresh keys into a folder, readable by its owner only; refuses to overwrite (`keys/exist`). */
export async function createKeys(home: string, random: RandomBytes): Promise<void> {
  mkdirSync(join(home, "keys"), { recursive: true, mode: 0o700 });
  const encryption = await generateEncryptionKey(random);
  write(home, "account", random(32));
  write(home, "operator", random(32));
  write(home, "encryption", encryption.privateKey);
  write(home, "encryption-public", encryption.publicKey);
  write(home, "salt", random(32));
}

function write(home: string, name: (typeof names)[number], key: Uint8Array): void {
  writeKeyFile(keyPath(home, name), key);
}

/** Writes a key to a file that its owner alone can read; refuses to overwrite (`keys/exist`). */
export function writeKeyFile(path: string, key: Uint8Array): void {
  try {
    writeFileSync(path, `${bytesToHex(key)}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw new FarshoreError({
      code: "keys/exist",
      message: `cannot write ${path}`,
      facts: { path },
      remedy: "keys are never overwritten: name another folder or file that can be written, or move the old key away",
      cause,
    });
  }
  chmodSync(path, 0o600);
}

/** Reads a folder's keys; throws `keys/missing`, `keys/malformed` or `keys/too-open`. */
export function readKeys(home: string): Keys {
  return {
    account: read(home, "account"),
    operator: read(home, "operator"),
    encryption: { privateKey: read(home, "encryption"), publicKey: read(home, "encryption-public") },
    salt: read(home, "salt"),
  };
}

function read(home: string, name: (typeof names)[number]): Uint8Array {
  return readKeyFile(keyPath(home, name), "run farshore init");
}

/** Reads a key of 32 bytes from a file; throws `keys/missing` with `make` as its remedy, `keys/malformed`, `keys/too-open`. */
export function readKeyFile(path: string, make: string): Uint8Array {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0 && process.platform !== "win32") throw tooOpen(path);
    text = readFileSync(path, "utf8").trim();
  } catch (cause) {
    if (cause instanceof FarshoreError) throw cause;
    throw new FarshoreError({ code: "keys/missing", message: `no key at ${path}`, remedy: make, cause });
  }
  // The text itself must not reach the error.
  if (!/^0x[0-9a-f]{64}$/.test(text)) {
    throw new FarshoreError({
      code: "keys/malformed",
      message: `${path} does not hold a 32-byte key in hex`,
      remedy: make,
    });
  }
  return hexToBytes(text);
}

function tooOpen(path: string): FarshoreError {
  return new FarshoreError({
    code: "keys/too-open",
    message: `${path} can be read by others`,
    remedy: `chmod 600 ${path}`,
  });
}

/** Public side of a party's keys. */
export function addressesOf(keys: Keys): { account: Address; operator: Address } {
  return { account: addressOfKey(keys.account), operator: addressOfKey(keys.operator) };
}
