// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice root (48 bits from 0) | most rows (32 from 48) | fewest rows (32 from 80) | cohort (144 from 112)
type PastUse is uint256;

using PastUseWord for PastUse global;

/// @title PastUseWord
/// @notice How an asset was used without noise so far. 0: never.
/// @dev What cutting the hashes costs. Cohort, 144 bits of keccak256: another set of assets in the place of a given one takes 2^144
///      trials; who lists thousands of assets itself can look for two sets with one hash, 2^72 trials, before the first use. Root,
///      48 bits: a changed version passes for the same by accident once in 2^48, and its owner can make it pass with 2^48 trials of
///      the salts of its own rows: what it then discloses are its own rows, which it could publish anyway.
library PastUseWord {
    function pack(uint256 cohort_, uint256 fewest_, uint256 most_, uint256 root_)
        internal
        pure
        returns (PastUse)
    {
        return PastUse.wrap(cohort_ << 112 | fewest_ << 80 | most_ << 48 | root_);
    }

    function cohort(PastUse word) internal pure returns (uint256) {
        return PastUse.unwrap(word) >> 112;
    }

    function fewest(PastUse word) internal pure returns (uint256) {
        return uint32(PastUse.unwrap(word) >> 80);
    }

    function most(PastUse word) internal pure returns (uint256) {
        return uint32(PastUse.unwrap(word) >> 48);
    }

    function root(PastUse word) internal pure returns (uint256) {
        return uint48(PastUse.unwrap(word));
    }

    /// @notice The bits that a cohort keeps of its hash.
    function cohortBits(bytes32 hash) internal pure returns (uint256) {
        return uint256(hash) >> 112;
    }

    /// @notice The bits that stay of a dataset's root.
    function rootBits(bytes32 hash) internal pure returns (uint256) {
        return uint256(hash) >> 208;
    }
}
