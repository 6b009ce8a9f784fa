import type { Address, Hex } from "../core/bytes.ts";
import { FarshoreError } from "../core/errors.ts";

/** A job id of the command line; throws `job/bad-id`. */
export function jobId(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  throw badId(
    "job/bad-id",
    "job",
    text,
    "0x and 64 hex digits",
    "see farshore job inbox, or what farshore job post printed",
  );
}

/** An asset id of the command line; throws `asset/bad-id`. */
export function assetId(text: string): bigint {
  if (/^[0-9]{1,78}$/.test(text)) return BigInt(text);
  throw badId("asset/bad-id", "asset", text, "a whole number", "see farshore asset show for what is listed");
}

/** An account's address on the command line; throws `cli/bad-address`. */
export function address(text: string): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text as Address;
  throw badId("cli/bad-address", "account", text, "an address: 0x and 40 hex digits", "see farshore participant show");
}

/** A URL of a service on the command line; throws `cli/bad-url`. */
export function serviceUrl(text: string): string {
  if (isServiceUrl(text)) return text;
  throw badId("cli/bad-url", "URL", text, "http:// or https:// and a host", "write it as http://host:port");
}

/** True for http:// and https:// with a host. */
export function isServiceUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:\/\/[^/]/.test(text);
}

/** A whole number of an option that the contract keeps in `bits`; throws `asset/bad-option` with the option's name. */
export function wholeNumber(option: string, text: string, bits: 8 | 16 | 32 | 64): bigint {
  const largest = 2n ** BigInt(bits) - 1n;
  if (/^[0-9]{1,20}$/.test(text) && BigInt(text) <= largest) return BigInt(text);
  const expected = `a whole number of at most ${largest}`;
  throw new FarshoreError({
    code: "asset/bad-option",
    message: `--${option}: expected ${expected}, not ${JSON.stringify(text.slice(0, 40))}`,
    facts: { option, expected },
    remedy: "see farshore asset list --help",
  });
}

function badId(code: string, what: string, text: string, expected: string, remedy: string): FarshoreError {
  const had = text.slice(0, 80);
  return new FarshoreError({
    code,
    message: `${what} ${JSON.stringify(had)}: expected ${expected}`,
    facts: { had, expected },
    remedy,
  });
}
