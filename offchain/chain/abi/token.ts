import { erc20Abi, parseAbi } from "viem";

/** What both tokens have in common: ERC-20, and supply that a minter adds and burns. */
export const tokenAbi = [
  ...erc20Abi,
  ...parseAbi(["function mint(address to, uint256 amount)", "function burn(uint256 amount)"]),
] as const;
