// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IParticipantRegistry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {ROLE_BUYER, ROLE_EVALUATOR} from "../../../contracts/identity/Roles.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {ContractAccount} from "../harness/ContractAccount.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Seals} from "../invariants/world/Seals.sol";
import {Walk} from "./Walk.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice Jobs that do not start: whose parties, acceptances, rows or cohorts do not fit.
abstract contract StartsRefused is Walk {
    using TermsPacking for IJobTypes.JobTerms;

    uint256 private constant KEEPER = 0xBEEF;

    function test_AValidationSetIsUsedOnce() public {
        Job storage first = _to(IJobTypes.State.Seating);
        (, IJobTypes.JobTerms memory terms) = _opened(first);
        terms.specHash = "another";
        bytes memory again = abi.encodeCall(IJobMarket.post, (terms.packed()));
        bytes memory refusal = abi.encodeWithSelector(IJobTypes.JobMarket_AlreadyPosted.selector, first.id);
        _expect(_accounts[first.buyer], address(_market), again, refusal);
        vm.warp(first.deadline + GRACE + 1);
        _expire(first);
        _expect(_accounts[first.buyer], address(_market), again, refusal);
        terms.validationRoot = "other rows";
        _start(_posted(terms, first.banks));
    }

    function test_WhoIsTooSmallOrTooFew() public {
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        terms.tier = 1;
        address first = _accounts[People.FIRST_BANK];
        _starting(_posted(terms, banks), abi.encodeWithSelector(IJobTypes.JobMarket_TierTooLow.selector, first, 0, 1));
        _revise(0, 0, 4);
        (terms, banks) = _plain();
        _starting(_posted(terms, banks), abi.encodeWithSelector(IJobTypes.JobMarket_CohortTooSmall.selector, 3, 4));
    }

    function test_NobodyStandsOnTwoSides() public {
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        uint32 group = People.groupOf(People.FIRST_BANK);
        uint256 buyer = _newcomer(20, ROLE_BUYER, group);
        _issue(buyer, 1e12);
        _fund(buyer);
        _post(buyer, terms, banks);
        address bank = _accounts[People.FIRST_BANK];
        _starting(_jobs[_jobs.length - 1], abi.encodeWithSelector(IJobTypes.JobMarket_Conflict.selector, bank, group));
        _evaluatedBy(_newcomer(21, ROLE_EVALUATOR, group), group);
        _evaluatedBy(_newcomer(22, ROLE_EVALUATOR, People.groupOf(0)), People.groupOf(0));
    }

    function test_AcceptancesThatDoNotCount() public {
        Job storage job = _to(IJobTypes.State.Open);
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        address first = _accounts[People.FIRST_BANK];
        IJobTypes.SignedAcceptance[] memory list = _acceptances(job, head.termsHash, terms);
        list[0].expiry = uint64(block.timestamp - 1);
        bytes memory expired = abi.encodeWithSelector(IJobTypes.JobMarket_AcceptanceExpired.selector, first, list[0].expiry);
        _startingWith(job, list, expired);
        list = _acceptances(job, head.termsHash, terms);
        list[0].consents = 7;
        _startingWith(job, list, abi.encodeWithSelector(IJobTypes.JobMarket_BadAcceptance.selector, 0, first));
        IJobTypes.SignedAcceptance[] memory few = new IJobTypes.SignedAcceptance[](1);
        (few[0] = list[0]).consents = 6;
        address second = _accounts[People.FIRST_BANK + 1];
        _startingWith(job, few, abi.encodeWithSelector(IJobTypes.JobMarket_BadAcceptance.selector, 1, second));
        vm.prank(first);
        _market.cancelAcceptance(job.id, first, uint256(head.termsHash));
        bytes memory cancelled = abi.encodeWithSelector(
            IJobTypes.JobMarket_AcceptanceCancelled.selector, first, uint256(head.termsHash)
        );
        _startingWith(job, _acceptances(job, head.termsHash, terms), cancelled);
    }

    function test_ConsentsAndRowsThatSumsWithoutNoiseNeed() public {
        Job storage job = _to(IJobTypes.State.Open);
        _consenting(job, 2, abi.encodeWithSelector(IJobTypes.JobMarket_MissingConsent.selector, 0, 4));
        _consenting(job, 4, abi.encodeWithSelector(IJobTypes.JobMarket_MissingConsent.selector, 0, 2));
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        terms.parameters = 401;
        job = _posted(terms, banks);
        _starting(job, abi.encodeWithSelector(IJobTypes.JobMarket_TooFewRows.selector, 0, 8000, 8020));
    }

    /// @dev A bank whose account is a contract: its keeper's signature counts, another's does not (ERC-1271).
    function test_AnAccountThatIsAContractSigns() public {
        address first = _accounts[People.FIRST_BANK];
        vm.etch(first, address(new ContractAccount(vm.addr(KEEPER))).code);
        Job storage job = _to(IJobTypes.State.Open);
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.SignedAcceptance[] memory list = _acceptances(job, head.termsHash, terms);
        bytes32 signed = Seals.hashOf(
            IJobTypes.Acceptance(job.id, head.termsHash, 0, 6, uint256(head.termsHash), type(uint64).max)
        );
        list[0].signature = Seals.signLong(KEEPER + 1, _domain, signed);
        _startingWith(job, list, abi.encodeWithSelector(IJobTypes.JobMarket_BadAcceptance.selector, 0, first));
        list[0].signature = Seals.signLong(KEEPER, _domain, signed);
        _market.start(job.id, head, terms.packed(), _listingsOf(job), list);
    }

    function test_AnotherCohortWithoutNoiseIsRefusedAndTheSameInAnyOrderIsNot() public {
        Job storage first = _to(IJobTypes.State.Seating);
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        banks[2] = 3;
        terms.assets = _uses(banks, 0);
        Job storage second = _posted(terms, banks);
        uint256 asset = _holdings[0][0].assetId;
        _starting(second, abi.encodeWithSelector(IJobTypes.JobMarket_OtherCohort.selector, asset));
        (terms, banks) = _plain();
        (banks[0], banks[2]) = (2, 0);
        terms.assets = _uses(banks, 0);
        Job storage third = _posted(terms, banks);
        _start(third);
        // Two jobs were started with it: neither gives it back.
        vm.warp(first.deadline + GRACE + 1);
        _expire(first);
        _expire(third);
        _starting(second, abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, second.id, second.deadline));
        _starting(_again(second), abi.encodeWithSelector(IJobTypes.JobMarket_OtherCohort.selector, asset));
    }

    function test_AJobThatWasNeverSeatedGivesItsCohortBack() public {
        Job storage first = _to(IJobTypes.State.Seating);
        vm.warp(first.deadline + GRACE + 1);
        _expire(first);
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        banks[2] = 3;
        terms.assets = _uses(banks, 0);
        _start(_posted(terms, banks));
    }

    function test_AVersionThatDiffersByAFewRowsIsRefused() public {
        _to(IJobTypes.State.Seating);
        _revise(0, 1, 0);
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        uint256 asset = _holdings[0][0].assetId;
        bytes memory close = abi.encodeWithSelector(IJobTypes.JobMarket_VersionTooClose.selector, asset, 8001, 9000);
        _starting(_posted(terms, banks), close);
        _revise(0, 999, 0);
        (terms, banks) = _plain();
        _start(_posted(terms, banks));
    }

    function test_NothingStartsWhilePaused() public {
        Job storage job = _to(IJobTypes.State.Open);
        vm.prank(_appointed(GUARDIAN));
        _market.pause();
        _starting(job, abi.encodeWithSelector(IJobTypes.JobMarket_Paused.selector));
        _market.unpause();
        _start(job);
    }

    /// @dev What the buyers post without noise, in the clear, without an evaluator.
    function _plain() private returns (IJobTypes.JobTerms memory terms, uint8[] memory banks) {
        do {
            (terms, banks) = _offer();
        } while (terms.noiseMilli != 0 || terms.aggregation != 0);
        terms.evaluator = address(0);
    }

    function _posted(IJobTypes.JobTerms memory terms, uint8[] memory banks) private returns (Job storage) {
        _post(0, terms, banks);
        return _jobs[_jobs.length - 1];
    }

    function _again(Job storage job) private returns (Job storage) {
        (, IJobTypes.JobTerms memory terms) = _opened(job);
        terms.validationRoot = keccak256(abi.encode(terms.validationRoot));
        return _posted(terms, job.banks);
    }

    function _starting(Job storage job, bytes memory refusal) private {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        _startingWith(job, _acceptances(job, head.termsHash, terms), refusal);
    }

    function _startingWith(Job storage job, IJobTypes.SignedAcceptance[] memory list, bytes memory refusal) private {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        bytes memory call = abi.encodeCall(IJobMarket.start, (job.id, head, terms.packed(), _listingsOf(job), list));
        _expect(address(this), address(_market), call, refusal);
    }

    /// @dev All contributors sign for these consents.
    function _consenting(Job storage job, uint32 consents, bytes memory refusal) private {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.SignedAcceptance[] memory list = _acceptances(job, head.termsHash, terms);
        for (uint256 i = 0; i < terms.assets.length; i++) {
            IJobTypes.Acceptance memory own =
                IJobTypes.Acceptance(job.id, head.termsHash, uint8(i), consents, list[i].nonce, list[i].expiry);
            list[i].signature = Seals.signLong(_signingKey(People.FIRST_BANK + job.banks[i]), _domain, Seals.hashOf(own));
            list[i].consents = consents;
        }
        _startingWith(job, list, refusal);
    }

    function _evaluatedBy(uint256 who, uint32 group) private {
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _plain();
        terms.evaluator = _accounts[who];
        _starting(_posted(terms, banks), abi.encodeWithSelector(IJobTypes.JobMarket_Conflict.selector, terms.evaluator, group));
    }

    /// @dev The next version of a bank's first listing has so many rows more; other rows, where it has any.
    function _revise(uint256 bank, uint32 rows, uint8 minimumCohort) private {
        Holding storage holding = _holdings[bank][0];
        IAssetRegistry.Listing memory listing = abi.decode(holding.listing, (IAssetRegistry.Listing));
        listing.terms.minimumCohort = minimumCohort;
        listing.version.rows += rows;
        if (rows != 0) listing.version.datasetRoot = keccak256(abi.encode(listing.version.datasetRoot));
        vm.prank(_accounts[People.FIRST_BANK + bank]);
        holding.version = _assets.revise(holding.assetId, listing.version, listing.terms, "");
        listing.version.time = uint64(block.timestamp);
        holding.listing = abi.encode(listing);
    }

    /// @return its place among the accounts
    function _newcomer(uint256 who, uint16 roles, uint32 group) private returns (uint256) {
        IParticipantRegistry.Profile memory profile = People.profileOf(who);
        (profile.roles, profile.group) = (roles, group);
        _accounts.push(vm.addr(People.accountKey(who)));
        vm.prank(_appointed(REGISTRAR));
        _registry.admit(_accounts[_accounts.length - 1], profile, People.contactOf(who));
        return _accounts.length - 1;
    }

    function _fund(uint256 who) private {
        vm.prank(_accounts[who]);
        _stable.approve(address(_market), type(uint256).max);
        _deposit(who, 1e11);
    }
}
