// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAssetRegistry} from "./IAssetRegistry.sol";
import {ListingWords} from "./ListingWords.sol";

/// @title TermsOfUse
/// @notice Terms of a listing against a job that wants to use it. The minimum cohort is the market's to check.
library TermsOfUse {
    using ListingWords for IAssetRegistry.PackedListing;

    uint256 private constant PPB = 1e9;
    uint8 internal constant DERIVATIVE_NONE = 0;
    uint8 internal constant DERIVATIVE_INTERNAL = 1;
    uint8 private constant DERIVATIVE_FREE = 2;

    /// @notice What may be listed at all.
    function checkListing(IAssetRegistry.AssetVersion calldata version, IAssetRegistry.AssetTerms calldata terms) internal view {
        if (version.rows == 0) revert IAssetRegistry.AssetRegistry_BadListing("rows");
        if (version.datasetRoot == 0) revert IAssetRegistry.AssetRegistry_BadListing("datasetRoot");
        if (version.schemaHash == 0) revert IAssetRegistry.AssetRegistry_BadListing("schemaHash");
        // As wide as a price is in a job's terms: a listing beyond could never be used.
        if (terms.price > type(uint64).max) revert IAssetRegistry.AssetRegistry_BadListing("price");
        if (terms.purposes == 0) revert IAssetRegistry.AssetRegistry_BadListing("purposes");
        if (terms.expiry != 0 && terms.expiry <= block.timestamp) revert IAssetRegistry.AssetRegistry_BadListing("expiry");
        if (terms.derivativeRule > DERIVATIVE_FREE) revert IAssetRegistry.AssetRegistry_BadListing("derivativeRule");
        if (terms.royaltyPpb > PPB) revert IAssetRegistry.AssetRegistry_BadListing("royaltyPpb");
        if (terms.tier > 2) revert IAssetRegistry.AssetRegistry_BadListing("tier");
    }

    /// @notice Reverts with the first term that the job does not keep.
    function check(
        IAssetRegistry.UseContext memory context,
        IAssetRegistry.AssetUse memory use,
        IAssetRegistry.ListingProof calldata proof
    ) internal view {
        IAssetRegistry.PackedListing calldata listing = proof.listing;
        uint256 id = use.assetId;
        {
            uint64 expiry = listing.expiry();
            if (expiry != 0 && expiry < block.timestamp) revert IAssetRegistry.AssetRegistry_Expired(id, expiry);
        }
        if (context.purpose > 255 || (listing.purposes >> context.purpose) & 1 == 0) {
            revert IAssetRegistry.AssetRegistry_PurposeNotAllowed(id, context.purpose);
        }
        if (context.buyerTier < listing.tier()) {
            revert IAssetRegistry.AssetRegistry_TierTooLow(id, context.buyerTier, listing.tier());
        }
        if (use.price < listing.price()) revert IAssetRegistry.AssetRegistry_PriceTooLow(id, use.price, listing.price());
        if (listing.maxRounds() != 0 && context.rounds > listing.maxRounds()) {
            revert IAssetRegistry.AssetRegistry_TooManyRounds(id, context.rounds, listing.maxRounds());
        }
        if (context.noiseMilli < listing.minNoiseMilli()) {
            revert IAssetRegistry.AssetRegistry_NoiseTooLow(id, context.noiseMilli, listing.minNoiseMilli());
        }
        if (use.rhoNano > listing.rhoPerJob()) {
            revert IAssetRegistry.AssetRegistry_RhoTooHigh(id, use.rhoNano, listing.rhoPerJob());
        }
        _checkLists(context, id, proof);
    }

    function _checkLists(IAssetRegistry.UseContext memory context, uint256 id, IAssetRegistry.ListingProof calldata proof)
        private
        pure
    {
        IAssetRegistry.PackedListing calldata listing = proof.listing;
        if (!_listed(proof.jurisdictionProof, listing.jurisdictionsRoot, bytes32(uint256(context.buyerJurisdiction)))) {
            revert IAssetRegistry.AssetRegistry_JurisdictionNotAllowed(id, context.buyerJurisdiction);
        }
        if (!_listed(proof.buyerProof, listing.buyersRoot, bytes32(uint256(uint160(context.buyer))))) {
            revert IAssetRegistry.AssetRegistry_BuyerNotAllowed(id, context.buyer);
        }
        if (!_listed(proof.codeProof, listing.codesRoot, context.codeHash)) {
            revert IAssetRegistry.AssetRegistry_CodeNotAllowed(id, context.codeHash);
        }
    }

    /// @dev Leaf of the OpenZeppelin standard tree: keccak256(keccak256(abi.encode(value))). A root of 0 lists everybody.
    function _listed(bytes32[] calldata proof, bytes32 root, bytes32 value) private pure returns (bool) {
        if (root == 0) return true;
        return MerkleProof.verifyCalldata(proof, root, _leafOf(value));
    }

    function _leafOf(bytes32 value) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(value))));
    }

    /// @notice A tree with one leaf is that leaf: the root of a list that names this account alone.
    function leafOf(address account) internal pure returns (bytes32) {
        return _leafOf(bytes32(uint256(uint160(account))));
    }
}
