// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Authority that lets everybody call everything: for tests of what follows after the right to call.
contract OpenAuthority {
    function canCall(address, address, bytes4) external pure returns (bool immediate, uint32 delay) {
        return (true, 0);
    }
}
