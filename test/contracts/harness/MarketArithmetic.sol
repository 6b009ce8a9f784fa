// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {HeadWords, Limits, Shape} from "../../../contracts/market/HeadWords.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {JobMoney} from "../../../contracts/market/JobMoney.sol";
import {PartiesWords} from "../../../contracts/market/PartiesWords.sol";
import {ProposalWords} from "../../../contracts/market/ProposalWords.sol";
import {Progress, RoundsWord} from "../../../contracts/market/RoundsWord.sol";
import {SumsRules} from "../../../contracts/market/SumsRules.sol";
import {TermsRules} from "../../../contracts/market/TermsRules.sol";

/// @notice Opens the market's arithmetic to tests.
contract MarketArithmetic {
    error JobMarket_BadTerms(string field);
    error JobMarket_TooFewRows(uint8 assetIndex, uint256 had, uint256 needed);
    error JobMarket_MissingConsent(uint8 assetIndex, uint32 consent);

    function rhoNano(uint256 releases, uint256 noiseMilli) external pure returns (uint64) {
        return TermsRules.rhoNano(releases, noiseMilli);
    }

    function checkWeights(IAssetRegistry.AssetUse[] memory uses, uint256[] memory rows) external pure {
        SumsRules.checkWeights(uses, rows);
    }

    function checkConsents(uint256 index, uint256 rows, uint256 least, uint256 consents, uint256 needed) external pure {
        SumsRules.checkConsents(index, rows, least, consents, needed);
    }

    function leastRows(uint256 parameters) external pure returns (uint256) {
        return SumsRules.leastRows(parameters);
    }

    function neededRows(IJobTypes.JobTerms memory terms) external pure returns (uint256) {
        return SumsRules.neededRows(terms);
    }

    function neededConsents(IJobTypes.JobTerms memory terms) external pure returns (uint256) {
        return SumsRules.neededConsents(terms);
    }

    function escrowOf(IJobTypes.JobTerms memory terms) external pure returns (uint256) {
        return JobMoney.escrowOf(terms);
    }

    function seatBondUp(IJobTypes.Head calldata head, uint256 bondFactorBps) external pure returns (uint256) {
        return JobMoney.seatBondUp(head, bondFactorBps);
    }

    function paidRounds(Progress progress, uint256 all) external pure returns (uint256) {
        return JobMoney.paidRounds(progress, all);
    }

    function scaleDown(uint256 amount, uint256 part, uint256 whole) external pure returns (uint256) {
        return JobMoney.scaleDown(amount, part, whole);
    }

    function performanceDown(IJobTypes.JobTerms memory terms, int64 utilityStart, int64 utilityEnd)
        external
        pure
        returns (uint256)
    {
        return JobMoney.performanceDown(terms, utilityStart, utilityEnd);
    }

    function weightsOf(IJobTypes.JobTerms memory terms, uint256 cohort) external pure returns (int256[] memory) {
        return JobMoney.weightsOf(terms, cohort);
    }

    function packShape(
        address buyer,
        uint16 rounds,
        uint8 contributors,
        uint8 k,
        uint8 m,
        uint8 t,
        bool fullSetOnly
    ) external pure returns (Shape) {
        return HeadWords.packShape(buyer, rounds, contributors, k, m, t, fullSetOnly);
    }

    function packLimits(uint128 escrow, uint32 roundSeconds, uint32 proposeSeconds, uint32 challengeSeconds)
        external
        pure
        returns (Limits)
    {
        return HeadWords.packLimits(escrow, roundSeconds, proposeSeconds, challengeSeconds);
    }

    function packBounds(uint32 buyerGroup, uint32 evaluatorGroup, uint8 minimumCohort, uint64 beaconRound)
        external
        pure
        returns (uint256)
    {
        return uint256(bytes32(abi.encode(PartiesWords.packBounds(buyerGroup, evaluatorGroup, minimumCohort, beaconRound))));
    }

    function packHolder(address account, uint32 group, uint32 consents) external pure returns (uint256) {
        return uint256(bytes32(abi.encode(PartiesWords.packHolder(account, group, consents))));
    }

    function packProgress(uint152 kin, uint64 cohort, uint16 certified, uint16 completed, uint8 reason)
        external
        pure
        returns (Progress)
    {
        return RoundsWord.packProgress(kin, cohort, certified, completed, reason);
    }

    function kinOf(bytes memory groups) external pure returns (uint256) {
        return RoundsWord.kinOf(groups);
    }

    function packOutcome(uint8 kind, uint64 signers, uint128 excess) external pure returns (uint256) {
        return uint256(bytes32(abi.encode(ProposalWords.packOutcome(kind, signers, excess))));
    }

    function packEarning(uint128 amount, uint32 share) external pure returns (uint256) {
        return ProposalWords.packEarning(amount, share);
    }
}
