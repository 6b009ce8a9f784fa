// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {JobBase} from "./JobBase.sol";
import {TermsRules} from "./TermsRules.sol";

/// @title JobBudget
/// @notice Closing of the privacy budget that a job reserved.
abstract contract JobBudget is JobBase {
    /// @dev Closes the reservations of a job with noise: rho of `releases` rounds is spent, the rest is free again.
    function _closeBudget(JobTerms memory terms, Contributor[] calldata contributors, uint256 releases) internal {
        if (terms.noiseMilli == 0) return;
        uint256 n = contributors.length;
        bytes32[] memory populations = new bytes32[](n);
        uint64[] memory reserved = new uint64[](n);
        uint64[] memory spent = new uint64[](n);
        uint64 rho = TermsRules.rhoNano(releases, terms.noiseMilli);
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        for (uint256 i = 0; i < n; i++) {
            (populations[i], reserved[i], spent[i]) = (contributors[i].populationId, assets[i].rhoNano, rho);
        }
        privacyLedger.close(populations, reserved, spent);
    }
}
