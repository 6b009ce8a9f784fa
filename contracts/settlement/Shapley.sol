// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Words} from "./Words.sol";

/// @title Shapley
/// @notice Exact Shapley values of a game with up to 12 players from the packed table of its 2^n coalition values.
/// @dev W_i = n!·phi_i is an integer (protocol, section 6):
///        W_i = sum over S with i of v(S)·c(|S|)  −  K
///        c(s) = n·(s−1)!·(n−s−1)! for s < n, c(n) = (n−1)!        K = sum over S ≠ N of v(S)·|S|!·(n−|S|−1)!
///      K is the same for every player, and the sums over "S with i" come from folding the array a(S) = v(S)·c(|S|):
///      the sum of its upper half is that of the highest player; adding the upper half onto the lower removes that player.
///      2^(n+1) additions for all players together, where the definition takes n·2^n multiplications. Values are int64 and
///      coefficients at most 12!, so no sum comes near 2^255 and the unchecked additions are exact.
library Shapley {
    using Words for int256[];

    uint256 internal constant MAXIMUM_PLAYERS = 12;

    /// @dev Byte i = number of bits set in i, for i = 0..31.
    uint256 private constant BITS_SET = 0x0001010201020203010202030203030401020203020303040203030403040405;

    error Shapley_TooManyPlayers(uint256 had, uint256 limit);
    error Shapley_BadTable(uint256 had, uint256 needed);

    /// @notice W_i = n!·phi_i of every player.
    /// @param table 2^n values, 8 bytes each (int64, big endian); entry m is the coalition of the players whose bit is set in m
    /// @param players n, 1 to 12
    function weights(bytes calldata table, uint256 players) internal pure returns (int256[] memory result) {
        if (players == 0 || players > MAXIMUM_PLAYERS) revert Shapley_TooManyPlayers(players, MAXIMUM_PLAYERS);
        if (table.length != 8 << players) revert Shapley_BadTable(table.length, 8 << players);
        (uint256 array, int256 common) = _weigh(table, _coefficients(players), players);
        result = new int256[](players);
        // Unchecked: no sum comes near 2^255 (above).
        unchecked {
            for (uint256 i = players; i > 0; i--) {
                result.put(i - 1, _fold(array, uint256(32) << (i - 1)) - common);
            }
        }
    }

    /// @notice Value of coalition `mask`.
    function valueOf(bytes calldata table, uint256 mask) internal pure returns (int64 value) {
        if (table.length < 8 * mask + 8) revert Shapley_BadTable(table.length, 8 * mask + 8);
        assembly ("memory-safe") {
            value := signextend(7, shr(192, calldataload(add(table.offset, shl(3, mask)))))
        }
    }

    /// @dev Pairs (c(s), |S|-part of K) for s = 0..n, two words each. c(0) = 0: the empty coalition has no member.
    function _coefficients(uint256 n) private pure returns (int256[] memory pairs) {
        pairs = new int256[](2 * n + 2);
        // Unchecked: n is at most 12, and 12! below 2^29. From s to s + 1, s!·(n−s−1)! changes by the factor (s+1)/(n−s−1), and
        // c(s) = n·s!·(n−s−1)!/s; both divisions leave nothing.
        unchecked {
            uint256 product = 1;
            for (uint256 i = 2; i < n; i++) {
                product *= i;
            }
            pairs.put(2 * n, int256(product));
            for (uint256 s = 0; s < n; s++) {
                if (s > 0) pairs.put(2 * s, int256(n * product / s));
                pairs.put(2 * s + 1, int256(product));
                if (s + 1 < n) product = product * (s + 1) / (n - s - 1);
            }
        }
    }

    /// @dev Lays a(S) = v(S)·c(|S|) out in memory and sums K on the way. Assembly: 4 096 bounds checks and loads of packed
    ///      words would cost more than the arithmetic. The array lies beyond the free pointer, which is moved behind it.
    function _weigh(bytes calldata table, int256[] memory pairs, uint256 n)
        private
        pure
        returns (uint256 array, int256 common)
    {
        assembly ("memory-safe") {
            array := mload(0x40)
            let size := shl(n, 1)
            mstore(0x40, add(array, shl(5, size)))
            let first := add(pairs, 0x20)
            for { let mask := 0 } lt(mask, size) { mask := add(mask, 1) } {
                let value := signextend(7, shr(192, calldataload(add(table.offset, shl(3, mask)))))
                let members := add(byte(and(mask, 31), BITS_SET), byte(and(shr(5, mask), 31), BITS_SET))
                members := add(members, byte(shr(10, mask), BITS_SET))
                let pair := add(first, shl(6, members))
                mstore(add(array, shl(5, mask)), mul(value, mload(pair)))
                common := add(common, mul(value, mload(add(pair, 0x20))))
            }
        }
    }

    /// @dev Sums the upper half of an array of 2·half bytes and adds it onto the lower half.
    function _fold(uint256 array, uint256 half) private pure returns (int256 sum) {
        assembly ("memory-safe") {
            let upper := add(array, half)
            for { let low := array } lt(low, upper) { low := add(low, 0x20) } {
                let value := mload(add(low, half))
                sum := add(sum, value)
                mstore(low, add(mload(low), value))
            }
        }
    }
}
