// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IStakes
/// @notice What the beacon needs of the oracles' stakes (OracleCommittee).
interface IStakes {
    /// @notice Incentive tokens, 18 decimals, that count in the draw.
    function stakeOf(address account) external view returns (uint96);
    /// @notice Stake that puts an oracle on the roster.
    function minimumStake() external view returns (uint96);
    /// @notice Takes a part of the stakes; IOracleCommittee says whose it is then. Slashers only.
    function slash(address[] calldata accounts, uint16 bps, address[] calldata beneficiaries, address remainderTo)
        external
        returns (uint256 taken);
}
