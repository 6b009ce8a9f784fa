// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IBeacon
/// @notice Public randomness that does not exist yet when a draw is bound to it.
interface IBeacon {
    error Beacon_NotReady(uint64 round);
    error Beacon_Lost(uint64 round);

    /// @return round the next round whose value nobody can know now
    function next() external view returns (uint64 round);
    /// @notice Keeps the value of a round for later; anyone may call.
    function record(uint64 round) external returns (bytes32);
    /// @dev Reverts with `Beacon_NotReady` before the round, `Beacon_Lost` when it passed unrecorded.
    function valueOf(uint64 round) external view returns (bytes32);
    /// @notice The value of a round for a draw.
    /// @return seed as `valueOf`
    /// @return complete false when somebody withheld its part: then only those of whom `hasRevealed` is true are drawn, so that who
    ///         withholds gives up its own seat with its part
    function seedOf(uint64 round) external view returns (bytes32 seed, bool complete);
    /// @notice True for an account that brought its part of a round.
    function hasRevealed(uint64 round, address account) external view returns (bool);
}
