// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Small fields of a part share words: a word costs calldata in every step of the job, a log in its event, and a check of its own
// when the compiler reads it. Bits are counted from the lowest. The contracts alone make these words, and a part that is brought is
// compared by its hash, so bits beyond the fields are 0. Off-chain: offchain/chain/packedParts.ts.

/// @notice fullSetOnly (bit 0) | t (8 bits from 8) | m (16) | k (24) | contributors (32) | rounds (16 bits from 40) | buyer (56)
type Shape is uint256;

/// @notice challengeSeconds (32 bits from 0) | proposeSeconds (32) | roundSeconds (64) | escrow (128 bits from 96)
type Limits is uint256;

using HeadWords for Shape global;
using HeadWords for Limits global;

/// @title HeadWords
/// @notice Words of `Head`: who posted a job and how it is laid out; what it holds (stable minor units) and its windows (seconds).
library HeadWords {
    function packShape(
        address buyer_,
        uint256 rounds_,
        uint256 contributors_,
        uint256 k_,
        uint256 m_,
        uint256 t_,
        bool fullSetOnly_
    ) internal pure returns (Shape) {
        uint256 seats = k_ << 24 | m_ << 16 | t_ << 8 | (fullSetOnly_ ? 1 : 0);
        return Shape.wrap(uint256(uint160(buyer_)) << 56 | rounds_ << 40 | contributors_ << 32 | seats);
    }

    function fullSetOnly(Shape word) internal pure returns (bool) {
        return Shape.unwrap(word) & 1 == 1;
    }

    function t(Shape word) internal pure returns (uint256) {
        return uint8(Shape.unwrap(word) >> 8);
    }

    function m(Shape word) internal pure returns (uint256) {
        return uint8(Shape.unwrap(word) >> 16);
    }

    function k(Shape word) internal pure returns (uint256) {
        return uint8(Shape.unwrap(word) >> 24);
    }

    function contributors(Shape word) internal pure returns (uint256) {
        return uint8(Shape.unwrap(word) >> 32);
    }

    function rounds(Shape word) internal pure returns (uint256) {
        return uint16(Shape.unwrap(word) >> 40);
    }

    function buyer(Shape word) internal pure returns (address) {
        return address(uint160(Shape.unwrap(word) >> 56));
    }

    function packLimits(uint256 escrow_, uint256 roundSeconds_, uint256 proposeSeconds_, uint256 challengeSeconds_)
        internal
        pure
        returns (Limits)
    {
        return Limits.wrap(escrow_ << 96 | roundSeconds_ << 64 | proposeSeconds_ << 32 | challengeSeconds_);
    }

    function challengeSeconds(Limits word) internal pure returns (uint256) {
        return uint32(Limits.unwrap(word));
    }

    function proposeSeconds(Limits word) internal pure returns (uint256) {
        return uint32(Limits.unwrap(word) >> 32);
    }

    function roundSeconds(Limits word) internal pure returns (uint256) {
        return uint32(Limits.unwrap(word) >> 64);
    }

    function escrow(Limits word) internal pure returns (uint256) {
        return uint128(Limits.unwrap(word) >> 96);
    }
}
