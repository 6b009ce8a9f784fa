// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobMarket} from "./IJobMarket.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobSettling} from "./JobSettling.sol";

/// @title JobClosing
/// @notice `settle`: what an unchallenged proposal pays.
abstract contract JobClosing is IJobMarket, JobSettling {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;
    using JobParts for Proposal;

    /// @inheritdoc IJobMarket
    function settle(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata packed,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds,
        Proposal calldata proposal
    ) external {
        Parts memory parts;
        (parts.head, parts.parties, parts.committee) = (head.hashOf(), parties.hashOf(), committee.hashOf());
        (parts.rounds, parts.proposal) = (rounds.hashOf(), proposal.hashOf());
        {
            uint256 deadline = _load(jobId, State.Proposed, parts);
            // Not before the window is over that a halt took from.
            uint256 window = head.limits.challengeSeconds();
            if (_emission.haltedFrom + window >= deadline) deadline = _extended(deadline, window);
            _requireAfter(jobId, deadline);
        }
        JobTerms memory terms = _openTerms(head, packed);
        _requireAccounts(committee, accounts);

        uint256 paidSeats = proposal.outcome.signers() | _readySeats(jobId, parts.rounds);
        _close(jobId, State.Settled, parts);
        Closing memory closing = _settlement(head, terms, rounds.progress, proposal, paidSeats);
        _pay(head.shape.buyer(), parties.contributors, accounts, committee.seatBond, type(uint256).max, closing);
        bytes32 modelRoot = proposal.modelRoot;
        closing.firstProof = _record(
            jobId, head, terms, parties.contributors, rounds.progress.certified(), rounds.digest, modelRoot, _outcome(rounds)
        );
        JobEvents.settled(
            jobId, closing.credits, closing.incentives, closing.refunded, closing.treasury, closing.firstProof
        );
    }
}
