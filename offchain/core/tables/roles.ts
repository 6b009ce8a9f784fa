import { bitsOf, nameOf, namesOf, numberOf } from "./lookup.ts";

/** Roles of a participant, one bit each: the ROLE_* constants of contracts/identity/Roles.sol. */
export const roles = {
  institution: { number: 1, title: "Institution" },
  buyer: { number: 2, title: "Buyer" },
  oracle: { number: 4, title: "Compute oracle" },
  evaluator: { number: 8, title: "Evaluator" },
  regulator: { number: 16, title: "Regulator" },
  issuer: { number: 32, title: "Issuer of credentials" },
} as const;

export type Role = keyof typeof roles;

/** Number of a role; throws `core/unknown-name`. */
export function roleNumber(name: string): number {
  return numberOf(roles, "role", name);
}

/** Name of a role's number; throws `core/unknown-number`. */
export function roleName(number: number): Role {
  return nameOf(roles, "role", number);
}

/** Bitmap of several names; throws `core/unknown-name`. */
export function roleBits(names: readonly string[]): number {
  return bitsOf(roles, "role", names);
}

/** Names of the bits that are set; throws `core/unknown-number`. */
export function rolesOfBits(bits: number): Role[] {
  return namesOf(roles, "role", bits);
}
