// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title EmissionSchedule
/// @notice Emission by epochs that halves: epoch e, counted from 0, emits `initial >> (e / halvingEpochs)` (18 decimals).
/// @dev The same in offchain/valuation/emissionSchedule.ts. Callers bound `initial` below 2^128 and `halvingEpochs` to 1 .. 2^32 - 1.
library EmissionSchedule {
    /// @notice Emission of one epoch.
    function emissionOf(uint256 initial, uint256 epoch, uint256 halvingEpochs) internal pure returns (uint256) {
        return initial >> (epoch / halvingEpochs);
    }

    /// @notice Emission of the epochs 0 .. `epoch`, that one included: below 2 · initial · halvingEpochs for ever.
    /// @dev One step for each halving that has begun, 128 at most: later epochs emit nothing.
    function emittedThrough(uint256 initial, uint256 epoch, uint256 halvingEpochs) internal pure returns (uint256 sum) {
        uint256 left = epoch + 1;
        while (left > halvingEpochs && initial > 0) {
            sum += initial * halvingEpochs;
            left -= halvingEpochs;
            initial >>= 1;
        }
        return sum + initial * left;
    }
}
