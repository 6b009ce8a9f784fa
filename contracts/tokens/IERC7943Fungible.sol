// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IERC7943Fungible
/// @notice The fungible interface of ERC-7943 (uRWA) with its final names; its ERC-165 id is 0x3edbb4c4.
/// @dev Amounts in the token's minor units. What this token decides where the ERC leaves it open stands in `IStableToken`.
interface IERC7943Fungible is IERC165 {
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    /// @param amount frozen after the change; it may exceed the balance
    event Frozen(address indexed account, uint256 amount);

    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    /// @param amount that was to move, within the balance
    /// @param unfrozen balance that is not frozen
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Moves `amount` whatever is frozen of it; emits `ForcedTransfer`, and `Frozen` where the frozen amount shrinks.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);
    /// @notice Sets what is frozen of an account, as `approve` sets an allowance; emits `Frozen`.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);
    function canSend(address account) external view returns (bool allowed);
    function canReceive(address account) external view returns (bool allowed);
    function getFrozenTokens(address account) external view returns (uint256 amount);
    /// @notice False where a permission or a freeze stands in the way; balance and allowance are not asked about.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
