import { complaintsOf } from "./program.ts";

/** A program that writes generated files and, with --check, only compares. */
export interface Generator {
  readonly script: string;
  readonly args: readonly string[];
}

/** The generators of this repository. */
export const generators: readonly Generator[] = [
  { script: "scripts/generate/abi.ts", args: [] },
  { script: "scripts/generate/proto.ts", args: [] },
  { script: "scripts/generate/kernels.ts", args: [] },
];

/** Generated files that are not what their generator writes now. `root` is the folder that holds the generators. */
export async function generatedProblems(
  root: string,
  list: readonly Generator[] = generators,
): Promise<readonly string[]> {
  const found = await Promise.all(list.map(({ script, args }) => complaintsOf(script, [...args, "--check"], root)));
  return found.flat();
}
