// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {Payout} from "../settlement/Payout.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";

/// @title JobProposing
/// @notice From an attested result to what each contributor is owed. The utilities are the committee's word; every number that
///         follows from them is computed here.
abstract contract JobProposing is IJobMarket, JobBase {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @inheritdoc IJobMarket
    function propose(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        JobResult calldata result,
        bytes calldata words,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        _requireInTime(jobId, _load(jobId, State.Finished, parts));
        _requireTerms(head, terms);
        _checkResult(jobId, head, rounds, result, words);
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(result)), committee.operators, head.m);

        Proposal memory proposal = _value(terms, rounds, result, words);
        proposal.signers = attestation.signers;
        _propose(jobId, head.challengeSeconds, parts, result, proposal);
    }

    function _propose(
        bytes32 jobId,
        uint256 challengeSeconds,
        Parts memory parts,
        JobResult calldata result,
        Proposal memory proposal
    ) private {
        uint256 deadline = block.timestamp + challengeSeconds;
        parts.proposal = JobEvents.proposed(jobId, result, proposal, deadline);
        _storeSameRounds(jobId, State.Proposed, deadline, parts);
    }

    /// @dev That the result is one of this job and consistent in itself.
    function _checkResult(
        bytes32 jobId,
        Head calldata head,
        Rounds calldata rounds,
        JobResult calldata result,
        bytes calldata words
    ) private pure {
        if (result.jobId != jobId) revert JobMarket_WrongJob(result.jobId, jobId);
        if (result.termsHash != head.termsHash) revert JobMarket_TermsMismatch(result.termsHash, head.termsHash);
        if (result.kind > uint8(type(ResultKind).max)) revert JobMarket_BadResult("kind");
        if (result.kind == uint8(ResultKind.Projected)) revert JobMarket_NotYet("projected");
        if (result.roundsDigest != rounds.digest) revert JobMarket_BadResult("roundsDigest");
        if (result.wordsHash != keccak256(words)) revert JobMarket_BadResult("wordsHash");
        if (int256(result.scoreTotal) != int256(result.utilityEnd) - result.utilityStart) {
            revert JobMarket_BadResult("scoreTotal");
        }
        if (result.kind == uint8(ResultKind.ByWeight)) {
            if (words.length != 0) revert JobMarket_BadResult("words");
            if (result.scoreTotal != 0) revert JobMarket_BadResult("scoreTotal");
            return;
        }
        uint256 everybody = (1 << head.contributors) - 1;
        if (words.length != 8 * (everybody + 1)) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, 0) != 0) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, everybody) != result.scoreTotal) revert JobMarket_BadResult("scoreTotal");
    }

    /// @dev Amounts and shares (protocol, section 6). After an absence base is paid for the part of the rounds that was completed.
    ///      By weight, and
    ///      when no score is positive, parts are those of the weights in the last cohort.
    function _value(JobTerms calldata terms, Rounds calldata rounds, JobResult calldata result, bytes calldata words)
        private
        pure
        returns (Proposal memory proposal)
    {
        proposal.kind = ResultKind(result.kind);
        (proposal.modelRoot, proposal.evidenceRoot) = (result.modelRoot, result.evidenceRoot);
        proposal.deliveryRoot = result.deliveryRoot;
        uint256 paid = JobMoney.paidRounds(rounds, terms.rounds);
        uint256 pot = JobMoney.scaleDown(terms.base, paid, terms.rounds);
        int256[] memory scores;
        if (proposal.kind == ResultKind.ByWeight) {
            scores = JobMoney.weightsOf(terms, rounds.cohort);
            pot += JobMoney.scaleDown(terms.performance, paid, terms.rounds);
            proposal.shares = Payout.shares(scores);
        } else {
            scores = Shapley.weights(words, terms.assets.length);
            // No share without a score: nothing but the base is paid then, by weight.
            proposal.shares = Payout.shares(scores);
            if (Payout.total(scores) == 0) scores = JobMoney.weightsOf(terms, rounds.cohort);
            else pot += JobMoney.performanceDown(terms, result.utilityStart, result.utilityEnd);
        }
        proposal.amounts = Payout.split(pot, scores);
    }
}
