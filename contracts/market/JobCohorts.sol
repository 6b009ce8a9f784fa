// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Words} from "../settlement/Words.sol";
import {JobBase} from "./JobBase.sol";
import {PastUse, PastUseWord} from "./PastUse.sol";
import {SumsRules} from "./SumsRules.sol";

/// @title JobCohorts
/// @notice The differencing rules of protocol section 3 (a): two sums without noise over cohorts that differ by one asset, or by a few
///         rows of one, give those rows away.
/// @dev Written at `start`, when two jobs with different cohorts must not both go on, and taken back by `expire` where it can be: as
///      long as one job alone was started with the cohort. What a second job relies on stays, and so do rows that a version widened.
///      A cohort that is there is that of each of its assets: as long as no version changes, one slot is read for all of them.
abstract contract JobCohorts is JobBase {
    using Words for uint256[];

    /// @dev Lowest bit of a cohort's slot: more than one job was started with it. The others are those of the hash of the roots.
    uint256 private constant SHARED = 1;

    /// @dev For a job without noise. Reverts with `JobMarket_OtherCohort` or `JobMarket_VersionTooClose`.
    /// @param rows of each contributor
    function _useCohort(JobTerms memory terms, Contributor[] memory contributors, uint256[] memory rows) internal {
        (uint256[] memory order, bytes32 cohort) = _cohortOf(terms.assets);
        uint256 before = _cohorts[cohort];
        uint256 next = _rootsHash(order, contributors) & ~SHARED;
        if (before != 0) next |= SHARED;
        if (next == before) return;
        // The first job, a second one, or another version of an asset.
        _cohorts[cohort] = next;
        if (next == before | SHARED) return;
        uint256 least = SumsRules.leastRows(terms.parameters);
        for (uint256 i = 0; i < rows.length; i++) {
            uint256 assetId = terms.assets[i].assetId;
            uint256 root = PastUseWord.rootBits(contributors[i].datasetRoot);
            _pastUses[assetId] = _used(_pastUses[assetId], assetId, PastUseWord.cohortBits(cohort), rows.at(i), root, least);
        }
    }

    /// @dev A job that was started and never seated used nothing.
    function _releaseCohort(JobTerms memory terms) internal {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        (, bytes32 cohort) = _cohortOf(assets);
        if (_cohorts[cohort] & SHARED != 0) return;
        delete _cohorts[cohort];
        for (uint256 i = 0; i < assets.length; i++) {
            _pastUses[assets[i].assetId] = PastUse.wrap(0);
        }
    }

    function _used(PastUse before, uint256 assetId, uint256 cohort, uint256 rows, uint256 root, uint256 least)
        private
        pure
        returns (PastUse)
    {
        if (PastUse.unwrap(before) == 0) return PastUseWord.pack(cohort, rows, rows, root);
        if (before.cohort() != cohort) revert JobMarket_OtherCohort(assetId);
        (uint256 fewest, uint256 most) = (before.fewest(), before.most());
        if (root != before.root() && rows < most + least && rows + least > fewest) {
            revert JobMarket_VersionTooClose(assetId, rows, most + least);
        }
        return PastUseWord.pack(cohort, rows < fewest ? rows : fewest, rows > most ? rows : most, root);
    }

    /// @dev The set of assets, whatever their order in the terms; `order`: their places there, by ascending id.
    function _cohortOf(IAssetRegistry.AssetUse[] memory assets)
        private
        pure
        returns (uint256[] memory order, bytes32 cohort)
    {
        uint256 n = assets.length;
        order = new uint256[](n);
        uint256[] memory ids = new uint256[](n);
        // Unchecked: places below n. Insertion sort: assets mostly come in their order.
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                uint256 id = assets[i].assetId;
                uint256 at = i;
                for (; at > 0 && ids.at(at - 1) > id; at--) {
                    ids.put(at, ids.at(at - 1));
                    order.put(at, order.at(at - 1));
                }
                ids.put(at, id);
                order.put(at, i);
            }
        }
        return (order, bytes32(_hash(ids)));
    }

    /// @dev keccak256 of the dataset roots by ascending id.
    function _rootsHash(uint256[] memory order, Contributor[] memory contributors) private pure returns (uint256) {
        uint256 n = order.length;
        uint256[] memory roots = new uint256[](n);
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                roots.put(i, uint256(contributors[order.at(i)].datasetRoot));
            }
        }
        return _hash(roots);
    }

    function _hash(uint256[] memory words) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            result := keccak256(add(words, 0x20), shl(5, mload(words)))
        }
    }
}
