// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IIncentiveToken
/// @notice Rewards, stake and votes, 18 decimals, capped. What settlement credited is minted at withdrawal.
/// @dev The token outlives markets and is minted for by several at once, so that it keeps the schedule itself: all that was ever
///      earned is at most what the epochs so far emit, whoever credited it.
interface IIncentiveToken is IERC20 {
    /// @notice How much the epochs emit; fixed at deployment.
    /// @param initialEmission tokens (18 decimals) of an epoch before the first halving
    /// @param epochSeconds length of an epoch
    /// @param halvingEpochs epochs from one halving to the next
    struct Schedule {
        uint128 initialEmission;
        uint32 epochSeconds;
        uint32 halvingEpochs;
    }

    event MinterSet(address indexed minter, bool allowed);
    event IncentiveEarned(address indexed to, uint256 amount);

    error IncentiveToken_NotMinter(address caller);
    error IncentiveToken_CapExceeded(uint256 supply, uint256 cap);
    error IncentiveToken_EmissionExceeded(uint256 amount, uint256 left);
    error IncentiveToken_BadGenesis();
    error IncentiveToken_BadSchedule(string field);

    /// @notice Mints `amount` to `to` and counts it as earned. Emits `IncentiveEarned`. Minters (markets) only; reverts where the
    ///         epochs so far do not emit it, and the credit then stays with its market until a later epoch.
    function mintEarned(address to, uint256 amount) external;
    /// @notice Emits `MinterSet`. Governance only.
    function setMinter(address minter, bool allowed) external;
    /// @notice Incentive tokens ever minted to the account for work; transfers do not move it, genesis is not in it.
    function earned(address account) external view returns (uint256);
    /// @notice The same over all accounts.
    function totalEarned() external view returns (uint256);
    /// @notice What may still be minted for work now: emitted by the epochs so far, less all that was earned.
    function emissionLeft() external view returns (uint256);
    function schedule() external view returns (Schedule memory);
    /// @notice When epoch 0 began, seconds since 1970: the token's deployment.
    function emissionStart() external view returns (uint256);
    function cap() external view returns (uint256);
}
