// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IEarnedToken
/// @notice What the market needs of the incentive token: minting what settlement credited.
interface IEarnedToken {
    /// @notice Mints `amount` (18 decimals) to `to` and counts it as earned. Only the market may call.
    function mintEarned(address to, uint256 amount) external;
}
