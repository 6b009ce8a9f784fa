// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Words} from "./Words.sol";

/// @title Payout
/// @notice Exact division of an amount in proportion to scores, by largest remainder.
/// @dev The parts add up to the amount exactly, a larger score never gets a smaller part, ties go to the lower index, a score
///      at or below zero gets nothing. A player without score never gets a left-over unit: the remainders add up to
///      (left-over units × total) and each is below the total, so more players have a remainder than units are left.
library Payout {
    using Words for uint256[];
    using Words for int256[];

    uint256 internal constant PARTS_PER_BILLION = 1e9;

    /// @notice Sum of max(score, 0).
    function total(int256[] memory scores) internal pure returns (uint256 sum) {
        unchecked {
            uint256 n = scores.length;
            for (uint256 i = 0; i < n; i++) {
                int256 score = scores.at(i);
                if (score > 0) sum += uint256(score);
            }
        }
    }

    /// @notice Splits `pot` over max(score, 0); all zero when no score is positive (the caller refunds).
    /// @param pot below 2^128; scores below 2^120, so that neither products nor sums of 128 of them overflow
    /// @param sum `total(scores)`
    /// @dev Unchecked within these limits: Shapley scores stay below 12!·2^66, weights below 2^32, and no array has
    ///      more elements than a job has contributors. No part exceeds the pot.
    function splitBy(uint256 pot, int256[] memory scores, uint256 sum) internal pure returns (uint256[] memory parts) {
        uint256 n = scores.length;
        parts = new uint256[](n);
        if (sum == 0 || pot == 0) return parts;
        uint256[] memory remainders = new uint256[](n);
        unchecked {
            uint256 left = pot;
            for (uint256 i = 0; i < n; i++) {
                int256 score = scores.at(i);
                if (score <= 0) continue;
                uint256 product = pot * uint256(score);
                uint256 part;
                uint256 remainder;
                assembly ("memory-safe") {
                    // The sum is not 0.
                    part := div(product, sum)
                    remainder := mod(product, sum)
                }
                parts.put(i, part);
                remainders.put(i, remainder);
                left -= part;
            }
            for (; left > 0; left--) {
                uint256 next = _largest(remainders);
                remainders.put(next, 0);
                parts.put(next, parts.at(next) + 1);
            }
        }
    }

    /// @dev Lowest index of the largest value.
    function _largest(uint256[] memory values) private pure returns (uint256 index) {
        unchecked {
            uint256 n = values.length;
            uint256 largest = values.at(0);
            for (uint256 i = 1; i < n; i++) {
                uint256 value = values.at(i);
                if (value > largest) (index, largest) = (i, value);
            }
        }
    }
}
