// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {ListingWords} from "../assets/ListingWords.sol";
import {TermsOfUse} from "../assets/TermsOfUse.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {ProfileWord} from "../identity/ProfileWords.sol";
import {ROLE_BUYER, ROLE_EVALUATOR, ROLE_INSTITUTION} from "../identity/Roles.sol";
import {Words} from "../settlement/Words.sol";
import {AcceptanceCheck} from "./AcceptanceCheck.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobBudget} from "./JobBudget.sol";
import {JobCohorts} from "./JobCohorts.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobSeating} from "./JobSeating.sol";
import {HeadWords} from "./HeadWords.sol";
import {PartiesWords} from "./PartiesWords.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {SumsRules} from "./SumsRules.sol";
import {TermsRules} from "./TermsRules.sol";
import {TermsWords} from "./TermsWords.sol";

/// @title JobOpening
/// @notice From `post` to a seated committee, and the ways back out. Code of `JobMarket`, which runs it by delegatecall.
contract JobOpening is JobBudget, JobCohorts, JobSeating {
    using JobParts for Head;
    using JobParts for Parties;
    using ListingWords for IAssetRegistry.PackedListing;
    using Words for uint256[];

    /// @dev Index that an evaluator's acceptance names: assets have lower ones.
    uint8 private constant EVALUATOR_INDEX = 255;

    uint16 internal immutable _openJobsLite;
    uint16 internal immutable _openJobsMember;
    uint16 internal immutable _openJobsCore;
    uint32 internal immutable _minimumRoundSeconds;
    uint32 internal immutable _minimumProposeSeconds;
    uint32 internal immutable _minimumChallengeSeconds;
    uint32 internal immutable _minimumValidationRows;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters) JobBase(contracts, parameters)
        JobSeating(parameters)
    {
        (_openJobsLite, _openJobsMember) = (parameters.openJobsLite, parameters.openJobsMember);
        _openJobsCore = parameters.openJobsCore;
        _minimumRoundSeconds = parameters.minimumRoundSeconds;
        _minimumProposeSeconds = parameters.minimumProposeSeconds;
        _minimumChallengeSeconds = parameters.minimumChallengeSeconds;
        _minimumValidationRows = parameters.minimumValidationRows;
    }

    /// @dev An owner of one of the job's assets, with who else may sign for it.
    struct Member {
        address account;
        address operator;
        uint32 group;
    }

    /// @notice See IJobMarket.
    function post(PackedTerms calldata packed) external returns (bytes32 jobId) {
        _requireNotPaused();
        uint256 most = _mostOpenJobs(_activeProfile(msg.sender, ROLE_BUYER).tier());
        if (!TermsWords.isClean(packed)) revert JobMarket_BadTerms("charges");
        (JobTerms memory terms, bytes32 termsHash) = TermsWords.open(packed);
        if (terms.evaluator != address(0)) _activeProfile(terms.evaluator, ROLE_EVALUATOR);
        TermsRules.check(terms, _minimums());
        jobId = keccak256(abi.encode(address(this), msg.sender, terms.validationRoot));
        if (_stateOf(jobId) != State.None) revert JobMarket_AlreadyPosted(jobId);

        uint256 escrow = JobMoney.escrowOf(terms);
        _openJob(msg.sender, escrow + jobDeposit, most);
        uint256 deadline = block.timestamp + terms.startSeconds;
        Parts memory parts;
        parts.head = _headOf(terms, termsHash, escrow).hashMade();
        _storeSameRounds(jobId, State.Open, deadline, parts);
        JobEvents.posted(jobId, termsHash, packed, deadline);
    }

    /// @notice See IJobMarket.
    function cancel(bytes32 jobId, Head calldata head, PackedTerms calldata packed) external {
        Parts memory parts;
        parts.head = head.hashOf();
        _load(jobId, State.Open, parts);
        if (msg.sender != head.shape.buyer()) revert JobMarket_NotBuyer(msg.sender, head.shape.buyer());
        JobTerms memory terms = _openTerms(head, packed);

        _close(jobId, State.Cancelled, parts);
        emit JobCancelled(jobId, _refundAll(head, terms));
    }

    /// @notice See IJobMarket.
    function expire(bytes32 jobId, Head calldata head, PackedTerms calldata packed, Parties calldata parties) external {
        Parts memory parts;
        parts.head = head.hashOf();
        bool seating = _stateOf(jobId) == State.Seating;
        if (seating) parts.parties = parties.hashOf();
        uint256 deadline = _load(jobId, seating ? State.Seating : State.Open, parts);
        JobTerms memory terms = _openTerms(head, packed);
        _requireAfter(jobId, _extended(deadline, seating ? _seatSeconds : terms.startSeconds) + grace);

        _close(jobId, State.Cancelled, parts);
        uint128 refunded = _refundAll(head, terms);
        if (seating) {
            if (terms.evaluator != address(0)) _credit(terms.evaluator, jobDeposit);
            if (head.shape.fullSetOnly()) _releaseCohort(terms);
            _closeBudget(terms, parties.contributors, 0);
        }
        emit JobExpired(jobId, refunded);
    }

    /// @notice See IJobMarket.
    function start(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata packed,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) external {
        _requireNotPaused();
        Parts memory parts;
        parts.head = head.hashOf();
        uint256 due = _load(jobId, State.Open, parts);
        JobTerms memory terms = _openTerms(head, packed);
        if (block.timestamp > due) _requireExtended(jobId, due, terms.startSeconds);
        _requireRules(terms.rulesVersion);
        (Parties memory parties, uint256[] memory rows) = _admit(jobId, head, terms, listings, acceptances);

        if (terms.evaluator != address(0)) _debit(terms.evaluator, jobDeposit);
        if (head.shape.fullSetOnly()) _useCohort(terms, parties.contributors, rows);
        uint256 deadline = block.timestamp + _seatSeconds;
        parts.parties = JobEvents.started(jobId, parties, deadline);
        _store(jobId, State.Seating, deadline, parts);
        if (!head.shape.fullSetOnly()) _reserveBudget(terms, parties.contributors);
    }

    /// @notice See IJobMarket.
    function cancelAcceptance(bytes32 jobId, address account, uint256 nonce) external {
        address operator = registry.profileOf(account).operator;
        // Of participants alone: the flag costs whoever starts the job.
        if (operator == address(0) || (msg.sender != account && msg.sender != operator)) {
            revert JobMarket_NotAccount(msg.sender, account);
        }
        State state = _stateOf(jobId);
        if (state > State.Open) revert JobMarket_WrongState(jobId, state, State.Open);
        _setCancelled(jobId);
        _cancelled[account][_acceptanceOf(jobId, nonce)] = true;
        emit AcceptanceCancelled(jobId, account, nonce);
    }

    function _acceptanceOf(bytes32 jobId, uint256 nonce) private pure returns (bytes32) {
        return keccak256(abi.encode(jobId, nonce));
    }

    function _reserveBudget(JobTerms memory terms, Contributor[] memory contributors) private {
        uint256 n = contributors.length;
        bytes32[] memory populations = new bytes32[](n);
        uint64[] memory rho = new uint64[](n);
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        for (uint256 i = 0; i < n; i++) {
            (populations[i], rho[i]) = (contributors[i].populationId, assets[i].rhoNano);
        }
        privacyLedger.reserve(populations, rho);
    }

    function _refundAll(Head calldata head, JobTerms memory terms) private returns (uint128 refunded) {
        refunded = uint128(JobMoney.escrowOf(terms) + jobDeposit);
        _closeJob(head.shape.buyer(), refunded);
    }

    function _headOf(JobTerms memory terms, bytes32 termsHash, uint256 escrow) private view returns (Head memory head) {
        head.termsHash = termsHash;
        head.shape = HeadWords.packShape(
            msg.sender, terms.rounds, terms.assets.length, terms.k, terms.m, terms.t, terms.noiseMilli == 0
        );
        head.limits = HeadWords.packLimits(escrow, terms.roundSeconds, terms.proposeSeconds, terms.challengeSeconds);
    }

    /// @dev Everything that `start` demands of the parties; fixes owners, payees and groups.
    function _admit(
        bytes32 jobId,
        Head calldata head,
        JobTerms memory terms,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) private returns (Parties memory parties, uint256[] memory rows) {
        (ProfileWord buyer, Member[] memory members) = _use(head.shape.buyer(), terms, listings);
        uint256 minimumCohort;
        (rows, minimumCohort) = _checkUses(head.shape.buyer(), buyer, terms, listings);
        SumsRules.checkWeights(terms.assets, rows);
        uint256 groups = _checkGroups(members, buyer.group());
        if (groups < minimumCohort) revert JobMarket_CohortTooSmall(groups, minimumCohort);
        Acceptance memory acceptance;
        (acceptance.jobId, acceptance.termsHash) = (jobId, head.termsHash);
        bytes32 domain = _domainSeparatorV4();
        parties.contributors = _accepted(acceptance, domain, terms, members, rows, listings, acceptances);
        uint256 evaluatorGroup;
        if (terms.evaluator != address(0)) {
            Member memory evaluator = _evaluator(terms.evaluator, buyer.group(), members);
            evaluatorGroup = evaluator.group;
            acceptance.assetIndex = EVALUATOR_INDEX;
            _checkAcceptance(acceptance, domain, evaluator, acceptances, members.length);
        }
        parties.bounds = PartiesWords.packBounds(buyer.group(), evaluatorGroup, minimumCohort, beacon.next());
        parties.roster = oracleCommittee.rosterHash();
    }

    /// @dev Counts the job with its listings; who owns them, each an active institution of the terms' tier, and the active buyer.
    function _use(address account, JobTerms memory terms, IAssetRegistry.ListingProof[] calldata listings)
        private
        returns (ProfileWord buyer, Member[] memory members)
    {
        IAssetRegistry.AssetUse[] memory uses = terms.assets;
        uint256 n = uses.length;
        IAssetRegistry.AssetClaim[] memory claims = new IAssetRegistry.AssetClaim[](n);
        for (uint256 i = 0; i < n; i++) {
            IAssetRegistry.AssetUse memory use = uses[i];
            IAssetRegistry.PackedListing calldata listing = listings[i].listing;
            claims[i] = IAssetRegistry.AssetClaim(use.assetId, use.version, listing.maxJobs(), listing.hashOf());
        }
        address[] memory accounts = _andBuyer(assetRegistry.useForJob(claims), account);
        ProfileWord[] memory profiles = registry.profileWordsOf(accounts);
        buyer = profiles[n];
        _requireActive(account, buyer, ROLE_BUYER);
        members = new Member[](n);
        for (uint256 i = 0; i < n; i++) {
            (address owner, ProfileWord profile) = (accounts[i], profiles[i]);
            _requireActive(owner, profile, ROLE_INSTITUTION);
            if (profile.tier() < terms.tier) revert JobMarket_TierTooLow(owner, uint8(profile.tier()), terms.tier);
            members[i] = Member(owner, profile.operator(), uint32(profile.group()));
        }
    }

    function _andBuyer(address[] memory owners, address buyer) private pure returns (address[] memory accounts) {
        uint256 n = owners.length;
        accounts = new address[](n + 1);
        for (uint256 i = 0; i < n; i++) {
            accounts[i] = owners[i];
        }
        accounts[n] = buyer;
    }

    /// @dev Terms of the listings, which the registry knows by now, against the job's: rows of each and the largest cohort asked for.
    function _checkUses(
        address account,
        ProfileWord buyer,
        JobTerms memory terms,
        IAssetRegistry.ListingProof[] calldata listings
    ) private view returns (uint256[] memory rows, uint256 minimumCohort) {
        IAssetRegistry.UseContext memory context = IAssetRegistry.UseContext(
            account,
            uint16(buyer.jurisdiction()),
            uint8(buyer.tier()),
            terms.purpose,
            terms.codeHash,
            terms.rounds,
            terms.noiseMilli
        );
        // Without noise two colluders see the third's sums; with it, one must not be alone with itself.
        minimumCohort = context.noiseMilli == 0 ? 3 : 2;
        uint256 n = terms.assets.length;
        rows = new uint256[](n);
        for (uint256 i = 0; i < n; i++) {
            IAssetRegistry.ListingProof calldata proof = listings[i];
            TermsOfUse.check(context, terms.assets[i], proof);
            uint256 cohort = proof.listing.minimumCohort();
            if (cohort > minimumCohort) minimumCohort = cohort;
            rows.put(i, proof.listing.rows());
        }
    }

    /// @dev How many groups the contributors are of, none of which is the buyer's.
    function _checkGroups(Member[] memory members, uint256 buyerGroup) private pure returns (uint256 distinct) {
        uint256 n = members.length;
        for (uint256 i = 0; i < n; i++) {
            uint256 group = members[i].group;
            if (group == buyerGroup) revert JobMarket_Conflict(members[i].account, uint32(group));
            uint256 j = 0;
            while (members[j].group != group) j++;
            if (j == i) distinct++;
        }
    }

    function _evaluator(address evaluator, uint256 buyerGroup, Member[] memory members)
        private
        view
        returns (Member memory)
    {
        ProfileWord profile = _activeProfile(evaluator, ROLE_EVALUATOR);
        uint32 group = uint32(profile.group());
        if (group == buyerGroup) revert JobMarket_Conflict(evaluator, group);
        for (uint256 i = 0; i < members.length; i++) {
            if (group == members[i].group) revert JobMarket_Conflict(evaluator, group);
        }
        return Member(evaluator, profile.operator(), group);
    }

    /// @dev The contributors, each with what it consented to when it accepted.
    function _accepted(
        Acceptance memory acceptance,
        bytes32 domain,
        JobTerms memory terms,
        Member[] memory members,
        uint256[] memory rows,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) private view returns (Contributor[] memory contributors) {
        uint256 n = members.length;
        (uint256 leastRows, uint256 neededConsents) = (SumsRules.neededRows(terms), SumsRules.neededConsents(terms));
        contributors = new Contributor[](n);
        for (uint256 i = 0; i < n; i++) {
            Member memory member = members[i];
            acceptance.assetIndex = uint8(i);
            uint32 consents = _checkAcceptance(acceptance, domain, member, acceptances, i);
            IAssetRegistry.PackedListing calldata listing = listings[i].listing;
            SumsRules.checkConsents(i, rows.at(i), leastRows, consents, neededConsents);
            contributors[i] = Contributor(
                PartiesWords.packHolder(member.account, member.group, consents),
                listing.datasetRoot,
                terms.noiseMilli == 0 ? bytes32(0) : listing.populationId
            );
        }
    }

    /// @dev Fills the struct that the member signed; `place` of its acceptance among those brought.
    function _checkAcceptance(
        Acceptance memory acceptance,
        bytes32 domain,
        Member memory member,
        SignedAcceptance[] calldata acceptances,
        uint256 place
    ) private view returns (uint32 consents) {
        if (place >= acceptances.length) revert JobMarket_BadAcceptance(acceptance.assetIndex, member.account);
        SignedAcceptance calldata signed = acceptances[place];
        (address account, uint256 nonce, uint64 expiry) = (member.account, signed.nonce, signed.expiry);
        if (block.timestamp > expiry) revert JobMarket_AcceptanceExpired(account, expiry);
        if (_hasCancelled(acceptance.jobId) && _cancelled[account][_acceptanceOf(acceptance.jobId, nonce)]) {
            revert JobMarket_AcceptanceCancelled(account, nonce);
        }
        consents = signed.consents;
        (acceptance.consents, acceptance.nonce, acceptance.expiry) = (consents, nonce, expiry);
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, JobDigests.hashOf(acceptance));
        if (!AcceptanceCheck.isSignedBy(account, member.operator, digest, signed.signature)) {
            revert JobMarket_BadAcceptance(acceptance.assetIndex, account);
        }
    }

    function _activeProfile(address account, uint16 role) private view returns (ProfileWord profile) {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        profile = registry.profileWordsOf(accounts)[0];
        _requireActive(account, profile, role);
    }

    function _requireActive(address account, ProfileWord profile, uint16 role) private pure {
        if (profile.status() != uint256(IParticipantRegistry.Status.Active)) revert JobMarket_NotActive(account);
        if (profile.roles() & role == 0) revert JobMarket_MissingRole(account, role);
    }

    function _requireNotPaused() private view {
        if (_guard.paused) revert JobMarket_Paused();
    }

    function _requireRules(uint32 version) private {
        Guard memory guard = _guard;
        if (version == guard.rulesVersion && block.timestamp <= guard.rulesUntil) return;
        _guard = Guard(guard.paused, version, rules.validUntil(version));
    }

    function _mostOpenJobs(uint256 tier) private view returns (uint256) {
        if (tier == uint256(IParticipantRegistry.Tier.Core)) return _openJobsCore;
        return tier == uint256(IParticipantRegistry.Tier.Member) ? _openJobsMember : _openJobsLite;
    }

    function _minimums() private view returns (TermsRules.Minimums memory) {
        return TermsRules.Minimums(
            _minimumRoundSeconds, _minimumProposeSeconds, _minimumChallengeSeconds, _minimumValidationRows
        );
    }
}
