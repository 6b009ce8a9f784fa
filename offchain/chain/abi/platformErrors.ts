import { parseAbi } from "viem";

/** Errors of Solidity itself and of the libraries under the contracts (OpenZeppelin 5, ERC-6093). */
export const platformErrors = parseAbi([
  "error Error(string reason)",
  "error Panic(uint256 code)",
  "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
  "error ERC20InvalidReceiver(address receiver)",
  "error ERC2612ExpiredSignature(uint256 deadline)",
  "error ERC2612InvalidSigner(address signer, address owner)",
  "error ERC721NonexistentToken(uint256 tokenId)",
  "error ERC721InsufficientApproval(address operator, uint256 tokenId)",
  "error AccessManagedUnauthorized(address caller)",
  "error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
  "error EnforcedPause()",
  "error ExpectedPause()",
  "error SafeERC20FailedOperation(address token)",
  "error ReentrancyGuardReentrantCall()",
]);
