// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../market/IJobTypes.sol";
import {Words} from "./Words.sol";

/// @title ShareReconstruction
/// @notice Secrets of Shamir sharings over F_p, p = 2^61 − 1, from the words of the seats that brought them (protocol, section 6).
///         Seat s holds the value at x = s + 1 of a polynomial of degree t; its value at 0 is the secret.
/// @dev Lagrange interpolation at integer points below 11. With d_j = product of (x_j − x_l) over the other base points l, D the
///      product of all d_j, and N_j(x) = product of (x − x_l), D·F(x) = sum of word_j·N_j(x)·(D/d_j): integers all through
///      (below 2^100 for t <= 3), reduced once, and one inverse mod p for all contributors.
library ShareReconstruction {
    using Words for int256[];
    using Words for uint256[];

    uint256 internal constant PRIME = 2 ** 61 - 1;

    /// @notice The secrets of `players` sharings, centred to −(p−1)/2 .. (p−1)/2. All words must lie on one polynomial of degree `t`
    ///         for each: `JobMarket_InconsistentWords` with the first seat whose word does not lie on the one of the first t + 1,
    ///         which is not said to be the liar (off-chain decoding names liars). `JobMarket_BadResult("words")` for another number
    ///         of words, for t words or fewer of a sharing, or for a word that is p or more.
    /// @param words 8 bytes each (uint64, big endian): those of the lowest seat for all players, then those of the next
    /// @param signers bitmap of the seats whose words were brought
    function reconstruct(bytes calldata words, uint256 signers, uint256 t, uint256 players)
        internal
        view
        returns (int256[] memory secrets)
    {
        uint256[] memory points = _pointsOf(signers);
        if (points.length <= t || words.length != 8 * players * points.length) {
            revert IJobTypes.JobMarket_BadResult("words");
        }
        (int256[] memory cofactors, int256 scale) = _cofactors(points, t);
        // Unchecked: points stop at the length of their array.
        unchecked {
            for (uint256 s = t + 1; s < points.length; s++) {
                _requireOn(_valuesAt(points.at(s), points, cofactors, words, players), scale, words, s, points);
            }
        }
        secrets = _valuesAt(0, points, cofactors, words, players);
        _centre(secrets, _inverse(_reduce(scale)));
    }

    /// @dev That the words of seat number `s` among the signers are the polynomials' `values`, D times each.
    function _requireOn(
        int256[] memory values,
        int256 scale,
        bytes calldata words,
        uint256 s,
        uint256[] memory points
    ) private pure {
        unchecked {
            uint256 players = values.length;
            for (uint256 i = 0; i < players; i++) {
                uint256 claimed = _reduce(scale * int256(_wordAt(words, s * players + i)));
                if (claimed != uint256(values.at(i))) {
                    revert IJobTypes.JobMarket_InconsistentWords(points.at(s) - 1, i);
                }
            }
        }
    }

    /// @dev Divides by D and moves the upper half of the field below 0.
    function _centre(int256[] memory values, uint256 inverse) private pure {
        unchecked {
            uint256 players = values.length;
            for (uint256 i = 0; i < players; i++) {
                uint256 value = mulmod(uint256(values.at(i)), inverse, PRIME);
                values.put(i, value > PRIME / 2 ? int256(value) - int256(PRIME) : int256(value));
            }
        }
    }

    /// @dev x = seat + 1 of every bit, ascending.
    function _pointsOf(uint256 signers) private pure returns (uint256[] memory points) {
        unchecked {
            uint256 count;
            for (uint256 bits = signers; bits != 0; bits &= bits - 1) count++;
            points = new uint256[](count);
            count = 0;
            for (uint256 x = 1; signers != 0; x++) {
                if (signers & 1 == 1) points.put(count++, x);
                signers >>= 1;
            }
        }
    }

    /// @dev D/d_j of the first t + 1 points, and D.
    function _cofactors(uint256[] memory points, uint256 t) private pure returns (int256[] memory cofactors, int256 scale) {
        cofactors = new int256[](t + 1);
        scale = 1;
        unchecked {
            for (uint256 j = 0; j <= t; j++) {
                int256 product = _productOthers(int256(points.at(j)), points, t + 1, j);
                cofactors.put(j, product);
                scale *= product;
            }
            for (uint256 j = 0; j <= t; j++) {
                cofactors.put(j, scale / cofactors.at(j));
            }
        }
    }

    /// @dev Product of (x − x_l) over the first `count` points but `left`.
    function _productOthers(int256 x, uint256[] memory points, uint256 count, uint256 left)
        private
        pure
        returns (int256 product)
    {
        product = 1;
        unchecked {
            for (uint256 l = 0; l < count; l++) {
                if (l != left) product *= x - int256(points.at(l));
            }
        }
    }

    /// @dev D times the value at `x` of each player's polynomial through the base points, 0 .. p − 1.
    function _valuesAt(
        uint256 x,
        uint256[] memory points,
        int256[] memory cofactors,
        bytes calldata words,
        uint256 players
    ) private pure returns (int256[] memory values) {
        values = new int256[](players);
        int256[] memory weights = _weightsAt(int256(x), points, cofactors);
        unchecked {
            for (uint256 i = 0; i < players; i++) {
                values.put(i, int256(_reduce(_combine(words, i, players, weights))));
            }
        }
    }

    /// @dev D times the Lagrange weights of the base points at `x`.
    function _weightsAt(int256 x, uint256[] memory points, int256[] memory cofactors)
        private
        pure
        returns (int256[] memory weights)
    {
        uint256 count = cofactors.length;
        weights = new int256[](count);
        unchecked {
            for (uint256 j = 0; j < count; j++) {
                weights.put(j, cofactors.at(j) * _productOthers(x, points, count, j));
            }
        }
    }

    /// @dev Sum of weight_j · word_j of player `i`, the words of whom lie `players` words apart.
    function _combine(bytes calldata words, uint256 i, uint256 players, int256[] memory weights)
        private
        pure
        returns (int256 sum)
    {
        unchecked {
            uint256 count = weights.length;
            for (uint256 j = 0; j < count; j++) {
                sum += weights.at(j) * int256(_wordAt(words, i));
                i += players;
            }
        }
    }

    function _wordAt(bytes calldata words, uint256 index) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := shr(192, calldataload(add(words.offset, shl(3, index))))
        }
        if (word >= PRIME) revert IJobTypes.JobMarket_BadResult("words");
    }

    /// @dev 0 .. p − 1.
    function _reduce(int256 value) private pure returns (uint256 reduced) {
        uint256 prime = PRIME;
        assembly ("memory-safe") {
            reduced := smod(value, prime)
            if slt(reduced, 0) { reduced := add(reduced, prime) }
        }
    }

    /// @dev value^(p − 2) mod p by the precompile of EIP-198; `value` is not 0: a product of differences below 11.
    function _inverse(uint256 value) private view returns (uint256 result) {
        uint256 prime = PRIME;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0x20)
            mstore(add(free, 0x20), 0x20)
            mstore(add(free, 0x40), 0x20)
            mstore(add(free, 0x60), value)
            mstore(add(free, 0x80), sub(prime, 2))
            mstore(add(free, 0xa0), prime)
            if iszero(staticcall(gas(), 5, free, 0xc0, 0x00, 0x20)) { revert(0, 0) }
            result := mload(0x00)
        }
    }
}
