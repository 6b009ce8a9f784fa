// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Small fields of a part share words: a word costs calldata in every step of the job, a log in its event, and a check of its own
// when the compiler reads it. Bits are counted from the lowest. The contracts alone make these words, and a part that is brought is
// compared by its hash, so bits beyond the fields are 0. Off-chain: offchain/chain/packedParts.ts.

/// @notice reason (8 bits from 0) | completed (16 from 8) | certified (16 from 24) | cohort (64 from 40) | kin (152 from 104)
type Progress is uint256;

using RoundsWord for Progress global;

/// @title RoundsWord
/// @notice Word of `Rounds`: how far training came, and who belongs together.
library RoundsWord {
    function packProgress(uint256 kin_, uint256 cohort_, uint256 certified_, uint256 completed_, uint256 reason_)
        internal
        pure
        returns (Progress)
    {
        return Progress.wrap(kin_ << 104 | cohort_ << 40 | certified_ << 24 | completed_ << 8 | reason_);
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

    function kin(Progress word) internal pure returns (uint256) {
        return Progress.unwrap(word) >> 104;
    }

    /// @notice What a word keeps of the contributors' groups: first 152 bits of keccak256 of one byte for each, the place of the
    ///         first one of its group; 0 for no bytes, which stands for groups that all differ.
    function kinOf(bytes memory groups) internal pure returns (uint256) {
        return groups.length == 0 ? 0 : uint256(keccak256(groups)) >> 104;
    }

    function cohort(Progress word) internal pure returns (uint256) {
        return uint64(Progress.unwrap(word) >> 40);
    }
}
