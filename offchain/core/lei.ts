import { FarshoreError } from "./errors.ts";

/**
 * Checks a Legal Entity Identifier (ISO 17442): 18 upper-case letters or digits and two check digits, ISO 7064
 * mod 97-10. Returns it unchanged; throws `core/bad-lei`.
 */
export function checkLei(lei: string): string {
  if (!/^[0-9A-Z]{18}[0-9]{2}$/.test(lei)) throw badLei(lei, "expected 18 upper-case letters or digits and 2 digits");
  if (mod97(lei) !== 1) throw badLei(lei, "the check digits do not fit");
  return lei;
}

/** The identifier of a prefix of 18 upper-case letters or digits: the prefix and its two check digits. */
export function makeLei(prefix18: string): string {
  if (!/^[0-9A-Z]{18}$/.test(prefix18)) throw badLei(prefix18, "expected 18 upper-case letters or digits");
  return `${prefix18}${String(98 - mod97(`${prefix18}00`)).padStart(2, "0")}`;
}

/** Remainder of the number that the text spells when A..Z stand for 10..35 (ISO 7064). */
function mod97(text: string): number {
  const digits = text.replace(/[A-Z]/g, (letter) => String(Number.parseInt(letter, 36)));
  return Number(BigInt(digits) % 97n);
}

function badLei(lei: string, reason: string): FarshoreError {
  return new FarshoreError({
    code: "core/bad-lei",
    message: `${JSON.stringify(lei.slice(0, 40))} is not a Legal Entity Identifier: ${reason}`,
    facts: { lei: lei.slice(0, 40), reason },
    remedy: "copy the 20 characters from the entity's record in the global LEI index",
  });
}
