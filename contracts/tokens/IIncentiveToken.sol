// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IIncentiveToken
/// @notice Rewards, stake and votes, 18 decimals, capped. What settlement credited is minted at withdrawal.
interface IIncentiveToken is IERC20 {
    event MinterSet(address indexed minter, bool allowed);
    event IncentiveEarned(address indexed to, uint256 amount);

    error IncentiveToken_NotMinter(address caller);
    error IncentiveToken_CapExceeded(uint256 supply, uint256 cap);
    error IncentiveToken_BadGenesis();

    /// @notice Mints `amount` to `to` and counts it as earned. Minters (markets) only.
    function mintEarned(address to, uint256 amount) external;
    function setMinter(address minter, bool allowed) external;
    /// @notice Incentive tokens ever minted to the account for work; transfers do not move it, genesis is not in it.
    function earned(address account) external view returns (uint256);
    function cap() external view returns (uint256);
}
