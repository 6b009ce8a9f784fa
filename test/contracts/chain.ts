import hre from "hardhat";

/** A deployed contract. Its methods come from the ABI at run time: a misspelt one fails the test that calls it. */
// biome-ignore lint/suspicious/noExplicitAny: generated types use namespaces, which Node does not strip
export type Deployed = any;

/** Random cases of arithmetic that no fork changes: all of them on Berlin, a tenth on the newest rules. */
export const randomCases = process.env.FARSHORE_TEST_NETWORK === "latest" ? 1_000 : 10_000;

/** One fresh simulated chain, with the rules of GoQuorum unless FARSHORE_TEST_NETWORK names others. */
export async function connect() {
  const { ethers, networkHelpers, provider } = await hre.network.create(process.env.FARSHORE_TEST_NETWORK ?? "berlin");
  const signers = await ethers.getSigners();
  return {
    ethers,
    provider,
    ...networkHelpers,
    /** The account of that number; 0 deploys. */
    signer(index: number) {
      const found = signers[index];
      if (found === undefined) throw new Error(`the chain has ${signers.length} accounts, not ${index + 1}`);
      return found;
    },
    async deploy(name: string, args: unknown[] = []): Promise<Deployed> {
      return ethers.deployContract(name, args);
    },
  };
}

export type TestChain = Awaited<ReturnType<typeof connect>>;
export type Signer = ReturnType<TestChain["signer"]>;

/** keccak256 of a text: a distinct bytes32 with a readable origin. */
export function word(chain: TestChain, text: string): string {
  return chain.ethers.id(text);
}
