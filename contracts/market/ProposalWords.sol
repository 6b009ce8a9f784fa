// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Small fields of a part share words: a word costs calldata in every step of the job, a log in its event, and a check of its own
// when the compiler reads it. Bits are counted from the lowest. The contracts alone make these words, and a part that is brought is
// compared by its hash, so bits beyond the fields are 0. Off-chain: offchain/chain/packedParts.ts.

/// @notice kind (8 bits from 0) | signers (64 from 8) | excess (128 from 72)
type Outcome is uint256;

/// @notice share (32 bits from 0) | amount (128 from 32)
type Earning is uint256;

using ProposalWords for Outcome global;
using ProposalWords for Earning global;

/// @title ProposalWords
/// @notice Words of `Proposal`: kind of the result, the seats that signed it and what goes to nobody; what one contributor is owed of base and performance, and its
///         part per billion of what is paid by share.
library ProposalWords {
    function packOutcome(uint256 kind_, uint256 signers_, uint256 excess_) internal pure returns (Outcome) {
        return Outcome.wrap(excess_ << 72 | signers_ << 8 | kind_);
    }

    function kind(Outcome word) internal pure returns (uint256) {
        return uint8(Outcome.unwrap(word));
    }

    function signers(Outcome word) internal pure returns (uint256) {
        return uint64(Outcome.unwrap(word) >> 8);
    }

    function excess(Outcome word) internal pure returns (uint256) {
        return uint128(Outcome.unwrap(word) >> 72);
    }

    function packEarning(uint256 amount_, uint256 share_) internal pure returns (uint256) {
        return amount_ << 32 | share_;
    }

    /// @notice The same array, of words that `packEarning` made.
    function earningsOf(uint256[] memory words) internal pure returns (Earning[] memory same) {
        assembly ("memory-safe") {
            same := words
        }
    }

    function share(Earning word) internal pure returns (uint256) {
        return uint32(Earning.unwrap(word));
    }

    function amount(Earning word) internal pure returns (uint256) {
        return uint128(Earning.unwrap(word) >> 32);
    }
}
