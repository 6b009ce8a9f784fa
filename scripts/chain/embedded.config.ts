import { defineConfig } from "hardhat/config";

// Of the embedded chain alone. It needs none of the plugins, and no artifacts: it would read and decode all of them at every start, only
// to say in words why a contract refused, which no other chain does.
export default defineConfig({
  paths: { artifacts: "./cache/embedded" },
  networks: {
    /** The rules of GoQuorum; blocks at once, and four a second so that the clock moves for deadlines. */
    embedded: {
      ...{ type: "edr-simulated", chainType: "l1", hardfork: "berlin", gasPrice: 0, chainId: 1337 },
      ...{ allowBlocksWithSameTimestamp: true, mining: { auto: true, interval: 250 } },
    },
  },
});
