import { availableParallelism } from "node:os";
import type { HardhatPlugin } from "hardhat/types/plugins";

/** Hardhat leaves one core idle while it compiles; the five contracts that go through the IR are half of all compiling. */
export const compileOnAllCores: HardhatPlugin = {
  id: "farshore-compile-on-all-cores",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        build: (context, files, options, next) =>
          next(context, files, { ...options, concurrency: availableParallelism() }),
      }),
    }),
  },
};
