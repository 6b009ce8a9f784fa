// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../market/IJobTypes.sol";
import {Words} from "./Words.sol";

/// @title ShareReconstruction
/// @notice Secrets of Shamir sharings over F_p, p = 2^61 − 1, from the words of the seats that brought them (protocol, section 6).
///         Seat s holds the value at x = s + 1 of a polynomial of degree t; its value at 0 is the secret.
/// @dev Lagrange interpolation at integer points below 11. With d_j = product of (x_j − x_l) over the other base points l, D the
///      product of all d_j, and N_j(x) = product of (x − x_l), D·F(x) = sum of word_j·N_j(x)·(D/d_j): integers all through
///      (below 2^100 for t <= 3), reduced once, and one inverse mod p for all contributors. Assembly where a loop runs over seats and
///      contributors: checks of the index and of overflow would be most of the gas, and neither can fail there.
library ShareReconstruction {
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
                _requireOn(_valuesAt(points.at(s), points, cofactors, words, players), scale, words, s, points.at(s) - 1);
            }
        }
        secrets = _valuesAt(0, points, cofactors, words, players);
        _centre(secrets, _inverse(_reduce(scale)));
    }

    /// @dev That the words of signer number `s` are the polynomials' `values`, D times each.
    function _requireOn(int256[] memory values, int256 scale, bytes calldata words, uint256 s, uint256 seat) private pure {
        uint256 prime = PRIME;
        (uint256 off, bool outside) = (type(uint256).max, false);
        assembly ("memory-safe") {
            let players := mload(values)
            let from := add(words.offset, shl(3, mul(s, players)))
            let value := add(values, 0x20)
            for { let i := 0 } lt(i, players) { i := add(i, 1) } {
                let word := shr(192, calldataload(from))
                outside := or(outside, iszero(lt(word, prime)))
                if smod(sub(mul(scale, word), mload(value)), prime) {
                    off := i
                    break
                }
                from := add(from, 8)
                value := add(value, 0x20)
            }
        }
        if (outside) revert IJobTypes.JobMarket_BadResult("words");
        if (off != type(uint256).max) revert IJobTypes.JobMarket_InconsistentWords(seat, off);
    }

    /// @dev Divides by D and moves the upper half of the field below 0.
    function _centre(int256[] memory values, uint256 inverse) private pure {
        uint256 prime = PRIME;
        assembly ("memory-safe") {
            let at := add(values, 0x20)
            for { let end := add(at, shl(5, mload(values))) } lt(at, end) { at := add(at, 0x20) } {
                let value := mulmod(mload(at), inverse, prime)
                mstore(at, sub(value, mul(prime, gt(value, shr(1, prime)))))
            }
        }
    }

    /// @dev x = seat + 1 of every bit, ascending.
    function _pointsOf(uint256 signers) private pure returns (uint256[] memory points) {
        assembly ("memory-safe") {
            points := mload(0x40)
            let at := add(points, 0x20)
            for { let x := 1 } signers {
                signers := shr(1, signers)
                x := add(x, 1)
            } {
                mstore(at, x)
                at := add(at, shl(5, and(signers, 1)))
            }
            mstore(points, sub(shr(5, sub(at, points)), 1))
            mstore(0x40, at)
        }
    }

    /// @dev D/d_j of the first t + 1 points, and D.
    function _cofactors(uint256[] memory points, uint256 t) private pure returns (int256[] memory cofactors, int256 scale) {
        cofactors = new int256[](t + 1);
        assembly ("memory-safe") {
            let first := add(points, 0x20)
            let end := add(first, shl(5, add(t, 1)))
            let cofactor := add(cofactors, 0x20)
            scale := 1
            for { let own := first } lt(own, end) { own := add(own, 0x20) } {
                let product := 1
                for { let at := first } lt(at, end) { at := add(at, 0x20) } {
                    if sub(at, own) { product := mul(product, sub(mload(own), mload(at))) }
                }
                mstore(cofactor, product)
                cofactor := add(cofactor, 0x20)
                scale := mul(scale, product)
            }
            for { let at := add(cofactors, 0x20) } lt(at, cofactor) { at := add(at, 0x20) } {
                mstore(at, sdiv(scale, mload(at)))
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
        int256[] memory weights = _weightsAt(x, points, cofactors);
        uint256 prime = PRIME;
        bool outside;
        assembly ("memory-safe") {
            let first := add(weights, 0x20)
            let end := add(first, shl(5, mload(weights)))
            let column := words.offset
            let to := add(values, 0x20)
            for { let last := add(to, shl(5, players)) } lt(to, last) { to := add(to, 0x20) } {
                let sum := 0
                let from := column
                for { let weight := first } lt(weight, end) { weight := add(weight, 0x20) } {
                    let word := shr(192, calldataload(from))
                    outside := or(outside, iszero(lt(word, prime)))
                    sum := add(sum, mul(mload(weight), word))
                    from := add(from, shl(3, players))
                }
                sum := smod(sum, prime)
                mstore(to, add(sum, mul(prime, slt(sum, 0))))
                column := add(column, 8)
            }
        }
        if (outside) revert IJobTypes.JobMarket_BadResult("words");
    }

    /// @dev D times the Lagrange weights of the base points at `x`.
    function _weightsAt(uint256 x, uint256[] memory points, int256[] memory cofactors)
        private
        pure
        returns (int256[] memory weights)
    {
        weights = new int256[](cofactors.length);
        assembly ("memory-safe") {
            let count := mload(cofactors)
            let first := add(points, 0x20)
            let end := add(first, shl(5, count))
            for { let own := first } lt(own, end) { own := add(own, 0x20) } {
                let place := sub(own, points)
                let product := mload(add(cofactors, place))
                for { let at := first } lt(at, end) { at := add(at, 0x20) } {
                    if sub(at, own) { product := mul(product, sub(x, mload(at))) }
                }
                mstore(add(weights, place), product)
            }
        }
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
