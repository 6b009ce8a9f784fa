// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EmissionHarness} from "../harness/EmissionHarness.sol";

/// @notice Properties of the emission over the library's whole range.
contract EmissionScheduleTest {
    EmissionHarness private _schedule = new EmissionHarness();

    /// @notice The sum through an epoch is the sum through the one before it and the epoch's own emission.
    /// hardhat-config: fuzz.runs = 1000
    function testFuzz_EachEpochAddsItsOwnEmission(uint128 initial, uint40 epoch, uint32 halving) public view {
        uint256 period = halving == 0 ? 1 : halving;
        uint256 next = uint256(epoch) + 1;
        uint256 added = _schedule.emittedThrough(initial, next, period) - _schedule.emittedThrough(initial, epoch, period);
        require(added == _schedule.emissionOf(initial, next, period), "an epoch added something else");
    }

    /// @notice However long it runs, less is emitted than two halving periods of the first epoch's emission.
    /// hardhat-config: fuzz.runs = 1000
    function testFuzz_TheWholeEmissionIsBounded(uint128 initial, uint64 epoch, uint32 halving) public view {
        uint256 period = halving == 0 ? 1 : halving;
        uint256 emitted = _schedule.emittedThrough(initial, epoch, period);
        require(initial == 0 ? emitted == 0 : emitted < 2 * uint256(initial) * period, "more than the bound");
    }

    /// @notice The first epoch emits all of `initial`, and an epoch one period later half of what its own did.
    /// hardhat-config: fuzz.runs = 1000
    function testFuzz_APeriodHalves(uint128 initial, uint40 epoch, uint32 halving) public view {
        uint256 period = halving == 0 ? 1 : halving;
        require(_schedule.emittedThrough(initial, 0, period) == initial, "the first epoch");
        uint256 now_ = _schedule.emissionOf(initial, epoch, period);
        require(_schedule.emissionOf(initial, uint256(epoch) + period, period) == now_ / 2, "not half");
    }
}
