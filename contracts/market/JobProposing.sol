// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {Payout} from "../settlement/Payout.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {Words} from "../settlement/Words.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {Outcome, ProposalWords} from "./ProposalWords.sol";
import {Progress} from "./RoundsWord.sol";

/// @title JobProposing
/// @notice From an attested result to what each contributor is owed. The utilities are the committee's word; every number that
///         follows from them is computed here.
abstract contract JobProposing is IJobMarket, JobBase {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;
    using Words for uint256[];

    /// @inheritdoc IJobMarket
    function propose(
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
        _requireInTime(result.jobId, _load(result.jobId, State.Finished, parts));
        _requireTerms(head, terms);
        _checkResult(head, rounds, result, words);
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(result)), committee.operators, head.shape.m());

        uint256[] memory earnings = _value(terms, rounds.progress, result, words);
        uint256 deadline = block.timestamp + head.limits.challengeSeconds();
        Outcome outcome = ProposalWords.packOutcome(result.kind, attestation.signers);
        parts.proposal = JobEvents.proposed(result, outcome, earnings, deadline);
        _storeSameRounds(result.jobId, State.Proposed, deadline, parts);
    }

    /// @dev That the result is one of this job and consistent in itself.
    function _checkResult(
        Head calldata head,
        Rounds calldata rounds,
        JobResult calldata result,
        bytes calldata words
    ) private pure {
        if (result.termsHash != head.termsHash) revert JobMarket_TermsMismatch(result.termsHash, head.termsHash);
        if (result.kind > uint8(type(ResultKind).max)) revert JobMarket_BadResult("kind");
        if (result.kind == uint8(ResultKind.Projected)) revert JobMarket_NotYet("projected");
        if (result.roundsDigest != rounds.digest) revert JobMarket_BadResult("roundsDigest");
        if (result.wordsHash != keccak256(words)) revert JobMarket_BadResult("wordsHash");
        if (int256(result.scoreTotal) != int256(result.utilityEnd) - result.utilityStart) {
            revert JobMarket_BadResult("scoreTotal");
        }
        if (result.removed != 0) revert JobMarket_BadResult("removed");
        if (result.ridgeTerm != 0) revert JobMarket_BadResult("ridgeTerm");
        if (result.kind == uint8(ResultKind.ByWeight)) {
            if (words.length != 0) revert JobMarket_BadResult("words");
            if (result.scoreTotal != 0) revert JobMarket_BadResult("scoreTotal");
            return;
        }
        uint256 everybody = (1 << head.shape.contributors()) - 1;
        if (words.length != 8 * (everybody + 1)) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, 0) != 0) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, everybody) != result.scoreTotal) revert JobMarket_BadResult("scoreTotal");
    }

    /// @dev Amounts and shares (protocol, section 6), as `Earning` words. After an absence base is paid for the part of the rounds
    ///      that was completed. By weight, and when no score is positive, parts are those of the weights in the last cohort.
    function _value(JobTerms calldata terms, Progress progress, JobResult calldata result, bytes calldata words)
        private
        pure
        returns (uint256[] memory earnings)
    {
        uint256 all = terms.rounds;
        uint256 paid = JobMoney.paidRounds(progress, all);
        uint256 pot = JobMoney.scaleDown(terms.base, paid, all);
        bool exact = result.kind == uint8(ResultKind.Exact);
        int256[] memory scores =
            exact ? Shapley.weights(words, terms.assets.length) : JobMoney.weightsOf(terms, progress.cohort());
        uint256 total = Payout.total(scores);
        uint256[] memory shares = Payout.splitBy(Payout.PARTS_PER_BILLION, scores, total);
        if (!exact) {
            pot += JobMoney.scaleDown(terms.performance, paid, all);
        } else if (total != 0) {
            pot += JobMoney.performanceDown(terms, result.utilityStart, result.utilityEnd);
        } else {
            // No share without a score: nothing but the base is paid then, by weight.
            scores = JobMoney.weightsOf(terms, progress.cohort());
            total = Payout.total(scores);
        }
        earnings = Payout.splitBy(pot, scores, total);
        for (uint256 i = 0; i < earnings.length; i++) {
            earnings.put(i, ProposalWords.packEarning(earnings.at(i), shares.at(i)));
        }
    }
}
