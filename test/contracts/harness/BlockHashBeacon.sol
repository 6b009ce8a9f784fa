// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";

/// @title BlockHashBeacon
/// @notice Stands in for the beacon of reveals where a test is about something else: the value of round r is the hash of block r, a
///         block later than the one that binds a draw to it, and comes without anybody's doing.
/// @dev Not for use: the proposer of that block knows its hash before anyone else and can let another one come in its place. A hash
///      is readable for 256 blocks only; `record` keeps it for later.
contract BlockHashBeacon is IBeacon {
    mapping(uint64 round => bytes32) private _recorded;

    event BeaconRecorded(uint64 indexed round, bytes32 value);

    /// @inheritdoc IBeacon
    function next() external view returns (uint64) {
        return uint64(block.number + 1);
    }

    /// @inheritdoc IBeacon
    function record(uint64 round) external returns (bytes32 value) {
        value = valueOf(round);
        if (_recorded[round] != 0) return value;
        _recorded[round] = value;
        emit BeaconRecorded(round, value);
    }

    /// @inheritdoc IBeacon
    /// @dev Nobody has a part in it, so nobody can withhold one.
    function seedOf(uint64 round) external view returns (bytes32 seed, bool complete) {
        return (valueOf(round), true);
    }

    /// @inheritdoc IBeacon
    function hasRevealed(uint64, address) external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IBeacon
    function valueOf(uint64 round) public view returns (bytes32 value) {
        if (round >= block.number) revert Beacon_NotReady(round);
        value = blockhash(round);
        if (value == 0) value = _recorded[round];
        if (value == 0) revert Beacon_Lost(round);
    }
}
