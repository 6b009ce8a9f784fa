// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "./IAssetRegistry.sol";

/// @title ListingWords
/// @notice A listing as jobs bring it and as its hash is taken: small fields share two words. Off-chain: offchain/chain/packedListing.ts.
///         offer: maxJobs (32 bits from 0) | royaltyPpb (32) | rhoPerJob (64 from 64) | price (128 from 128)
///         limits: derivativeRule (8 from 0) | tier (8) | minimumCohort (8) | maxRounds (16 from 24) | minNoiseMilli (32 from 40) |
///         expiry (64 from 72) | time (64 from 136) | rows (32 from 200)
library ListingWords {
    uint256 private constant WORDS = 9;

    /// @notice keccak256 of the listing's nine words: what the registry stores of it.
    function hashOf(IAssetRegistry.PackedListing calldata listing) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, listing, shl(5, WORDS))
            result := keccak256(free, shl(5, WORDS))
        }
    }

    function hashOf(IAssetRegistry.Listing memory listing) internal pure returns (bytes32) {
        return keccak256(abi.encode(_pack(listing)));
    }

    function _pack(IAssetRegistry.Listing memory listing) private pure returns (IAssetRegistry.PackedListing memory words) {
        (IAssetRegistry.AssetVersion memory version, IAssetRegistry.AssetTerms memory terms) = (listing.version, listing.terms);
        (words.datasetRoot, words.schemaHash) = (version.datasetRoot, version.schemaHash);
        (words.populationId, words.purposes) = (version.populationId, terms.purposes);
        (words.jurisdictionsRoot, words.buyersRoot) = (terms.jurisdictionsRoot, terms.buyersRoot);
        words.codesRoot = terms.codesRoot;
        words.offer = uint256(terms.price) << 128 | uint256(terms.rhoPerJob) << 64 | uint256(terms.royaltyPpb) << 32
            | terms.maxJobs;
        uint256 rules = uint256(terms.minimumCohort) << 16 | uint256(terms.tier) << 8 | terms.derivativeRule;
        words.limits = uint256(version.rows) << 200 | uint256(version.time) << 136 | uint256(terms.expiry) << 72
            | uint256(terms.minNoiseMilli) << 40 | uint256(terms.maxRounds) << 24 | rules;
    }

    function maxJobs(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint32) {
        return uint32(listing.offer);
    }

    function rhoPerJob(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint64) {
        return uint64(listing.offer >> 64);
    }

    function price(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint128) {
        return uint128(listing.offer >> 128);
    }

    function tier(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint8) {
        return uint8(listing.limits >> 8);
    }

    function minimumCohort(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint8) {
        return uint8(listing.limits >> 16);
    }

    function maxRounds(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint16) {
        return uint16(listing.limits >> 24);
    }

    function minNoiseMilli(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint32) {
        return uint32(listing.limits >> 40);
    }

    function expiry(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint64) {
        return uint64(listing.limits >> 72);
    }

    function rows(IAssetRegistry.PackedListing calldata listing) internal pure returns (uint32) {
        return uint32(listing.limits >> 200);
    }
}
