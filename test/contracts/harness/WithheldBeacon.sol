// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";

/// @title WithheldBeacon
/// @notice A beacon of which a test says the value, and who withheld its part of it.
contract WithheldBeacon is IBeacon {
    bytes32 public seed;
    bool public complete = true;
    mapping(address account => bool) public withheld;

    function set(bytes32 seed_, bool complete_) external {
        (seed, complete) = (seed_, complete_);
    }

    function withhold(address account) external {
        withheld[account] = true;
    }

    function next() external pure returns (uint64) {
        return 1;
    }

    function record(uint64) external view returns (bytes32) {
        return seed;
    }

    function valueOf(uint64) external view returns (bytes32) {
        return seed;
    }

    function seedOf(uint64) external view returns (bytes32, bool) {
        return (seed, complete);
    }

    function hasRevealed(uint64, address account) external view returns (bool) {
        return !withheld[account];
    }
}
