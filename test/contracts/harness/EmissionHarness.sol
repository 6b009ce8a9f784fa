// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EmissionSchedule} from "../../../contracts/tokens/EmissionSchedule.sol";

/// @notice The library's functions, callable.
contract EmissionHarness {
    function emissionOf(uint256 initial, uint256 epoch, uint256 halvingEpochs) external pure returns (uint256) {
        return EmissionSchedule.emissionOf(initial, epoch, halvingEpochs);
    }

    function emittedThrough(uint256 initial, uint256 epoch, uint256 halvingEpochs) external pure returns (uint256) {
        return EmissionSchedule.emittedThrough(initial, epoch, halvingEpochs);
    }
}
