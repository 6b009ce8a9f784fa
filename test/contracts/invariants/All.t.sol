// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "./Cheats.sol";
import {World} from "./world/World.sol";

/// @notice Everything that must hold, after every call of the fuzzer.
contract AllInvariantsTest {
    World private _world;

    function setUp() public {
        _world = new World();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_world);
    }

    /// @notice All of it once more; a line of what a run reached, which scripts/invariants.ts adds up.
    function afterInvariant() public {
        string memory found = _world.all();
        require(bytes(found).length == 0, found);
        vm.writeLine("cache/invariants.txt", _world.reached());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 100
    function invariant_all() public view {
        string memory found = _world.broken();
        require(bytes(found).length == 0, found);
    }
}
