import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A compiled contract that has code. */
export interface BuiltContract {
  readonly name: string;
  /** Source path as the compiler was told it, e.g. `contracts/market/JobMarket.sol`. */
  readonly source: string;
  /** Deployed bytecode; the addresses of linked libraries, unknown before deployment, are zeros. */
  readonly deployed: Uint8Array;
}

const libraryPlaceholder = /__\$[0-9a-f]{34}\$__/g;

/**
 * Contracts with code among the artifacts in `folder`, those from packages included: they are deployed too; not those of
 * tests, which never are. Deployment reads the same artifacts. Throws where there are none.
 */
export function builtContracts(folder: string): readonly BuiltContract[] {
  const files = globSync("**/*.json", { cwd: folder, exclude: (name) => name === "build-info" }).sort();
  if (files.length === 0) throw new Error("no artifacts: run `npm run build` first");
  return files
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")))
    .filter(({ deployedBytecode }) => typeof deployedBytecode === "string" && deployedBytecode !== "0x")
    .filter(({ sourceName }) => !sourceName.startsWith("test/"))
    .map(({ contractName, sourceName, deployedBytecode }) => ({
      name: contractName,
      source: sourceName,
      deployed: bytecodeOf(deployedBytecode),
    }));
}

/** Bytes of 0x-prefixed bytecode, linked or not; throws for what is no whole number of hexadecimal bytes. */
export function bytecodeOf(hex: string): Uint8Array {
  const digits = hex.replace(libraryPlaceholder, "0".repeat(40));
  if (!/^0x([0-9a-f]{2})*$/i.test(digits)) throw new Error("bytecode is not hexadecimal");
  return new Uint8Array(Buffer.from(digits.slice(2), "hex"));
}
