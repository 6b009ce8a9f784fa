// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Payout
/// @notice Exact division of an amount in proportion to scores, by largest remainder.
/// @dev The parts add up to the amount exactly, a larger score never gets a smaller part, ties go to the lower index, a score
///      at or below zero gets nothing. A player without score never gets a left-over unit: the remainders add up to
///      (left-over units × total) and each is below the total, so more players have a remainder than units are left.
library Payout {
    uint256 internal constant PARTS_PER_BILLION = 1e9;

    /// @notice Splits `pot` over max(score, 0); all zero when no score is positive (the caller refunds).
    /// @param pot below 2^128; scores below 2^120, so that neither products nor sums of 128 of them overflow
    function split(uint256 pot, int256[] memory scores) internal pure returns (uint128[] memory parts) {
        uint256[] memory words = _split(pot, scores);
        // Memory arrays hold one word per element whatever its type, and no part exceeds the pot.
        assembly ("memory-safe") {
            parts := words
        }
    }

    /// @notice Shares in parts per billion: sum 1e9, or all zero when no score is positive.
    function shares(int256[] memory scores) internal pure returns (uint32[] memory parts) {
        uint256[] memory words = _split(PARTS_PER_BILLION, scores);
        assembly ("memory-safe") {
            parts := words
        }
    }

    /// @notice Sum of max(score, 0).
    function total(int256[] memory scores) internal pure returns (uint256 sum) {
        unchecked {
            uint256 n = scores.length;
            for (uint256 i = 0; i < n; i++) {
                int256 score = scores[i];
                if (score > 0) sum += uint256(score);
            }
        }
    }

    /// @dev Unchecked within the limits stated at `split`: Shapley scores stay below 12!·2^66, weights below 2^32, and no array has
    ///      more elements than a job has contributors.
    function _split(uint256 pot, int256[] memory scores) private pure returns (uint256[] memory parts) {
        uint256 n = scores.length;
        parts = new uint256[](n);
        uint256 sum = total(scores);
        if (sum == 0 || pot == 0) return parts;
        uint256[] memory remainders = new uint256[](n);
        unchecked {
            uint256 left = pot;
            for (uint256 i = 0; i < n; i++) {
                int256 score = scores[i];
                if (score <= 0) continue;
                uint256 product = pot * uint256(score);
                uint256 part = product / sum;
                parts[i] = part;
                remainders[i] = product - part * sum;
                left -= part;
            }
            for (; left > 0; left--) {
                uint256 next = _largest(remainders);
                remainders[next] = 0;
                parts[next]++;
            }
        }
    }

    /// @dev Lowest index of the largest value.
    function _largest(uint256[] memory values) private pure returns (uint256 index) {
        unchecked {
            uint256 n = values.length;
            uint256 largest = values[0];
            for (uint256 i = 1; i < n; i++) {
                uint256 value = values[i];
                if (value > largest) (index, largest) = (i, value);
            }
        }
    }
}
