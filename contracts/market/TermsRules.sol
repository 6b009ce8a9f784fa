// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {Payout} from "../settlement/Payout.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title TermsRules
/// @notice What the market demands of a job's terms by themselves, whoever brings them.
library TermsRules {
    /// @dev A cohort is a bitmap and a committee reads every update: 64 are more than any job of this version has.
    uint256 internal constant MAXIMUM_CONTRIBUTORS = 64;
    uint256 internal constant MINIMUM_ROUNDS = 2;
    /// @dev Money and bonds are locked while a step is awaited.
    uint256 internal constant MAXIMUM_WINDOW = 30 days;
    /// @dev Noise multiplier of 1000: beyond it rho rounds to a handful of units.
    uint256 internal constant MAXIMUM_NOISE_MILLI = 1e6;
    /// @dev 0.01: below it the noise hides nothing, and rho of 65 535 rounds would not fit its 64 bits.
    uint256 internal constant MINIMUM_NOISE_MILLI = 10;

    /// @dev Purposes are bits of a listing's bitmap.
    uint256 internal constant MAXIMUM_PURPOSE = 255;
    /// @dev Far above the table's last entry.
    uint256 internal constant MAXIMUM_LEGAL_BASIS = 999;
    uint256 internal constant MAXIMUM_RETENTION_DAYS = 36_525;

    /// @dev Ten million: 20 rows for each still fit a listing's 32 bits.
    uint256 internal constant MAXIMUM_PARAMETERS = 10_000_000;

    struct Minimums {
        uint256 roundSeconds;
        uint256 proposeSeconds;
        uint256 challengeSeconds;
        uint256 validationRows;
    }

    /// @notice Reverts with `JobMarket_BadTerms` and the field, or `JobMarket_WrongRhoNano`.
    function check(IJobTypes.JobTerms memory terms, Minimums memory least) internal pure {
        if (terms.validationRoot == 0) revert IJobTypes.JobMarket_BadTerms("validationRoot");
        if (terms.validationRows < least.validationRows) revert IJobTypes.JobMarket_BadTerms("validationRows");
        if (terms.parameters == 0 || terms.parameters > MAXIMUM_PARAMETERS) {
            revert IJobTypes.JobMarket_BadTerms("parameters");
        }
        if (terms.aggregation > uint8(IJobTypes.Aggregation.Encrypted)) {
            revert IJobTypes.JobMarket_BadTerms("aggregation");
        }
        if (terms.noiseMilli > MAXIMUM_NOISE_MILLI || (terms.noiseMilli > 0 && terms.noiseMilli < MINIMUM_NOISE_MILLI)) {
            revert IJobTypes.JobMarket_BadTerms("noiseMilli");
        }
        if (terms.rounds < MINIMUM_ROUNDS) revert IJobTypes.JobMarket_BadTerms("rounds");
        if (!_isAllowedCommittee(terms)) revert IJobTypes.JobMarket_BadTerms("k, t, m, f");
        if (terms.purpose > MAXIMUM_PURPOSE) revert IJobTypes.JobMarket_BadTerms("purpose");
        if (terms.legalBasis > MAXIMUM_LEGAL_BASIS) revert IJobTypes.JobMarket_BadTerms("legalBasis");
        if (terms.retentionDays > MAXIMUM_RETENTION_DAYS) revert IJobTypes.JobMarket_BadTerms("retentionDays");
        if (terms.rulesVersion == 0) revert IJobTypes.JobMarket_BadTerms("rulesVersion");
        if (terms.tier > uint8(IParticipantRegistry.Tier.Core)) revert IJobTypes.JobMarket_BadTerms("tier");
        // U is the negative log-loss: a target above 0 can never be reached.
        if (terms.utilityTarget > 0) revert IJobTypes.JobMarket_BadTerms("utilityTarget");
        _checkWindows(terms, least);
        _checkAssets(terms);
    }

    /// @notice Nano-rho of `releases` noisy sums: ceil(releases · 5e14 / noiseMilli²) (protocol, section 7); 0 without noise.
    function rhoNano(uint256 releases, uint256 noiseMilli) internal pure returns (uint64) {
        if (noiseMilli == 0) return 0;
        uint256 square = noiseMilli * noiseMilli;
        return uint64((releases * 5e14 + square - 1) / square);
    }

    /// @dev (k, t, m, f) of protocol section 5: m <= k − f, 2m − k > f, m − f >= t + 1.
    function _isAllowedCommittee(IJobTypes.JobTerms memory terms) private pure returns (bool) {
        uint256 committee = uint256(terms.k) << 24 | uint256(terms.t) << 16 | uint256(terms.m) << 8 | terms.f;
        return committee == 0x05020401 || committee == 0x04010301 || committee == 0x05010401 || committee == 0x07020502
            || committee == 0x09020702 || committee == 0x0a030703;
    }

    function _checkWindows(IJobTypes.JobTerms memory terms, Minimums memory least) private pure {
        _within("startSeconds", terms.startSeconds, 1);
        _within("roundSeconds", terms.roundSeconds, least.roundSeconds);
        _within("proposeSeconds", terms.proposeSeconds, least.proposeSeconds);
        _within("challengeSeconds", terms.challengeSeconds, least.challengeSeconds);
    }

    function _within(string memory field, uint256 had, uint256 least) private pure {
        if (had < least || had > MAXIMUM_WINDOW) revert IJobTypes.JobMarket_BadTerms(field);
    }

    function _checkAssets(IJobTypes.JobTerms memory terms) private pure {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        uint256 n = assets.length;
        bool clear = terms.aggregation == uint8(IJobTypes.Aggregation.Clear);
        if (n < 2 || n > (clear ? Shapley.MAXIMUM_PLAYERS : MAXIMUM_CONTRIBUTORS)) {
            revert IJobTypes.JobMarket_BadTerms("assets");
        }
        // The sum of two contributors shows each the other's: without noise there are at least three.
        if (n == 2 && terms.noiseMilli == 0) revert IJobTypes.JobMarket_BadTerms("noiseMilli");
        uint64 rho = rhoNano(terms.rounds, terms.noiseMilli);
        uint256 weight;
        for (uint256 i = 0; i < n; i++) {
            if (assets[i].version == 0) revert IJobTypes.JobMarket_BadTerms("version");
            if (assets[i].weight == 0) revert IJobTypes.JobMarket_BadTerms("weight");
            if (assets[i].rhoNano != rho) revert IJobTypes.JobMarket_WrongRhoNano(uint8(i), assets[i].rhoNano, rho);
            if (_isRepeated(assets, i)) revert IJobTypes.JobMarket_BadTerms("assetId");
            weight += assets[i].weight;
        }
        if (weight != Payout.PARTS_PER_BILLION) revert IJobTypes.JobMarket_BadTerms("weight");
    }

    function _isRepeated(IAssetRegistry.AssetUse[] memory assets, uint256 index) private pure returns (bool) {
        uint256 assetId = assets[index].assetId;
        for (uint256 i = 0; i < index; i++) {
            if (assets[i].assetId == assetId) return true;
        }
        return false;
    }
}
