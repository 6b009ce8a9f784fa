// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Small fields of a part share words: a word costs calldata in every step of the job, a log in its event, and a check of its own
// when the compiler reads it. Bits are counted from the lowest. The contracts alone make these words, and a part that is brought is
// compared by its hash, so bits beyond the fields are 0. Off-chain: offchain/chain/packedParts.ts.

/// @notice reason (8 bits from 0) | completed (16 from 8) | certified (16 from 24) | cohort (64 from 40)
type Progress is uint256;

using RoundsWord for Progress global;

/// @title RoundsWord
/// @notice Word of `Rounds`: how far training came.
library RoundsWord {
    function packProgress(uint256 cohort_, uint256 certified_, uint256 completed_, uint256 reason_)
        internal
        pure
        returns (Progress)
    {
        return Progress.wrap(cohort_ << 40 | certified_ << 24 | completed_ << 8 | reason_);
    }

    function reason(Progress word) internal pure returns (uint256) {
        return uint8(Progress.unwrap(word));
    }

    function completed(Progress word) internal pure returns (uint256) {
        return uint16(Progress.unwrap(word) >> 8);
    }

    function certified(Progress word) internal pure returns (uint256) {
        return uint16(Progress.unwrap(word) >> 24);
    }

    function cohort(Progress word) internal pure returns (uint256) {
        return uint64(Progress.unwrap(word) >> 40);
    }
}
