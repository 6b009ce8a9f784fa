// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Payout} from "../settlement/Payout.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title SumsRules
/// @notice What is asked of contributors by the rows that their listings commit to, and what they must have agreed to when their sums
///         go out without noise (protocol, section 3). Consents: offchain/core/tables/consents.ts.
library SumsRules {
    uint256 internal constant CONSENT_FEW_ROWS = 1;
    uint256 internal constant CONSENT_CLEAR = 2;
    uint256 internal constant CONSENT_SUMS_WITHOUT_NOISE = 4;

    uint256 private constant LEAST_ROWS = 1000;
    uint256 private constant ROWS_PER_PARAMETER = 20;

    /// @notice Rows that a contributor to sums without noise has at least, and by how many a version differs from those used before.
    function leastRows(uint256 parameters) internal pure returns (uint256) {
        uint256 rows = ROWS_PER_PARAMETER * parameters;
        return rows < LEAST_ROWS ? LEAST_ROWS : rows;
    }

    /// @notice Reverts with `JobMarket_TooFewRows` or `JobMarket_MissingConsent`; for a job without noise.
    /// @param rows of contributor `index`, whose acceptance says `consents`
    function checkConsents(IJobTypes.JobTerms calldata terms, uint256 index, uint256 rows, uint256 consents) internal pure {
        if (consents & CONSENT_FEW_ROWS == 0) {
            uint256 needed = leastRows(terms.parameters);
            if (rows < needed) revert IJobTypes.JobMarket_TooFewRows(uint8(index), rows, needed);
        }
        uint256 missing = CONSENT_SUMS_WITHOUT_NOISE;
        if (terms.aggregation == uint8(IJobTypes.Aggregation.Clear)) missing |= CONSENT_CLEAR;
        missing &= ~consents;
        // The lowest that is missing.
        if (missing != 0) revert IJobTypes.JobMarket_MissingConsent(uint8(index), uint32(missing & (~missing + 1)));
    }

    /// @notice Reverts with `JobMarket_BadTerms("weight")` unless every weight is the part of its rows in all, by less than one part
    ///         per billion: as any rounding of rows to weights that add up to 1e9 gives it.
    function checkWeights(IAssetRegistry.AssetUse[] calldata uses, IAssetRegistry.ListingProof[] calldata listings)
        internal
        pure
    {
        uint256 n = uses.length;
        uint256 sum;
        // Unchecked: at most 64 contributors, rows and weights below 2^32.
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                sum += listings[i].listing.version.rows;
            }
            for (uint256 i = 0; i < n; i++) {
                uint256 had = uses[i].weight * sum;
                uint256 needed = Payout.PARTS_PER_BILLION * listings[i].listing.version.rows;
                if ((had > needed ? had - needed : needed - had) >= sum) revert IJobTypes.JobMarket_BadTerms("weight");
            }
        }
    }
}
