// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobFailure} from "./JobFailure.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobRevaluing} from "./JobRevaluing.sol";
import {JobSettling} from "./JobSettling.sol";
import {JobDisputing} from "./JobDisputing.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobVerdicts
/// @notice How a dispute ends. Code of `JobMarket`, which runs it by delegatecall.
contract JobVerdicts is JobRevaluing, JobFailure {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;
    using JobParts for Proposal;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters)
        JobBase(contracts, parameters)
        JobDisputing(parameters)
        JobSettling(parameters)
    {}

    /// @notice See IJobMarket.
    function resolve(
        bytes32 jobId,
        DisputedJob calldata job,
        Panel calldata panel,
        Verdict calldata verdict,
        bytes calldata words,
        Attestation calldata attestation
    ) external {
        (Parts memory parts, uint256 until) = _loadDisputed(jobId, job);
        if (block.timestamp > until) revert JobMarket_TooLate(jobId, uint64(until));
        _requirePanel(jobId, panel);
        uint256 majority = panel.accounts.length / 2 + 1;
        uint256 m = job.head.shape.m();
        bytes32 digest = _hashTypedDataV4(JobDigests.hashOf(verdict));
        SeatSignatures.verify(attestation, digest, panel.operators, majority > m ? majority : m);
        _decide(jobId, job, verdict, words, parts, panel.accounts, attestation.signers);
    }

    /// @notice See IJobMarket. The market lets the adjudicator's role alone through.
    function adjudicate(
        bytes32 jobId,
        DisputedJob calldata job,
        Panel calldata panel,
        Verdict calldata verdict,
        bytes calldata words
    ) external {
        (Parts memory parts, uint256 until) = _loadDisputed(jobId, job);
        _requireAfter(jobId, until + grace);
        until = _adjudicatedUntil(until);
        if (block.timestamp > until) revert JobMarket_TooLate(jobId, uint64(until));
        uint256 silent = _silentPanel(jobId, panel);
        // Nobody answered: the part of the panel is the treasury's.
        _decide(jobId, job, verdict, words, parts, panel.accounts, 0);
        _slash(panel.accounts, silent, SILENCE_BPS, new address[](0));
    }

    /// @notice See IJobMarket.
    function closeDispute(bytes32 jobId, DisputedJob calldata job, Panel calldata panel) external {
        (Parts memory parts, uint256 until) = _loadDisputed(jobId, job);
        _requireAfter(jobId, _adjudicatedUntil(until) + grace);
        Case memory given;
        (given.jobId, given.ruling, given.readySeats) = (jobId, Ruling.Undecided, _readySeats(jobId, parts.rounds));
        given.terms = _openTerms(job.head, job.terms);
        uint256 silent = _silentPanel(jobId, panel);
        _close(jobId, State.Settled, parts);
        _payProposal(given, job);
        _divideBonds(given, job, panel.accounts);
        _slash(panel.accounts, silent, SILENCE_BPS, new address[](0));
    }

    /// @dev Seats of a panel without a verdict that did not even say that they had one; none without a panel.
    function _silentPanel(bytes32 jobId, Panel calldata panel) private view returns (uint256) {
        bytes32 seated = _disputes[jobId].panel;
        if ((seated == 0 || seated == NO_PANEL) && panel.accounts.length == 0) return 0;
        _requirePanel(jobId, panel);
        return (1 << panel.accounts.length) - 1 & ~uint256(_disputes[jobId].there);
    }

    function _adjudicatedUntil(uint256 panelUntil) private view returns (uint256) {
        return _extended(panelUntil + grace + _adjudicationSeconds, _adjudicationSeconds);
    }

    /// @dev `panelUntil`: end of the window in which a panel may be seated, or decide.
    function _loadDisputed(bytes32 jobId, DisputedJob calldata job)
        private
        view
        returns (Parts memory parts, uint256 panelUntil)
    {
        (parts.head, parts.parties, parts.committee) = (job.head.hashOf(), job.parties.hashOf(), job.committee.hashOf());
        (parts.rounds, parts.proposal) = (job.rounds.hashOf(), job.proposal.hashOf());
        panelUntil = _panelUntil(_disputes[jobId], job.head, _load(jobId, State.Disputed, parts));
        _requireAccounts(job.committee, job.accounts);
    }

    /// @dev Closes the job as a verdict says. `panel`: accounts of the seats in `answered`.
    function _decide(
        bytes32 jobId,
        DisputedJob calldata job,
        Verdict calldata verdict,
        bytes calldata words,
        Parts memory parts,
        address[] calldata panel,
        uint256 answered
    ) private {
        if (verdict.proposalHash != parts.proposal) revert JobMarket_BadVerdict("proposalHash");
        if (verdict.result.jobId != jobId) revert JobMarket_BadVerdict("jobId");
        uint256 ruling = verdict.ruling;
        if (ruling == 0 || ruling > uint256(type(Ruling).max)) revert JobMarket_BadVerdict("ruling");
        Case memory given;
        (given.jobId, given.ruling, given.answered) = (jobId, Ruling(ruling), answered);
        given.terms = _openTerms(job.head, job.terms);
        given.readySeats = _readySeats(jobId, parts.rounds);
        given.penalised = _penalised(jobId, given.ruling, job.proposal.outcome.signers());
        if (given.ruling == Ruling.Upheld) {
            _close(jobId, State.Settled, parts);
            _payProposal(given, job);
        } else if (given.ruling == Ruling.Overturned) {
            parts.proposal = _revalue(given, job, verdict.result, words);
            _close(jobId, State.Settled, parts);
            _payRevalued(given, job, verdict.result.modelRoot);
        } else {
            _close(jobId, State.Failed, parts);
            _payNothing(given, job);
        }
        _divideBonds(given, job, panel);
    }

    /// @dev Seats of the first committee that lose their bond: who signed what does not stand, or who signed and did not say where
    ///      the evidence is although a challenge asked for it.
    function _penalised(bytes32 jobId, Ruling ruling, uint256 signers) private view returns (uint256) {
        if (ruling != Ruling.Upheld) return signers;
        Dispute storage dispute = _disputes[jobId];
        for (uint256 i = 0; i < dispute.challenges.length; i++) {
            if (dispute.challenges[i].kind == uint8(ChallengeKind.Withheld)) return signers & ~uint256(dispute.served);
        }
        return 0;
    }

    /// @dev As `fail` from Finished, with the signers in the place of silent seats.
    function _payNothing(Case memory given, DisputedJob calldata job) private {
        Failure memory failure;
        (failure.jobId, failure.progress) = (given.jobId, job.rounds.progress);
        failure.completed = job.rounds.progress.completed();
        (failure.paidSeats, failure.forfeited) = (given.readySeats & ~given.penalised, given.penalised);
        (Contributor[] calldata contributors, uint256 seatBond) = (job.parties.contributors, job.committee.seatBond);
        Closing memory closing = _failure(failure, job.head, given.terms, seatBond);
        given.panelFee = _panelFee(given, job, failure.completed);
        closing.treasury -= given.panelFee;
        _pay(job.head.shape.buyer(), contributors, job.accounts, seatBond, ~failure.forfeited, closing);
        _recordFailure(failure, closing, job.head, given.terms, contributors, job.rounds.digest);
    }
}
