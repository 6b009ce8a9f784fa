// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {World} from "./world/World.sol";

/// @notice Each invariant by itself and in full, for longer than CI has time: `npm run invariants -- --deep`.
contract ApartTest {
    World private _world;

    function setUp() public {
        _world = new World();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_world);
    }

    /// hardhat-config: invariant.runs = 2000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartMoney() public view {
        _require(_world.money());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartClosedJobsAndStates() public view {
        _require(_world.closedJobs());
        _require(_world.states());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartBudgetsAndLog() public view {
        _require(_world.budgets());
        _require(_world.log());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartStakesRosterAndSupply() public view {
        _require(_world.stakes());
        _require(_world.roster());
        _require(_world.supply());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartKeysTokensAndFaults() public view {
        _require(_world.keys());
        _require(_world.faults());
    }

    /// hardhat-config: invariant.runs = 1000
    /// hardhat-config: invariant.depth = 200
    function invariant_apartBeaconAndConstitution() public view {
        _require(_world.beaconRounds());
        _require(_world.constitution());
    }

    function _require(string memory found) private pure {
        require(bytes(found).length == 0, found);
    }
}
