// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";
import {JobDigests} from "./JobDigests.sol";

/// @title TermsWords
/// @notice `JobTerms` on the wire: four calls of a job bring them and one event tells them, so their small fields share words. Bits are
///         counted from the lowest. Off-chain: offchain/chain/packedTerms.ts.
///         roles: rounds (16 bits from 0) | f (8 from 16) | t (24) | m (32) | k (40) | tier (48) | aggregation (56) | legalBasis (16 bits
///         from 64) | purpose (16 from 80) | evaluator (160 from 96)
///         pots: performance (128 from 0) | base (128)
///         charges: noiseMilli (32 from 0) | utilityTarget (64 from 32, two's complement) | oracleFee (128 from 96); the rest is 0
///         windows: parameters (32 from 0) | validationRows (32) | rulesVersion (64) | retentionDays (96) | challengeSeconds (128) |
///         proposeSeconds (160) | roundSeconds (192) | startSeconds (224)
///         each of assets: price (64 from 0) | rhoNano (64) | weight (32 from 128) | version (32) | assetId (64 from 192)
library TermsWords {
    uint256 private constant CHARGES_BITS = 224;

    /// @notice The terms field by field, and their EIP-712 struct hash.
    /// @dev Every field is cut to its width, so whatever words were brought make terms that a decoder accepts. The hash is taken over
    ///      the struct itself: the type stands before it, and in its last word, for a moment, the hash of the assets instead of
    ///      their place.
    function open(IJobTypes.PackedTerms calldata packed)
        internal
        pure
        returns (IJobTypes.JobTerms memory terms, bytes32 termsHash)
    {
        bytes32 termsType = JobDigests.JOB_TERMS_TYPEHASH;
        uint256 assets;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, termsType)
            terms := add(free, 0x20)
            assets := add(terms, 0x360)
        }
        _readFields(packed, terms);
        bytes32 assetsHash = _readAssets(packed.assets, assets);
        assembly ("memory-safe") {
            mstore(add(terms, 0x340), assetsHash)
            termsHash := keccak256(sub(terms, 0x20), 0x380)
            mstore(add(terms, 0x340), assets)
        }
    }

    function _readFields(IJobTypes.PackedTerms calldata packed, IJobTypes.JobTerms memory terms) private pure {
        assembly ("memory-safe") {
            calldatacopy(terms, packed, 0x60)
            let word := calldataload(add(packed, 0x60))
            mstore(add(terms, 0x60), shr(96, word))
            mstore(add(terms, 0x80), and(shr(80, word), 0xffff))
            mstore(add(terms, 0xa0), and(shr(64, word), 0xffff))
            mstore(add(terms, 0xc0), and(shr(56, word), 0xff))
            mstore(add(terms, 0x100), and(word, 0xffff))
            mstore(add(terms, 0x120), and(shr(40, word), 0xff))
            mstore(add(terms, 0x140), and(shr(32, word), 0xff))
            mstore(add(terms, 0x160), and(shr(24, word), 0xff))
            mstore(add(terms, 0x180), and(shr(16, word), 0xff))
            mstore(add(terms, 0x1a0), and(shr(48, word), 0xff))
            word := calldataload(add(packed, 0x80))
            mstore(add(terms, 0x1c0), shr(128, word))
            mstore(add(terms, 0x1e0), and(word, 0xffffffffffffffffffffffffffffffff))
            word := calldataload(add(packed, 0xa0))
            mstore(add(terms, 0xe0), and(word, 0xffffffff))
            mstore(add(terms, 0x200), and(shr(96, word), 0xffffffffffffffffffffffffffffffff))
            mstore(add(terms, 0x220), signextend(7, shr(32, word)))
            word := calldataload(add(packed, 0xc0))
            mstore(add(terms, 0x240), shr(224, word))
            mstore(add(terms, 0x260), and(shr(192, word), 0xffffffff))
            mstore(add(terms, 0x280), and(shr(160, word), 0xffffffff))
            mstore(add(terms, 0x2a0), and(shr(128, word), 0xffffffff))
            mstore(add(terms, 0x2c0), and(shr(96, word), 0xffffffff))
            mstore(add(terms, 0x2e0), and(shr(64, word), 0xffffffff))
            mstore(add(terms, 0x300), and(shr(32, word), 0xffffffff))
            mstore(add(terms, 0x320), and(word, 0xffffffff))
        }
    }

    /// @dev Behind the struct at `assets` the array of their places, then the assets, each with its type before it; then memory is free.
    function _readAssets(uint256[] calldata words, uint256 assets) private pure returns (bytes32 assetsHash) {
        bytes32 assetType = JobDigests.ASSET_USE_TYPEHASH;
        assembly ("memory-safe") {
            mstore(assets, words.length)
            let place := add(assets, 0x20)
            let end := add(place, shl(5, words.length))
            let asset := add(end, 0x20)
            for { let from := words.offset } lt(place, end) { from := add(from, 0x20) } {
                let word := calldataload(from)
                mstore(sub(asset, 0x20), assetType)
                mstore(asset, shr(192, word))
                mstore(add(asset, 0x20), and(shr(160, word), 0xffffffff))
                mstore(add(asset, 0x40), and(shr(128, word), 0xffffffff))
                mstore(add(asset, 0x60), and(shr(64, word), 0xffffffffffffffff))
                mstore(add(asset, 0x80), and(word, 0xffffffffffffffff))
                mstore(place, keccak256(sub(asset, 0x20), 0xc0))
                place := add(place, 0x20)
                asset := add(asset, 0xc0)
            }
            assetsHash := keccak256(add(assets, 0x20), shl(5, words.length))
            asset := add(end, 0x20)
            for { place := add(assets, 0x20) } lt(place, end) { place := add(place, 0x20) } {
                mstore(place, asset)
                asset := add(asset, 0xc0)
            }
            mstore(0x40, sub(asset, 0x20))
        }
    }

    /// @notice False where bits are set that no field has: one way only to write the same terms.
    function isClean(IJobTypes.PackedTerms calldata packed) internal pure returns (bool) {
        return packed.charges >> CHARGES_BITS == 0;
    }
}
