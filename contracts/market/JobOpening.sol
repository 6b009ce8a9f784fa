// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {TermsOfUse} from "../assets/TermsOfUse.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {ROLE_BUYER, ROLE_EVALUATOR, ROLE_INSTITUTION} from "../identity/Roles.sol";
import {AcceptanceCheck} from "./AcceptanceCheck.sol";
import {JobAbsence} from "./JobAbsence.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobBudget} from "./JobBudget.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobSeating} from "./JobSeating.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {TermsRules} from "./TermsRules.sol";

/// @title JobOpening
/// @notice From `post` to a seated committee, and the ways back out. Code of `JobMarket`, which runs it by delegatecall.
contract JobOpening is JobBudget, JobSeating, JobAbsence {
    using JobParts for Head;
    using JobParts for Parties;

    uint32 internal immutable _seatSeconds;
    uint32 internal immutable _minimumRoundSeconds;
    uint32 internal immutable _minimumProposeSeconds;
    uint32 internal immutable _minimumChallengeSeconds;
    uint32 internal immutable _minimumValidationRows;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters) JobBase(contracts, parameters)
        JobSeating(parameters)
    {
        _seatSeconds = parameters.seatSeconds;
        _minimumRoundSeconds = parameters.minimumRoundSeconds;
        _minimumProposeSeconds = parameters.minimumProposeSeconds;
        _minimumChallengeSeconds = parameters.minimumChallengeSeconds;
        _minimumValidationRows = parameters.minimumValidationRows;
    }

    /// @notice See IJobMarket.
    function post(JobTerms calldata terms, bytes32 salt) external returns (bytes32 jobId) {
        _requireNotPaused();
        _activeProfile(msg.sender, ROLE_BUYER);
        if (terms.evaluator != address(0)) _activeProfile(terms.evaluator, ROLE_EVALUATOR);
        TermsRules.check(terms, _minimums());
        bytes32 termsHash = JobDigests.hashOf(terms);
        jobId = keccak256(abi.encode(msg.sender, termsHash, salt));
        if (_stateOf(jobId) != State.None) revert JobMarket_AlreadyPosted(jobId);

        _debit(msg.sender, JobMoney.escrowOf(terms) + jobDeposit);
        uint256 deadline = block.timestamp + terms.startSeconds;
        Parts memory parts;
        parts.head = _headOf(terms, termsHash).hashMade();
        _store(jobId, State.Open, deadline, parts);
        JobEvents.posted(jobId, termsHash, salt, terms, deadline);
    }

    /// @notice See IJobMarket.
    function cancel(bytes32 jobId, Head calldata head, JobTerms calldata terms) external {
        Parts memory parts;
        parts.head = head.hashOf();
        _load(jobId, State.Open, parts);
        if (msg.sender != head.buyer) revert JobMarket_NotBuyer(msg.sender, head.buyer);
        _requireTerms(head, terms);

        _close(jobId, State.Cancelled, parts);
        emit JobCancelled(jobId, _refundAll(head, terms));
    }

    /// @notice See IJobMarket.
    function expire(bytes32 jobId, Head calldata head, JobTerms calldata terms, Parties calldata parties) external {
        Parts memory parts;
        parts.head = head.hashOf();
        bool seating = _stateOf(jobId) == State.Seating;
        if (seating) parts.parties = parties.hashOf();
        uint256 deadline = _load(jobId, seating ? State.Seating : State.Open, parts);
        _requireAfter(jobId, deadline + grace);
        _requireTerms(head, terms);

        _close(jobId, State.Cancelled, parts);
        if (seating) delete _validationUsed[terms.validationRoot];
        uint128 refunded = _refundAll(head, terms);
        if (seating) _closeBudget(terms, parties.contributors, 0);
        emit JobExpired(jobId, refunded);
    }

    /// @notice See IJobMarket.
    function start(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) external {
        _requireNotPaused();
        Parts memory parts;
        parts.head = head.hashOf();
        _requireInTime(jobId, _load(jobId, State.Open, parts));
        _requireTerms(head, terms);
        if (_validationUsed[terms.validationRoot]) revert JobMarket_ValidationUsed(terms.validationRoot);
        Parties memory parties = _admit(jobId, head, terms, listings, acceptances);

        _validationUsed[terms.validationRoot] = true;
        uint256 deadline = block.timestamp + _seatSeconds;
        parts.parties = JobEvents.started(jobId, parties, deadline);
        _store(jobId, State.Seating, deadline, parts);
        if (!head.fullSetOnly) _reserveBudget(terms, parties.contributors);
    }

    /// @notice See IJobMarket.
    function cancelAcceptance(address account, uint256 nonce) external {
        if (msg.sender != account && registry.profileOf(account).operator != msg.sender) {
            revert JobMarket_NotAccount(msg.sender, account);
        }
        _cancelled[account][nonce] = true;
        emit AcceptanceCancelled(account, nonce);
    }

    function _reserveBudget(JobTerms calldata terms, Contributor[] memory contributors) private {
        uint256 n = contributors.length;
        bytes32[] memory populations = new bytes32[](n);
        uint64[] memory rho = new uint64[](n);
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        for (uint256 i = 0; i < n; i++) {
            (populations[i], rho[i]) = (contributors[i].populationId, assets[i].rhoNano);
        }
        privacyLedger.reserve(populations, rho);
    }

    function _refundAll(Head calldata head, JobTerms calldata terms) private returns (uint128 refunded) {
        refunded = uint128(JobMoney.escrowOf(terms) + jobDeposit);
        _credit(head.buyer, refunded);
    }

    function _headOf(JobTerms calldata terms, bytes32 termsHash) private view returns (Head memory head) {
        head.termsHash = termsHash;
        head.buyer = msg.sender;
        head.rounds = terms.rounds;
        head.contributors = uint8(terms.assets.length);
        (head.k, head.m, head.t) = (terms.k, terms.m, terms.t);
        (head.fullSetOnly, head.escrow) = (terms.noiseMilli == 0, uint128(JobMoney.escrowOf(terms)));
        head.roundSeconds = terms.roundSeconds;
        head.proposeSeconds = terms.proposeSeconds;
        head.challengeSeconds = terms.challengeSeconds;
    }

    /// @dev Everything that `start` demands of the parties; fixes owners, payees and groups.
    function _admit(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) private returns (Parties memory parties) {
        address[] memory operators;
        (operators, parties.buyerGroup) = _useAssets(head.buyer, terms, listings);
        parties.contributors = _contributors(terms, operators, listings, parties.buyerGroup);
        parties.minimumCohort = _minimumCohort(terms.noiseMilli, listings);
        uint256 groups = _distinctGroups(parties.contributors);
        if (groups < parties.minimumCohort) revert JobMarket_CohortTooSmall(groups, parties.minimumCohort);
        if (terms.evaluator != address(0)) parties.evaluatorGroup = _evaluatorGroup(terms.evaluator, parties);
        _checkAcceptances(jobId, head.termsHash, parties.contributors, operators, acceptances);
        parties.beaconRound = beacon.next();
        parties.roster = oracleCommittee.rosterHash();
    }

    function _useAssets(address buyer, JobTerms calldata terms, IAssetRegistry.ListingProof[] calldata listings)
        private
        returns (address[] memory owners, uint32 buyerGroup)
    {
        IParticipantRegistry.Profile memory profile = _activeProfile(buyer, ROLE_BUYER);
        IAssetRegistry.UseContext memory context = IAssetRegistry.UseContext(
            buyer,
            profile.jurisdiction,
            uint8(profile.tier),
            terms.purpose,
            terms.codeHash,
            terms.rounds,
            terms.noiseMilli
        );
        IAssetRegistry.AssetUse[] calldata uses = terms.assets;
        IAssetRegistry.AssetClaim[] memory claims = new IAssetRegistry.AssetClaim[](uses.length);
        for (uint256 i = 0; i < claims.length; i++) {
            TermsOfUse.check(context, uses[i], listings[i]);
            IAssetRegistry.Listing calldata listing = listings[i].listing;
            IAssetRegistry.AssetClaim memory claim = claims[i];
            (claim.assetId, claim.version) = (uses[i].assetId, uses[i].version);
            (claim.maxJobs, claim.listingHash) = (listing.terms.maxJobs, TermsOfUse.hashOf(listing));
        }
        return (assetRegistry.useForJob(claims), profile.group);
    }

    /// @dev `owners` come back as their operators: who else may sign for them.
    function _contributors(
        JobTerms calldata terms,
        address[] memory owners,
        IAssetRegistry.ListingProof[] calldata listings,
        uint32 buyerGroup
    ) private view returns (Contributor[] memory contributors) {
        IParticipantRegistry.Profile[] memory profiles = registry.profilesOf(owners);
        contributors = new Contributor[](owners.length);
        for (uint256 i = 0; i < owners.length; i++) {
            IParticipantRegistry.Profile memory profile = profiles[i];
            _requireActive(owners[i], profile, ROLE_INSTITUTION);
            if (uint8(profile.tier) < terms.tier) {
                revert JobMarket_TierTooLow(owners[i], uint8(profile.tier), terms.tier);
            }
            if (profile.group == buyerGroup) revert JobMarket_Conflict(owners[i], buyerGroup);
            Contributor memory contributor = contributors[i];
            (contributor.account, contributor.group) = (owners[i], profile.group);
            contributor.datasetRoot = listings[i].listing.version.datasetRoot;
            contributor.populationId = listings[i].listing.version.populationId;
            owners[i] = profile.operator;
        }
    }

    function _evaluatorGroup(address evaluator, Parties memory parties) private view returns (uint32 group) {
        group = _activeProfile(evaluator, ROLE_EVALUATOR).group;
        if (group == parties.buyerGroup) revert JobMarket_Conflict(evaluator, group);
        for (uint256 i = 0; i < parties.contributors.length; i++) {
            if (group == parties.contributors[i].group) revert JobMarket_Conflict(evaluator, group);
        }
    }

    /// @dev Writes the consents into the contributors.
    function _checkAcceptances(
        bytes32 jobId,
        bytes32 termsHash,
        Contributor[] memory contributors,
        address[] memory operators,
        SignedAcceptance[] calldata acceptances
    ) private view {
        for (uint256 i = 0; i < contributors.length; i++) {
            address account = contributors[i].account;
            if (i >= acceptances.length) revert JobMarket_BadAcceptance(uint8(i), account);
            SignedAcceptance calldata signed = acceptances[i];
            if (block.timestamp > signed.expiry) revert JobMarket_AcceptanceExpired(account, signed.expiry);
            if (_cancelled[account][signed.nonce]) revert JobMarket_AcceptanceCancelled(account, signed.nonce);
            Acceptance memory acceptance =
                Acceptance(jobId, termsHash, uint8(i), signed.consents, signed.nonce, signed.expiry);
            bytes32 digest = _hashTypedDataV4(JobDigests.hashOf(acceptance));
            if (!AcceptanceCheck.isSignedBy(account, operators[i], digest, signed.signature)) {
                revert JobMarket_BadAcceptance(uint8(i), account);
            }
            contributors[i].consents = signed.consents;
        }
    }

    function _minimumCohort(uint256 noiseMilli, IAssetRegistry.ListingProof[] calldata listings)
        private
        pure
        returns (uint8 minimum)
    {
        // Without noise two colluders see the third's sums; with it, one must not be alone with itself.
        minimum = noiseMilli == 0 ? 3 : 2;
        for (uint256 i = 0; i < listings.length; i++) {
            uint8 needed = listings[i].listing.terms.minimumCohort;
            if (needed > minimum) minimum = needed;
        }
    }

    function _distinctGroups(Contributor[] memory contributors) private pure returns (uint256 distinct) {
        for (uint256 i = 0; i < contributors.length; i++) {
            uint256 j = 0;
            while (contributors[j].group != contributors[i].group) j++;
            if (j == i) distinct++;
        }
    }

    function _activeProfile(address account, uint16 role)
        private
        view
        returns (IParticipantRegistry.Profile memory profile)
    {
        profile = registry.profileOf(account);
        _requireActive(account, profile, role);
    }

    function _requireActive(address account, IParticipantRegistry.Profile memory profile, uint16 role) private pure {
        if (profile.status != IParticipantRegistry.Status.Active) revert JobMarket_NotActive(account);
        if (profile.roles & role == 0) revert JobMarket_MissingRole(account, role);
    }

    function _requireNotPaused() private view {
        if (_paused) revert JobMarket_Paused();
    }

    function _minimums() private view returns (TermsRules.Minimums memory) {
        return TermsRules.Minimums(
            _minimumRoundSeconds, _minimumProposeSeconds, _minimumChallengeSeconds, _minimumValidationRows
        );
    }
}
