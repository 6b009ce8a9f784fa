import type { Command } from "commander";
import { getParticipant } from "../../chain/reads/participants.ts";
import { admit } from "../../chain/writes/participants.ts";
import { type Address, bytesToHex, type Hex, hexToBytes } from "../../core/bytes.ts";
import { FarshoreError } from "../../core/errors.ts";
import { keccakHex } from "../../core/hash.ts";
import { checkLei } from "../../core/lei.ts";
import { jurisdictionName, jurisdictionNumber } from "../../core/tables/jurisdictions.ts";
import { roleBits, rolesOfBits } from "../../core/tables/roles.ts";
import { tierName, tierNumber } from "../../core/tables/tiers.ts";
import { isServiceUrl } from "../arguments.ts";
import { withSession } from "../withSession.ts";
import { membershipCommands } from "./membership.ts";

interface AdmitOptions {
  account: string;
  operator: string;
  encryptionKey: string;
  name: string;
  lei: string;
  role: string[];
  group: string;
  jurisdiction: string;
  tier: string;
  endpoint: string;
}

/** farshore participant admit, show, and those of membership.ts. */
export function participantCommands(root: Command): void {
  const participant = root.command("participant").description("who is admitted to the marketplace");
  participant
    .command("admit")
    .description("admit a legal entity (the marketplace's registrar only)")
    .requiredOption("--account <address>", "treasury")
    .requiredOption("--operator <address>", "hot key of its node")
    .requiredOption("--encryption-key <hex>", "X25519, 32 bytes")
    .requiredOption("--name <name>", "legal name")
    .requiredOption("--lei <lei>", "Legal Entity Identifier, 20 characters")
    .requiredOption("--role <role...>", "institution, buyer, oracle, evaluator, regulator, issuer")
    .requiredOption("--group <number>", "beneficial owner: parties of one group conflict with each other")
    .requiredOption("--jurisdiction <code>", "ISO 3166-1 alpha-2")
    .option("--tier <tier>", "lite, member, core", "member")
    .option("--endpoint <url>", "board of an oracle", "")
    .action((options: AdmitOptions, command: Command) =>
      withSession(command, async (session, output) => {
        const account = address("account", options.account);
        const call = admit(session.chain, admissionOf(options, account));
        // By its contents: another admission of the same account is another call, and the contract refuses it.
        await session.send(`admit:${account}:${keccakHex(hexToBytes(call.data))}`, call);
        output.answer({ account, admitted: true }, [`${options.name} is admitted as ${options.role.join(", ")}`]);
      }),
    );
  participant
    .command("show")
    .description("what the chain says of a participant")
    .argument("[account]", "this folder's own unless given")
    .action((account: string | undefined, _options, command: Command) =>
      withSession(command, async (session, output) => {
        const found = await getParticipant(
          session.chain,
          account === undefined ? session.account : address("account", account),
        );
        if (found.status === "none") throw unknown(found.account);
        const lei = new TextDecoder().decode(Buffer.from(found.lei.slice(2), "hex"));
        const shown = {
          ...found,
          lei,
          roles: rolesOfBits(found.roles),
          tier: tierName(found.tier),
          jurisdiction: jurisdictionName(found.jurisdiction),
        };
        output.answer(
          shown,
          Object.entries(shown).map(([key, value]) => `${key.padEnd(14)} ${String(value)}`),
        );
      }),
    );
  membershipCommands(participant);
}

function admissionOf(options: AdmitOptions, account: Address) {
  return {
    account,
    operator: address("operator", options.operator),
    roles: roleBits(options.role),
    tier: tierNumber(options.tier),
    jurisdiction: jurisdictionNumber(options.jurisdiction),
    group: wholeNumber("group", options.group),
    encryptionKey: key(options.encryptionKey),
    lei: bytesToHex(new TextEncoder().encode(checkLei(options.lei))),
    name: options.name,
    endpoint: endpoint(options.endpoint),
  };
}

function address(field: string, text: string): Address {
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return text as Address;
  throw badOption(field, "an address: 0x and 40 hex digits");
}

function key(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as Hex;
  throw badOption("encryption-key", "0x and 64 hex digits");
}

function endpoint(text: string): string {
  if (text === "" || isServiceUrl(text)) return text;
  throw badOption("endpoint", "http:// or https:// and a host, as other parties reach it");
}

// The contract keeps it in 32 bits.
function wholeNumber(field: string, text: string): number {
  if (/^[1-9][0-9]{0,9}$/.test(text) && Number(text) <= 0xffffffff) return Number(text);
  throw badOption(field, `a whole number from 1 to ${0xffffffff}`);
}

function badOption(field: string, expected: string): FarshoreError {
  return new FarshoreError({
    code: "participant/bad-option",
    message: `--${field}: expected ${expected}`,
    facts: { field, expected },
    remedy: "see farshore participant admit --help",
  });
}

function unknown(account: Address): FarshoreError {
  return new FarshoreError({
    code: "participant/unknown",
    message: `${account} was never admitted on this chain`,
    facts: { account },
    remedy: "check the address, or admit it first",
  });
}
