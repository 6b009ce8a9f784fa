import type { ParamType } from "ethers";
import { packListing } from "../../../offchain/chain/packedListing.ts";
import { packHead, packParties, packProposal, packRounds } from "../../../offchain/chain/packedParts.ts";
import { packResult } from "../../../offchain/chain/packedResult.ts";
import { packTerms } from "../../../offchain/chain/packedTerms.ts";

// Tests write a job's parts with named fields; the market takes them packed. By the word that only this part has:

// biome-ignore lint/suspicious/noExplicitAny: parts as a test forged them
const packers: Record<string, (part: any) => unknown> = {
  shape: packHead,
  roles: packTerms,
  figures: packResult,
  offer: packListing,
  bounds: packParties,
  progress: packRounds,
  outcome: packProposal,
};

/** The same contract, of which every call packs the parts among its arguments by the product's own code. */
// biome-ignore lint/suspicious/noExplicitAny: methods come from the ABI at run time
export function packing(contract: any): any {
  return new Proxy(contract, {
    get(target, name) {
      const method = target[name];
      const inputs = typeof name === "string" ? target.interface.getFunction(name)?.inputs : undefined;
      if (inputs === undefined || inputs === null) return method;
      const pack = (args: unknown[]) => args.map((arg, i) => packed(inputs[i], arg));
      const call = (...args: unknown[]) => method(...pack(args));
      // `staticCall`, `populateTransaction` and the like.
      return new Proxy(call, {
        get:
          (_call, way) =>
          (...args: unknown[]) =>
            method[way](...pack(args)),
      });
    },
  });
}

function packed(input: ParamType | null | undefined, arg: unknown): unknown {
  if (input?.baseType === "array" && Array.isArray(arg)) return arg.map((each) => packed(input.arrayChildren, each));
  const components = input?.components ?? [];
  const word = components.find(({ name }) => name in packers)?.name;
  // One that a test packed itself stays as it is.
  if (word !== undefined) return word in (arg as object) ? arg : packers[word]?.(arg);
  // Parts inside another struct.
  if (!components.some(({ components: inner }) => (inner?.length ?? 0) > 0) || Array.isArray(arg)) return arg;
  const fields = arg as Record<string, unknown>;
  return Object.fromEntries(components.map((component) => [component.name, packed(component, fields[component.name])]));
}
