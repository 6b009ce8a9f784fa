// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Payout} from "../settlement/Payout.sol";
import {Words} from "../settlement/Words.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title SumsRules
/// @notice What is asked of contributors by the rows that their listings commit to, and what they must have agreed to when their sums
///         go out without noise (protocol, section 3). Consents: offchain/core/tables/consents.ts.
library SumsRules {
    using Words for uint256[];

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

    /// @notice Consents that each contributor to a job must have given: none with noise.
    function neededConsents(IJobTypes.JobTerms memory terms) internal pure returns (uint256 needed) {
        if (terms.noiseMilli != 0) return 0;
        needed = CONSENT_SUMS_WITHOUT_NOISE;
        if (terms.aggregation == uint8(IJobTypes.Aggregation.Clear)) needed |= CONSENT_CLEAR;
    }

    /// @notice Rows that each contributor to a job must have without the consent to few rows: none with noise.
    function neededRows(IJobTypes.JobTerms memory terms) internal pure returns (uint256) {
        return terms.noiseMilli != 0 ? 0 : leastRows(terms.parameters);
    }

    /// @notice Reverts with `JobMarket_TooFewRows` or `JobMarket_MissingConsent`.
    /// @param rows of contributor `index`, whose acceptance says `consents`
    function checkConsents(uint256 index, uint256 rows, uint256 leastRows_, uint256 consents, uint256 needed) internal pure {
        if (rows < leastRows_ && consents & CONSENT_FEW_ROWS == 0) {
            revert IJobTypes.JobMarket_TooFewRows(uint8(index), rows, leastRows_);
        }
        uint256 missing = needed & ~consents;
        // The lowest that is missing.
        if (missing != 0) revert IJobTypes.JobMarket_MissingConsent(uint8(index), uint32(missing & (~missing + 1)));
    }

    /// @notice Reverts with `JobMarket_BadTerms("weight")` unless every weight is the part of its rows in all, by less than one part
    ///         per billion: as any rounding of rows to weights that add up to 1e9 gives it.
    /// @param rows of each of `uses`, below 2^32
    function checkWeights(IAssetRegistry.AssetUse[] memory uses, uint256[] memory rows) internal pure {
        uint256 n = rows.length;
        uint256 sum;
        // Unchecked: at most 64 contributors, rows and weights below 2^32.
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                sum += rows.at(i);
            }
            for (uint256 i = 0; i < n; i++) {
                uint256 had = uses[i].weight * sum;
                uint256 needed = Payout.PARTS_PER_BILLION * rows.at(i);
                if ((had > needed ? had - needed : needed - had) >= sum) revert IJobTypes.JobMarket_BadTerms("weight");
            }
        }
    }
}
