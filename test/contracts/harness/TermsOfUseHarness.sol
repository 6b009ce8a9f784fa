// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {ListingWords} from "../../../contracts/assets/ListingWords.sol";
import {TermsOfUse} from "../../../contracts/assets/TermsOfUse.sol";

/// @notice Opens the library to a test. `check` is a transaction, so that a test can set its block's time.
contract TermsOfUseHarness {
    event Kept(uint256 indexed assetId);

    function check(
        IAssetRegistry.UseContext calldata context,
        IAssetRegistry.AssetUse memory use,
        IAssetRegistry.ListingProof calldata proof
    ) external {
        TermsOfUse.check(context, use, proof);
        emit Kept(use.assetId);
    }

    function hashOf(IAssetRegistry.PackedListing calldata listing) external pure returns (bytes32) {
        return ListingWords.hashOf(listing);
    }
}
