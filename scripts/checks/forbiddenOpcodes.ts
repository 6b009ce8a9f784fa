import type { BuiltContract } from "./builtContracts.ts";

/** Opcodes that came after Berlin; GoQuorum stops a transaction at each of them. Source: EIPs 3855, 1153, 5656, 3198, 4844, 7516. */
export const forbiddenOpcodes: ReadonlyMap<number, string> = new Map([
  [0x48, "BASEFEE"],
  [0x49, "BLOBHASH"],
  [0x4a, "BLOBBASEFEE"],
  [0x5c, "TLOAD"],
  [0x5d, "TSTORE"],
  [0x5e, "MCOPY"],
  [0x5f, "PUSH0"],
]);

const push1 = 0x60;
const push32 = 0x7f;

/** First use of each forbidden opcode in the deployed code of each contract. */
export function opcodeProblems(contracts: readonly BuiltContract[]): readonly string[] {
  return contracts.flatMap(({ name, source, deployed }) => {
    const uses = forbiddenUses(deployed);
    const firsts = uses.filter(({ opcode }, at) => uses.findIndex((use) => use.opcode === opcode) === at);
    return firsts.map(({ opcode, offset }) => `${source}: ${name} has ${opcode} at byte ${offset}; build for Berlin`);
  });
}

/** Forbidden opcodes in deployed code, in order; data of PUSH and the compiler's metadata are no opcodes. `offset` in bytes. */
export function forbiddenUses(code: Uint8Array): readonly { opcode: string; offset: number }[] {
  const uses: { opcode: string; offset: number }[] = [];
  const end = code.length - metadataLength(code);
  for (let offset = 0; offset < end; offset++) {
    const byte = code[offset] ?? 0;
    const opcode = forbiddenOpcodes.get(byte);
    if (opcode !== undefined) uses.push({ opcode, offset });
    if (byte >= push1 && byte <= push32) offset += byte - push1 + 1;
  }
  return uses;
}

/**
 * Bytes of the metadata at the end of deployed code, 0 where there are none: a CBOR map that names the compiler, then its
 * length in two bytes. Source: Solidity documentation, "Encoding of the Metadata Hash in the Bytecode".
 */
export function metadataLength(code: Uint8Array): number {
  const bytes = Buffer.from(code);
  if (bytes.length < 2) return 0;
  const length = bytes.readUInt16BE(bytes.length - 2) + 2;
  if (length > bytes.length) return 0;
  const map = bytes.subarray(bytes.length - length);
  const isMap = (map[0] ?? 0) >> 5 === 5;
  return isMap && map.includes("solc") ? length : 0;
}
