// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title ScaledMath
/// @notice Positive numbers m · 2^(e − 127) with 2^127 <= m < 2^128, as the pair (m, e): what a sum of terms of very different size needs.
///         Every function rounds up.
/// @dev The range of e is that of int256: nothing here comes near it. Unchecked where the bounds of m rule an overflow out.
library ScaledMath {
    uint256 internal constant ONE = 1 << 127;
    /// @dev ln 2 · 2^127, rounded down and up.
    uint256 internal constant LN2_DOWN = 117932881612756647068972071382077242199;
    uint256 internal constant LN2_UP = LN2_DOWN + 1;

    function mulUp(uint256 m, int256 e, uint256 otherM, int256 otherE) internal pure returns (uint256, int256) {
        unchecked {
            uint256 product = m * otherM;
            if (product >> 255 == 0) return _carried(_shiftUp(product, 127), e + otherE);
            return _carried(_shiftUp(product, 128), e + otherE + 1);
        }
    }

    function addUp(uint256 m, int256 e, uint256 otherM, int256 otherE) internal pure returns (uint256, int256) {
        if (otherE > e) (m, e, otherM, otherE) = (otherM, otherE, m, e);
        unchecked {
            uint256 apart = uint256(e - otherE);
            // What lies below the last bit still rounds it up.
            uint256 sum = m + (apart > 127 ? 1 : _shiftUp(otherM, apart));
            return sum >> 128 == 0 ? (sum, e) : (_shiftUp(sum, 1), e + 1);
        }
    }

    /// @notice numerator / denominator, both from 1 to 2^100.
    function ratioUp(uint256 numerator, uint256 denominator) internal pure returns (uint256, int256) {
        unchecked {
            // The quotient then lies in [2^127, 2^129).
            uint256 shift = 128 + Math.log2(denominator) - Math.log2(numerator);
            uint256 quotient = ((numerator << shift) + denominator - 1) / denominator;
            int256 e = 127 - int256(shift);
            return quotient >> 128 == 0 ? (quotient, e) : _carried(_shiftUp(quotient, 1), e + 1);
        }
    }

    /// @notice e^x for x = `fixedX` · 2^-127, below 2^64.
    function expUp(uint256 fixedX) internal pure returns (uint256, int256) {
        unchecked {
            uint256 doublings = fixedX / LN2_DOWN;
            uint256 rest = fixedX - doublings * LN2_DOWN;
            // Taylor: the rest is below ln 2, and what is left out once a term is one unit is less than another one.
            (uint256 sum, uint256 term) = (ONE + 2, ONE);
            for (uint256 i = 1; term > 1; i++) {
                term = (_shiftUp(term * rest, 127) + i - 1) / i;
                sum += term;
            }
            return sum >> 128 == 0 ? (sum, int256(doublings)) : (_shiftUp(sum, 1), int256(doublings) + 1);
        }
    }

    /// @notice ln(m · 2^(e − 127)) · 2^127 of a number from 1 on, below 2^(2^100).
    /// @dev ln m = 2 artanh((m − 1) / (m + 1)), a series in powers of at most 1/9.
    function lnUp(uint256 m, int256 e) internal pure returns (uint256) {
        unchecked {
            uint256 y = (((m - ONE) << 127) + m + ONE - 1) / (m + ONE);
            uint256 square = _shiftUp(y * y, 127);
            (uint256 sum, uint256 power) = (2, y);
            for (uint256 i = 1; power > 1; i += 2) {
                sum += (power + i - 1) / i;
                power = _shiftUp(power * square, 127);
            }
            return uint256(e) * LN2_UP + 2 * sum;
        }
    }

    function _shiftUp(uint256 value, uint256 bits) private pure returns (uint256) {
        unchecked {
            return (value >> bits) + (value & ((1 << bits) - 1) == 0 ? 0 : 1);
        }
    }

    /// @dev A mantissa that rounding up made 2^128.
    function _carried(uint256 m, int256 e) private pure returns (uint256, int256) {
        unchecked {
            return m >> 128 == 0 ? (m, e) : (ONE, e + 1);
        }
    }
}
