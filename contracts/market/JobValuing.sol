// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Payout} from "../settlement/Payout.sol";
import {ScoreGuards} from "../settlement/ScoreGuards.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {Words} from "../settlement/Words.sol";
import {JobBase} from "./JobBase.sol";
import {JobMoney} from "./JobMoney.sol";
import {ProposalWords} from "./ProposalWords.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobValuing
/// @notice What a result has to be like, and what each contributor is owed by its scores: the same for the committee that proposes
///         and for the one that decides a dispute.
abstract contract JobValuing is JobBase {
    using Words for uint256[];
    using Words for int256[];

    /// @dev Bits of a score's fraction: sums have 2^16 units in one, multipliers 2^42 (protocol, section 1).
    uint256 internal constant SCORE_BITS = 58;
    /// @dev 1e-6 nat: by so much, or by a hundredth of the gain, projected scores may miss the gain.
    uint256 private constant SCORE_TOLERANCE = 1000;

    function _requireGroups(Progress progress, bytes calldata groups) internal pure {
        if (RoundsWord.kinOf(groups) != progress.kin()) revert JobMarket_BadResult("groups");
    }

    /// @dev That the result is one of this job and consistent in itself.
    function _checkResult(
        Head calldata head,
        JobTerms memory terms,
        Rounds calldata rounds,
        JobResult memory result,
        bytes calldata words
    ) internal pure {
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

    /// @dev Amounts and shares (protocol, section 6), as `Earning` words, and what goes to the treasury: the protocol's fee on the pot,
    ///      taken first, and what the cap cut off. After an absence base is paid for
    ///      the part of the rounds that was completed. By weight, and when no score is positive, parts are those of the weights in
    ///      the last cohort. Shares are those of the amounts after the cap: incentives follow what is paid.
    function _value(
        JobTerms memory terms,
        Progress progress,
        bytes calldata groups,
        JobResult memory result,
        int256[] memory scores
    ) internal view returns (uint256[] memory earnings, uint256 excess) {
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
        bool scored = total != 0;
        if (scored) {
            pot += JobMoney.performanceDown(terms, result.utilityStart, result.utilityEnd);
        } else {
            scores = JobMoney.weightsOf(terms, progress.cohort());
            total = Payout.total(scores);
        }
        uint256 fee = JobMoney.feeDown(pot, protocolFeeBps);
        pot -= fee;
        earnings = Payout.splitBy(pot, scores, total);
        if (scored) excess = _cap(earnings, terms, pot);
        // No share without a score: nothing but the base is paid then.
        else if (result.kind != uint8(ResultKind.ByWeight)) pot = 0;
        uint256[] memory shares = Payout.splitBy(Payout.PARTS_PER_BILLION, _signed(earnings), pot - excess);
        excess += fee;
        for (uint256 i = 0; i < earnings.length; i++) {
            earnings.put(i, ProposalWords.packEarning(earnings.at(i), shares.at(i)));
        }
    }

    /// @dev Twice the total, in the unit of the scores; 0 without a gain: then nobody is paid by score (protocol, section 6).
    function _scoreLimit(JobResult memory result, uint256 n) private pure returns (int256 limit) {
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
    function _cap(uint256[] memory amounts, JobTerms memory terms, uint256 pot) private pure returns (uint256 excess) {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
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

    function _size(int256 value) internal pure returns (uint256) {
        unchecked {
            return uint256(value < 0 ? -value : value);
        }
    }
}
