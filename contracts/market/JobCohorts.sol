// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {JobBase} from "./JobBase.sol";
import {PastUse, PastUseWord} from "./PastUse.sol";
import {SumsRules} from "./SumsRules.sol";

/// @title JobCohorts
/// @notice The differencing rules of protocol section 3 (a): two sums without noise over cohorts that differ by one asset, or by a few
///         rows of one, give those rows away.
/// @dev Written at `start`, when two jobs with different cohorts must not both go on, and taken back by `expire` where it can be: as
///      long as one job alone was started with the asset. What a second job relies on stays, and so do rows that a version widened.
abstract contract JobCohorts is JobBase {
    /// @dev For a job without noise. Reverts with `JobMarket_OtherCohort` or `JobMarket_VersionTooClose`.
    function _useCohort(JobTerms calldata terms, IAssetRegistry.ListingProof[] calldata listings) internal {
        IAssetRegistry.AssetUse[] calldata uses = terms.assets;
        uint256 cohort = _cohortOf(uses);
        uint256 least = SumsRules.leastRows(terms.parameters);
        for (uint256 i = 0; i < uses.length; i++) {
            IAssetRegistry.AssetVersion calldata version = listings[i].listing.version;
            uint256 root = PastUseWord.rootBits(version.datasetRoot);
            uint256 assetId = uses[i].assetId;
            PastUse before = _pastUses[assetId];
            PastUse next = PastUse.unwrap(before) == 0
                ? PastUseWord.pack(cohort, false, version.rows, version.rows, root)
                : _again(before, assetId, cohort, version.rows, root, least);
            if (PastUse.unwrap(next) != PastUse.unwrap(before)) _pastUses[assetId] = next;
        }
    }

    /// @dev A job that was started and never seated used nothing.
    function _releaseCohort(JobTerms calldata terms) internal {
        IAssetRegistry.AssetUse[] calldata uses = terms.assets;
        for (uint256 i = 0; i < uses.length; i++) {
            uint256 assetId = uses[i].assetId;
            if (!_pastUses[assetId].shared()) _pastUses[assetId] = PastUse.wrap(0);
        }
    }

    function _again(PastUse before, uint256 assetId, uint256 cohort, uint256 rows, uint256 root, uint256 least)
        private
        pure
        returns (PastUse)
    {
        if (before.cohort() != cohort) revert JobMarket_OtherCohort(assetId);
        (uint256 fewest, uint256 most) = (before.fewest(), before.most());
        if (root != before.root() && rows < most + least && rows + least > fewest) {
            revert JobMarket_VersionTooClose(assetId, rows, most + least);
        }
        return PastUseWord.pack(cohort, true, rows < fewest ? rows : fewest, rows > most ? rows : most, root);
    }

    /// @dev The set of assets, whatever their order in the terms.
    function _cohortOf(IAssetRegistry.AssetUse[] calldata uses) private pure returns (uint256) {
        uint256 n = uses.length;
        uint256[] memory ids = new uint256[](n);
        for (uint256 i = 0; i < n; i++) {
            uint256 id = uses[i].assetId;
            uint256 at = i;
            for (; at > 0 && ids[at - 1] > id; at--) {
                ids[at] = ids[at - 1];
            }
            ids[at] = id;
        }
        return PastUseWord.cohortBits(keccak256(abi.encodePacked(ids)));
    }
}
