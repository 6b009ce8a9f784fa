// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {ProfileWord} from "../identity/ProfileWords.sol";
import {CommitteeDraw} from "../oracle/CommitteeDraw.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobDisputing} from "./JobDisputing.sol";
import {JobDrawing} from "./JobDrawing.sol";
import {JobEquivocation} from "./JobEquivocation.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobDisputes
/// @notice From a challenge to the committee that decides it. Code of `JobMarket`, which runs it by delegatecall.
contract JobDisputes is JobDisputing, JobDrawing, JobEquivocation {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Proposal;

    /// @dev Closing a dispute pays each of them back: as many as one call can, whatever they cost.
    uint256 private constant MAXIMUM_CHALLENGES = 16;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters)
        JobBase(contracts, parameters)
        JobDisputing(parameters)
    {}

    /// @notice See IJobMarket.
    function challenge(
        bytes32 jobId,
        ChallengeKind kind,
        bytes32 evidenceHash,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        Proposal calldata proposal
    ) external {
        Parts memory parts;
        (parts.head, parts.parties, parts.committee) = (head.hashOf(), partiesHash, committee.hashOf());
        (parts.rounds, parts.proposal) = (roundsHash, proposal.hashOf());
        Dispute storage dispute = _disputes[jobId];
        if (_stateOf(jobId) == State.Disputed) {
            _load(jobId, State.Disputed, parts);
        } else {
            dispute.openUntil = uint64(_load(jobId, State.Proposed, parts));
            (dispute.roster, dispute.beaconRound) = (oracleCommittee.rosterHash(), beacon.next());
            _storeSameRounds(jobId, State.Disputed, dispute.openUntil + _panelSeconds, parts);
        }
        _requireExtended(jobId, dispute.openUntil, head.limits.challengeSeconds());
        if (dispute.challenges.length == MAXIMUM_CHALLENGES) revert JobMarket_TooManyChallenges(jobId, MAXIMUM_CHALLENGES);
        _requireAccounts(committee, accounts);
        address challenger = _challenger(accounts, proposal.outcome.signers());

        uint256 bond = _challengeBond(head);
        _debit(challenger, bond);
        dispute.challenges.push(Challenge(challenger, uint8(kind)));
        emit JobChallenged(
            jobId,
            challenger,
            kind,
            evidenceHash,
            uint128(bond),
            dispute.openUntil,
            dispute.openUntil + _panelSeconds,
            dispute.beaconRound,
            dispute.roster
        );
    }

    /// @notice See IJobMarket.
    function serveEvidence(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        Proposal calldata proposal
    ) external {
        Parts memory parts;
        (parts.head, parts.parties, parts.committee) = (head.hashOf(), partiesHash, committee.hashOf());
        (parts.rounds, parts.proposal) = (roundsHash, proposal.hashOf());
        _load(jobId, State.Disputed, parts);
        Dispute storage dispute = _disputes[jobId];
        (, uint256 until) = _windowsOf(dispute, head);
        if (block.timestamp > until) revert JobMarket_TooLate(jobId, uint64(until));
        _requireAccounts(committee, accounts);
        uint256 seat = _seatOf(jobId, accounts, committee.operators);
        dispute.served |= uint64(1 << seat);
        emit EvidenceServed(jobId, uint8(seat), proposal.evidenceRoot);
    }

    /// @notice See IJobMarket.
    function seatSecond(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        bytes32 proposalHash,
        IOracleCommittee.Candidate[] calldata candidates
    ) external {
        Parts memory parts;
        (parts.head, parts.parties, parts.committee) = (head.hashOf(), parties.hashOf(), committee.hashOf());
        (parts.rounds, parts.proposal) = (roundsHash, proposalHash);
        _load(jobId, State.Disputed, parts);
        Dispute storage dispute = _disputes[jobId];
        if (dispute.panel != 0) revert JobMarket_PanelSeated(jobId);
        {
            (uint256 openUntil, uint256 seatUntil) = _windowsOf(dispute, head);
            _requireAfter(jobId, openUntil);
            if (block.timestamp > seatUntil) revert JobMarket_TooLate(jobId, uint64(seatUntil));
        }
        _requireAccounts(committee, accounts);
        Panel memory panel = _drawPanel(jobId, dispute, head, parties, accounts, candidates);

        bool enough = panel.accounts.length >= head.shape.k();
        uint256 deadline = enough ? block.timestamp + _verdictSeconds : block.timestamp;
        dispute.panel = enough ? keccak256(abi.encode(panel)) : NO_PANEL;
        _storeSameRounds(jobId, State.Disputed, deadline, parts);
        if (enough) emit PanelSeated(jobId, panel, uint64(deadline));
        else emit PanelTooSmall(jobId, panel.accounts.length, uint64(deadline));
    }

    /// @notice See IJobMarket.
    function readySecond(bytes32 jobId, Panel calldata panel, bytes32 digest) external {
        Dispute storage dispute = _disputes[jobId];
        (State had, uint64 deadline,) = _slotOf(jobId);
        if (had != State.Disputed) revert JobMarket_WrongState(jobId, had, State.Disputed);
        _requirePanel(jobId, panel);
        _requireExtended(jobId, deadline, _verdictSeconds);
        uint256 seat = _seatOf(jobId, panel.accounts, panel.operators);
        dispute.there |= uint64(1 << seat);
        emit PanelReady(jobId, uint8(seat), digest);
    }

    /// @dev The seat whose account or operator calls.
    function _seatOf(bytes32 jobId, address[] calldata accounts, address[] calldata operators)
        private
        view
        returns (uint256 seat)
    {
        uint256 k = accounts.length;
        while (seat < k && msg.sender != operators[seat] && msg.sender != accounts[seat]) seat++;
        if (seat == k) revert JobMarket_NotSeat(jobId, msg.sender);
    }

    /// @dev Who puts up the bond: the caller's own account, or the one whose operator it is. Nobody of a signer's group.
    function _challenger(address[] calldata accounts, uint256 signers) private view returns (address challenger) {
        challenger = msg.sender;
        IParticipantRegistry.Profile memory profile = registry.profileOf(challenger);
        if (profile.status == IParticipantRegistry.Status.None) {
            challenger = registry.accountOf(msg.sender);
            profile = registry.profileOf(challenger);
        }
        if (profile.status != IParticipantRegistry.Status.Active) revert JobMarket_NotActive(msg.sender);
        ProfileWord[] memory seats = registry.profileWordsOf(accounts);
        for (uint256 i = 0; i < seats.length; i++) {
            if ((signers >> i) & 1 == 1 && seats[i].group() == profile.group) {
                revert JobMarket_Conflict(challenger, profile.group);
            }
        }
    }

    /// @dev Up to 2k + 1 of the roster that the first challenge fixed, whose groups have no seat in the first committee. A
    ///      challenger's group loses its pick, after it (CommitteeDraw says why not before): whoever challenges once the beacon's
    ///      value is known can give its own seat away and choose nobody. So does who withheld its part of that value.
    function _drawPanel(
        bytes32 jobId,
        Dispute storage dispute,
        Head calldata head,
        Parties calldata parties,
        address[] calldata accounts,
        IOracleCommittee.Candidate[] calldata candidates
    ) private view returns (Panel memory panel) {
        bytes32 brought = CommitteeDraw.hashOf(candidates);
        if (brought != dispute.roster) revert IOracleCommittee.OracleCommittee_RosterMismatch(brought, dispute.roster);
        (bytes32 seed, bool complete) = beacon.seedOf(dispute.beaconRound);
        CommitteeDraw.Draw memory draw =
            CommitteeDraw.open(candidates, _drawRules(head, parties, _groupsOf(parties.contributors)));
        ProfileWord[] memory first = registry.profileWordsOf(accounts);
        for (uint256 i = 0; i < first.length; i++) {
            CommitteeDraw.exclude(draw, uint32(first[i].group()));
        }
        ProfileWord[] memory challengers = _challengersOf(dispute);
        uint256 most = 2 * head.shape.k() + 1;
        (panel.accounts, panel.operators) = (new address[](most), new address[](most));
        uint256 seated = 0;
        while (seated < most && draw.left != 0) {
            uint256 index = CommitteeDraw.next(draw, jobId, seed, seated, most);
            IOracleCommittee.Candidate calldata candidate = candidates[index];
            bool withheld = !complete && !beacon.hasRevealed(dispute.beaconRound, candidate.account);
            if (withheld || _isOfGroup(challengers, candidate.group)) {
                CommitteeDraw.skip(draw, index);
                continue;
            }
            CommitteeDraw.seat(draw, index, head.shape.t());
            (panel.accounts[seated], panel.operators[seated]) = (candidate.account, candidate.operator);
            seated++;
        }
        (address[] memory a, address[] memory o) = (panel.accounts, panel.operators);
        assembly ("memory-safe") {
            mstore(a, seated)
            mstore(o, seated)
        }
    }

    function _challengersOf(Dispute storage dispute) private view returns (ProfileWord[] memory) {
        address[] memory challengers = new address[](dispute.challenges.length);
        for (uint256 i = 0; i < challengers.length; i++) {
            challengers[i] = dispute.challenges[i].account;
        }
        return registry.profileWordsOf(challengers);
    }

    function _isOfGroup(ProfileWord[] memory profiles, uint32 group) private pure returns (bool) {
        for (uint256 i = 0; i < profiles.length; i++) {
            if (profiles[i].group() == group) return true;
        }
        return false;
    }
}
