// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {JobFailure} from "./JobFailure.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {Progress} from "./RoundsWord.sol";

/// @title JobFailing
/// @notice `fail`: a job that nobody brought further, closed by fault. Code of `JobMarket`, which runs it by delegatecall.
abstract contract JobFailing is JobFailure {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @notice See IJobMarket.
    function fail(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata packed,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), parties.hashOf());
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        Failure memory failure = _loadLate(jobId, head, rounds.progress, parts);
        JobTerms memory terms = _openTerms(head, packed);
        _requireAccounts(committee, accounts);

        failure.paidSeats = _readySeats(jobId, parts.rounds);
        failure.forfeited = (1 << head.shape.k()) - 1 & ~failure.paidSeats;
        _close(jobId, State.Failed, parts);
        Closing memory closing = _failure(failure, head, terms, committee.seatBond);
        _pay(head.shape.buyer(), parties.contributors, accounts, committee.seatBond, ~failure.forfeited, closing);
        _recordFailure(failure, closing, head, terms, parties.contributors, rounds.digest);
        _slash(accounts, failure.forfeited, SILENCE_BPS, new address[](0));
    }

    /// @dev The rounds of a job that is past its deadline and the grace: `finish` counted what was completed, while it runs the
    ///      last certified round has no certified next state yet.
    function _loadLate(bytes32 jobId, Head calldata head, Progress progress, Parts memory parts)
        private
        view
        returns (Failure memory failure)
    {
        bool finished = _stateOf(jobId) == State.Finished;
        uint256 deadline = _load(jobId, finished ? State.Finished : State.Running, parts);
        deadline = _extended(deadline, finished ? head.limits.proposeSeconds() : head.limits.roundSeconds());
        _requireAfter(jobId, deadline + grace);
        (failure.jobId, failure.progress, failure.completed) = (jobId, progress, progress.completed());
        if (!finished && progress.certified() != 0) failure.completed = progress.certified() - 1;
    }
}
