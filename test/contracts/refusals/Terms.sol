// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {MarketBounds, MarketParameters} from "../../../contracts/market/MarketParameters.sol";
import {vm} from "../invariants/Cheats.sol";
import {Refusals} from "./Refusals.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

contract Bounds {
    function check(MarketParameters memory parameters) external view {
        MarketBounds.check(parameters);
    }
}

/// @notice Every field of a job's terms and of a market's parameters beyond its range.
abstract contract TermsRefused is Refusals {
    using TermsPacking for IJobTypes.JobTerms;

    function test_TermsBeyondTheirRanges() public {
        IJobTypes.JobTerms memory terms = _good();
        _post(terms);
        terms.validationRoot = 0;
        _bad(terms, "validationRoot");
        (terms = _good()).validationRows = 999;
        _bad(terms, "validationRows");
        (terms = _good()).parameters = 0;
        _bad(terms, "parameters");
        terms.parameters = 10_000_001;
        _bad(terms, "parameters");
        (terms = _good()).aggregation = 3;
        _bad(terms, "aggregation");
        (terms = _good()).noiseMilli = 9;
        _bad(terms, "noiseMilli");
        terms.noiseMilli = 1_000_001;
        _bad(terms, "noiseMilli");
        (terms = _good()).rounds = 1;
        _bad(terms, "rounds");
        (terms = _good()).k = 6;
        _bad(terms, "k, t, m, f");
        (terms = _good()).purpose = 256;
        _bad(terms, "purpose");
        (terms = _good()).legalBasis = 1000;
        _bad(terms, "legalBasis");
        (terms = _good()).retentionDays = 36_526;
        _bad(terms, "retentionDays");
        (terms = _good()).rulesVersion = 0;
        _bad(terms, "rulesVersion");
        (terms = _good()).tier = 3;
        _bad(terms, "tier");
        (terms = _good()).utilityTarget = 1;
        _bad(terms, "utilityTarget");
    }

    function test_WindowsBeyondTheirRanges() public {
        IJobTypes.JobTerms memory terms = _good();
        terms.startSeconds = 0;
        _bad(terms, "startSeconds");
        (terms = _good()).roundSeconds = 9;
        _bad(terms, "roundSeconds");
        (terms = _good()).proposeSeconds = 30 days + 1;
        _bad(terms, "proposeSeconds");
        (terms = _good()).challengeSeconds = 3599;
        _bad(terms, "challengeSeconds");
    }

    function test_AssetsThatDoNotFit() public {
        IJobTypes.JobTerms memory terms = _good();
        terms.assets = new IAssetRegistry.AssetUse[](1);
        _bad(terms, "assets");
        terms.assets = new IAssetRegistry.AssetUse[](13);
        _bad(terms, "assets");
        terms.assets = new IAssetRegistry.AssetUse[](2);
        _bad(terms, "noiseMilli");
        (terms = _good()).assets[1].version = 0;
        _bad(terms, "version");
        (terms = _good()).assets[1].weight = 0;
        _bad(terms, "weight");
        (terms = _good()).assets[1].weight += 1;
        _bad(terms, "weight");
        (terms = _good()).assets[1].assetId = terms.assets[0].assetId;
        _bad(terms, "assetId");
        (terms = _good()).assets[2].rhoNano = 1;
        _refusedPost(terms, abi.encodeWithSelector(IJobTypes.JobMarket_WrongRhoNano.selector, 2, 1, 0));
    }

    /// @dev The six committees that are allowed, each but for one seat more.
    function test_AllowedCommittees() public {
        uint8[4][6] memory allowed = [[4, 1, 3, 1], [5, 2, 4, 1], [5, 1, 4, 1], [7, 2, 5, 2], [9, 2, 7, 2], [10, 3, 7, 3]];
        for (uint256 i = 0; i < 6; i++) {
            IJobTypes.JobTerms memory terms = _good();
            (terms.k, terms.t, terms.m, terms.f) = (allowed[i][0], allowed[i][1], allowed[i][2], allowed[i][3]);
            terms.validationRoot = keccak256(abi.encode(i));
            _post(terms);
            terms.k++;
            _bad(terms, "k, t, m, f");
        }
    }

    function test_ParametersBeyondTheirRanges() public {
        Bounds bounds = new Bounds();
        MarketParameters memory p = _market_();
        bounds.check(p);
        (p = _market_()).treasury = address(0);
        _refusedParameters(bounds, p, "treasury");
        (p = _market_()).deposit = 1e12 + 1;
        _refusedParameters(bounds, p, "deposit");
        (p = _market_()).bondFactorBps = 0;
        _refusedParameters(bounds, p, "bondFactorBps");
        (p = _market_()).grace = 9;
        _refusedParameters(bounds, p, "grace");
        p.embedded = true;
        bounds.check(p);
        (p = _market_()).minimumChallengeSeconds = 3599;
        _refusedParameters(bounds, p, "minimumChallengeSeconds");
    }

    function _market_() private view returns (MarketParameters memory p) {
        (p.treasury, p.bondFactorBps, p.grace, p.seatSeconds) = (address(this), 1, 10, 10);
        (p.minimumRoundSeconds, p.minimumProposeSeconds, p.minimumChallengeSeconds) = (10, 10, 3600);
        (p.minimumValidationRows, p.epochSeconds, p.halvingEpochs) = (1, 10, 1);
        (p.challengeBond, p.verdictSeconds, p.adjudicationSeconds, p.haltGap) = (1, 10, 10, 3600);
        (p.openJobsLite, p.openJobsMember, p.openJobsCore) = (1, 1, 1);
    }

    function _refusedParameters(Bounds bounds, MarketParameters memory p, string memory field) private {
        bytes memory refusal = abi.encodeWithSelector(IJobTypes.JobMarket_BadParameter.selector, field);
        _expect(address(this), address(bounds), abi.encodeCall(Bounds.check, (p)), refusal);
    }

    /// @dev Without noise, in the clear: what the actors post half of the time.
    function _good() private returns (IJobTypes.JobTerms memory terms) {
        do {
            (terms,) = _offer();
        } while (terms.noiseMilli != 0 || terms.aggregation != 0);
    }

    function _post(IJobTypes.JobTerms memory terms) private {
        vm.prank(_accounts[0]);
        _market.post(terms.packed());
    }

    function _bad(IJobTypes.JobTerms memory terms, string memory field) private {
        _refusedPost(terms, _badTerms(field));
    }

    function _refusedPost(IJobTypes.JobTerms memory terms, bytes memory refusal) private {
        _expect(_accounts[0], address(_market), abi.encodeCall(IJobMarket.post, (terms.packed())), refusal);
    }
}
