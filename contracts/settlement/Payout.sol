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
    /// @param pot below 2^128; scores below 2^127, so that no product overflows
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
        for (uint256 i = 0; i < scores.length; i++) {
            sum += _positive(scores[i]);
        }
    }

    function _split(uint256 pot, int256[] memory scores) private pure returns (uint256[] memory parts) {
        uint256 n = scores.length;
        parts = new uint256[](n);
        uint256 sum = total(scores);
        if (sum == 0 || pot == 0) return parts;
        uint256[] memory remainders = new uint256[](n);
        uint256 left = pot;
        for (uint256 i = 0; i < n; i++) {
            uint256 product = pot * _positive(scores[i]);
            parts[i] = product / sum;
            remainders[i] = product % sum;
            left -= parts[i];
        }
        for (; left > 0; left--) {
            uint256 next = _largest(remainders);
            remainders[next] = 0;
            parts[next]++;
        }
    }

    /// @dev Lowest index of the largest value.
    function _largest(uint256[] memory values) private pure returns (uint256 index) {
        for (uint256 i = 1; i < values.length; i++) {
            if (values[i] > values[index]) index = i;
        }
    }

    function _positive(int256 score) private pure returns (uint256) {
        return score > 0 ? uint256(score) : 0;
    }
}
