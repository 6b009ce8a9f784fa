// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Small fields of a part share words: a word costs calldata in every step of the job, a log in its event, and a check of its own
// when the compiler reads it. Bits are counted from the lowest. The contracts alone make these words, and a part that is brought is
// compared by its hash, so bits beyond the fields are 0. Off-chain: offchain/chain/packedParts.ts.

/// @notice beaconRound (64 bits from 0) | minimumCohort (8 from 64) | evaluatorGroup (32 from 72) | buyerGroup (32 from 104)
type Bounds is uint256;

/// @notice consents (32 bits from 0) | group (32 from 32) | account (160 from 64)
type Holder is uint256;

using PartiesWords for Bounds global;
using PartiesWords for Holder global;

/// @title PartiesWords
/// @notice Words of `Parties`: what the draw of the committee and smaller cohorts are bound by; a contributor.
library PartiesWords {
    function packBounds(uint256 buyerGroup_, uint256 evaluatorGroup_, uint256 minimumCohort_, uint256 beaconRound_)
        internal
        pure
        returns (Bounds)
    {
        return Bounds.wrap(buyerGroup_ << 104 | evaluatorGroup_ << 72 | minimumCohort_ << 64 | beaconRound_);
    }

    function beaconRound(Bounds word) internal pure returns (uint64) {
        return uint64(Bounds.unwrap(word));
    }

    function minimumCohort(Bounds word) internal pure returns (uint256) {
        return uint8(Bounds.unwrap(word) >> 64);
    }

    function evaluatorGroup(Bounds word) internal pure returns (uint32) {
        return uint32(Bounds.unwrap(word) >> 72);
    }

    function buyerGroup(Bounds word) internal pure returns (uint32) {
        return uint32(Bounds.unwrap(word) >> 104);
    }

    function packHolder(address account_, uint256 group_, uint256 consents_) internal pure returns (Holder) {
        return Holder.wrap(uint256(uint160(account_)) << 64 | group_ << 32 | consents_);
    }

    function group(Holder word) internal pure returns (uint32) {
        return uint32(Holder.unwrap(word) >> 32);
    }

    function account(Holder word) internal pure returns (address) {
        return address(uint160(Holder.unwrap(word) >> 64));
    }
}
