// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {Payout} from "../settlement/Payout.sol";
import {ScoreGuards} from "../settlement/ScoreGuards.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {ShareReconstruction} from "../settlement/ShareReconstruction.sol";
import {Words} from "../settlement/Words.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {Outcome, ProposalWords} from "./ProposalWords.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobProposing
/// @notice From an attested result to what each contributor is owed. The utilities are the committee's word, and so are the words of
///         a projected result as far as they lie on one polynomial and add up; every number that follows is computed here.
abstract contract JobProposing is IJobMarket, JobBase {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;
    using Words for uint256[];
    using Words for int256[];

    /// @dev Bits of a score's fraction: sums have 2^16 units in one, multipliers 2^42 (protocol, section 1).
    uint256 private constant SCORE_BITS = 58;
    /// @dev Factor a_i of Newton sums, and the unit of weights: 1e9 · phi_i = a_i · R_i − p_i · kappa.
    int256 private constant PARTS_PER_BILLION = int256(Payout.PARTS_PER_BILLION);
    /// @dev Scores are numbers of the field times 1e9.
    uint256 private constant FIELD_BILLION = ShareReconstruction.PRIME * Payout.PARTS_PER_BILLION;
    /// @dev 1e-6 nat: by so much, or by a hundredth of the gain, projected scores may miss the gain.
    uint256 private constant SCORE_TOLERANCE = 1000;

    /// @inheritdoc IJobMarket
    function propose(
        Head calldata head,
        JobTerms calldata terms,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        bytes calldata groups,
        JobResult calldata result,
        bytes calldata words,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        _requireInTime(result.jobId, _load(result.jobId, State.Finished, parts));
        _requireTerms(head, terms);
        if (RoundsWord.kinOf(groups) != rounds.progress.kin()) revert JobMarket_BadResult("groups");
        _checkResult(head, terms, rounds, result, words);
        int256[] memory scores = _scores(head, terms, committee, result, words, attestation);

        Outcome outcome;
        uint256[] memory earnings;
        {
            uint256 excess;
            (earnings, excess) = _value(terms, rounds.progress, groups, result, scores);
            outcome = ProposalWords.packOutcome(result.kind, attestation.signers, excess);
        }
        uint256 deadline = block.timestamp + head.limits.challengeSeconds();
        parts.proposal = JobEvents.proposed(result, outcome, earnings, deadline);
        _storeSameRounds(result.jobId, State.Proposed, deadline, parts);
    }

    /// @dev That the result is one of this job and consistent in itself.
    function _checkResult(
        Head calldata head,
        JobTerms calldata terms,
        Rounds calldata rounds,
        JobResult calldata result,
        bytes calldata words
    ) private pure {
        if (result.termsHash != head.termsHash) revert JobMarket_TermsMismatch(result.termsHash, head.termsHash);
        bool exact = result.kind == uint8(ResultKind.Exact);
        // A table of coalitions is linear in the updates: only who could read them all can have made it.
        if (result.kind > uint8(type(ResultKind).max) || (exact && terms.aggregation != uint8(Aggregation.Clear))) {
            revert JobMarket_BadResult("kind");
        }
        if (result.roundsDigest != rounds.digest) revert JobMarket_BadResult("roundsDigest");
        if (result.wordsHash != keccak256(words)) revert JobMarket_BadResult("wordsHash");
        int256 gain = int256(result.utilityEnd) - result.utilityStart;
        if (result.kind == uint8(ResultKind.Projected)) {
            uint256 allowed = _size(gain) / 100;
            if (allowed < SCORE_TOLERANCE) allowed = SCORE_TOLERANCE;
            if (_size(result.scoreTotal - gain) > allowed) revert JobMarket_BadResult("scoreTotal");
            return;
        }
        if (result.scoreTotal != gain) revert JobMarket_BadResult("scoreTotal");
        if (result.removed != 0) revert JobMarket_BadResult("removed");
        if (result.ridgeTerm != 0) revert JobMarket_BadResult("ridgeTerm");
        if (!exact) {
            if (words.length != 0) revert JobMarket_BadResult("words");
            if (gain != 0) revert JobMarket_BadResult("scoreTotal");
            return;
        }
        uint256 everybody = (1 << head.shape.contributors()) - 1;
        if (words.length != 8 * (everybody + 1)) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, 0) != 0) revert JobMarket_BadResult("words");
        if (Shapley.valueOf(words, everybody) != gain) revert JobMarket_BadResult("scoreTotal");
    }

    /// @dev Checks the signatures; the raw scores in the unit of their kind: n! for exact (1e-9 nat · n!), 2^58 for projected
    ///      (1e-9 · 2^-58 nat); none by weight.
    function _scores(
        Head calldata head,
        JobTerms calldata terms,
        Committee calldata committee,
        JobResult calldata result,
        bytes calldata words,
        Attestation calldata attestation
    ) private view returns (int256[] memory scores) {
        (uint256 n, uint256 m) = (head.shape.contributors(), head.shape.m());
        if (result.kind != uint8(ResultKind.Projected)) {
            bytes32 digest = _hashTypedDataV4(JobDigests.hashOf(result));
            SeatSignatures.verify(attestation, digest, committee.operators, m);
            return result.kind == uint8(ResultKind.Exact) ? Shapley.weights(words, n) : scores;
        }
        scores = ShareReconstruction.reconstruct(words, attestation.signers, head.shape.t(), n);
        bytes32[] memory digests = JobDigests.digestsOfEach(result, words, 8 * n, _domainSeparatorV4());
        SeatSignatures.verifyEach(attestation, digests, committee.operators, m);
        _project(scores, terms, result);
    }

    /// @dev Turns reconstructed values R_i into 1e9 · phi_i = 1e9 · R_i − p_i · kappa, which must add up to what was scored within one
    ///      unit of 1e-9 nat, as numbers of the field: two dealers that add and subtract a huge X may wrap one R_i around it, and a
    ///      true result must not be refused for that (a score that wrapped is beyond the limit). Unchecked: |R_i| < 2^60, kappa
    ///      below 2^63, at most 64 contributors: all below 2^125.
    function _project(int256[] memory values, JobTerms calldata terms, JobResult calldata result) private pure {
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        int256 kappa = result.ridgeTerm;
        unchecked {
            int256 sum;
            uint256 n = values.length;
            for (uint256 i = 0; i < n; i++) {
                int256 score = PARTS_PER_BILLION * values.at(i) - int256(uint256(assets[i].weight)) * kappa;
                values.put(i, score);
                sum += score;
            }
            int256 scored = (int256(result.scoreTotal) - result.removed) << SCORE_BITS;
            uint256 off = _size(sum - scored) % FIELD_BILLION;
            if (off > 1 << SCORE_BITS && FIELD_BILLION - off > 1 << SCORE_BITS) revert JobMarket_BadResult("words");
        }
    }

    /// @dev Amounts and shares (protocol, section 6), as `Earning` words, and what the cap cut off. After an absence base is paid for
    ///      the part of the rounds that was completed. By weight, and when no score is positive, parts are those of the weights in
    ///      the last cohort. Shares are those of the amounts after the cap: incentives follow what is paid.
    function _value(
        JobTerms calldata terms,
        Progress progress,
        bytes calldata groups,
        JobResult calldata result,
        int256[] memory scores
    ) private pure returns (uint256[] memory earnings, uint256 excess) {
        uint256 pot;
        {
            uint256 all = terms.rounds;
            uint256 paid = JobMoney.paidRounds(progress, all);
            pot = JobMoney.scaleDown(terms.base, paid, all);
            if (result.kind == uint8(ResultKind.ByWeight)) pot += JobMoney.scaleDown(terms.performance, paid, all);
        }
        uint256 total;
        if (result.kind != uint8(ResultKind.ByWeight)) {
            ScoreGuards.guard(scores, _scoreLimit(result, scores.length), groups);
            total = Payout.total(scores);
        }
        if (total != 0) {
            pot += JobMoney.performanceDown(terms, result.utilityStart, result.utilityEnd);
            earnings = Payout.splitBy(pot, scores, total);
            excess = _cap(earnings, terms, pot);
        } else {
            scores = JobMoney.weightsOf(terms, progress.cohort());
            total = Payout.total(scores);
            earnings = Payout.splitBy(pot, scores, total);
            // No share without a score: nothing but the base is paid then.
            if (result.kind != uint8(ResultKind.ByWeight)) pot = excess = 0;
        }
        uint256[] memory shares = Payout.splitBy(Payout.PARTS_PER_BILLION, _signed(earnings), pot - excess);
        for (uint256 i = 0; i < earnings.length; i++) {
            earnings.put(i, ProposalWords.packEarning(earnings.at(i), shares.at(i)));
        }
    }

    /// @dev Twice the total, in the unit of the scores; 0 without a gain: then nobody is paid by score (protocol, section 6).
    function _scoreLimit(JobResult calldata result, uint256 n) private pure returns (int256 limit) {
        unchecked {
            if (result.utilityEnd <= result.utilityStart) return 0;
            limit = 2 * int256(result.scoreTotal);
            if (result.kind == uint8(ResultKind.Projected)) return limit << SCORE_BITS;
            for (uint256 i = 2; i <= n; i++) {
                limit *= int256(i);
            }
        }
    }

    /// @dev Cuts what is above each contributor's cap; returns what was cut.
    function _cap(uint256[] memory amounts, JobTerms calldata terms, uint256 pot) private pure returns (uint256 excess) {
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        unchecked {
            uint256 n = amounts.length;
            for (uint256 i = 0; i < n; i++) {
                (uint256 amount, uint256 cap) = (amounts.at(i), ScoreGuards.capDown(assets[i].weight, pot));
                if (amount <= cap) continue;
                amounts.put(i, cap);
                excess += amount - cap;
            }
        }
    }

    /// @dev The same array: amounts are below 2^128.
    function _signed(uint256[] memory amounts) private pure returns (int256[] memory same) {
        assembly ("memory-safe") {
            same := amounts
        }
    }

    function _size(int256 value) private pure returns (uint256) {
        unchecked {
            return uint256(value < 0 ? -value : value);
        }
    }
}
