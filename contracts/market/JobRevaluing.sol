// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Payout} from "../settlement/Payout.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {Words} from "../settlement/Words.sol";
import {JobDisputing} from "./JobDisputing.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts} from "./JobParts.sol";
import {JobSettling} from "./JobSettling.sol";
import {JobValuing} from "./JobValuing.sol";
import {Earning, Outcome, ProposalWords} from "./ProposalWords.sol";

/// @title JobRevaluing
/// @notice What a disputed job pays: the proposal as it stood, or the second committee's own valuation; and where the bonds go.
/// @dev Conservation: what the job held + the seats' bonds + the challengers' bonds = what JobSettled or JobFailed credits and
///      returns + what `_divideBonds` does.
abstract contract JobRevaluing is JobDisputing, JobValuing, JobSettling {
    using JobParts for Proposal;
    using Words for uint256[];
    using Words for int256[];

    /// @dev Part of the stake that signers of an overturned result lose beside their bond: five times silence, and half of what two
    ///      signatures prove, because a majority of the second committee may err.
    uint256 private constant OVERTURNED_BPS = 5000;

    /// @dev One dispute that is being closed. readySeats, penalised: bitmaps of the first committee; panelFee: what the penalised
    ///      would have been paid; revalued: the panel's proposal.
    struct Case {
        bytes32 jobId;
        Ruling ruling;
        uint256 answered;
        uint256 readySeats;
        uint256 penalised;
        uint256 panelFee;
        JobTerms terms;
        Proposal revalued;
    }

    /// @dev Values the panel's result by the rules of `propose`; returns the hash of the proposal that takes the place of the first.
    function _revalue(Case memory given, DisputedJob calldata job, JobResult memory result, bytes calldata words)
        internal
        returns (bytes32)
    {
        _requireGroups(job.rounds.progress, job.groups);
        _checkResult(job.head, given.terms, job.rounds, result, words);
        uint256 excess;
        uint256[] memory earnings;
        (earnings, excess) =
            _value(given.terms, job.rounds.progress, job.groups, result, _attested(job.head.shape.contributors(), result, words));
        given.revalued = Proposal(
            ProposalWords.packOutcome(result.kind, 0, excess),
            result.modelRoot,
            result.evidenceRoot,
            result.deliveryRoot,
            ProposalWords.earningsOf(earnings)
        );
        emit JobRevalued(given.jobId, result, given.revalued);
        return keccak256(abi.encode(given.revalued));
    }

    /// @dev Scores in the units of `propose`. Projected: the panel attests them, in 1e-9 nat, rounded to one each.
    function _attested(uint256 n, JobResult memory result, bytes calldata words)
        private
        pure
        returns (int256[] memory scores)
    {
        if (result.kind == uint8(ResultKind.Exact)) return Shapley.weights(words, n);
        if (result.kind == uint8(ResultKind.ByWeight)) return scores;
        if (result.ridgeTerm != 0) revert JobMarket_BadResult("ridgeTerm");
        if (words.length != 8 * n) revert JobMarket_BadResult("words");
        scores = new int256[](n);
        int256 sum;
        for (uint256 i = 0; i < n; i++) {
            int256 score = Shapley.valueOf(words, i);
            sum += score;
            scores.put(i, score << SCORE_BITS);
        }
        if (_size(sum - (int256(result.scoreTotal) - result.removed)) > n) revert JobMarket_BadResult("words");
    }

    /// @dev The proposal as it stood; seats that withheld the evidence lose fee and bond.
    function _payProposal(Case memory given, DisputedJob calldata job) internal {
        Earning[] memory earnings = job.proposal.earnings;
        uint256 paidSeats = (job.proposal.outcome.signers() | given.readySeats) & ~given.penalised;
        _paySettled(given, job, job.proposal.outcome, earnings, paidSeats, job.proposal.modelRoot);
    }

    /// @dev The panel's valuation; the signers' fee is the panel's.
    function _payRevalued(Case memory given, DisputedJob calldata job, bytes32 modelRoot) internal {
        given.panelFee = _panelFee(given, job, JobMoney.paidRounds(job.rounds.progress, given.terms.rounds));
        uint256 paidSeats = given.readySeats & ~given.penalised;
        _paySettled(given, job, given.revalued.outcome, given.revalued.earnings, paidSeats, modelRoot);
    }

    /// @dev What the penalised seats would have been paid for `paid` rounds; nothing when no panel answered.
    function _panelFee(Case memory given, DisputedJob calldata job, uint256 paid) internal pure returns (uint256) {
        if (given.answered == 0) return 0;
        uint256 fee = JobMoney.scaleDown(given.terms.oracleFee, paid, given.terms.rounds);
        return fee / job.head.shape.k() * _count(given.penalised);
    }

    function _paySettled(
        Case memory given,
        DisputedJob calldata job,
        Outcome outcome,
        Earning[] memory earnings,
        uint256 paidSeats,
        bytes32 modelRoot
    ) private {
        Closing memory closing;
        {
            uint256 paid = JobMoney.paidRounds(job.rounds.progress, given.terms.rounds);
            _divide(
                closing,
                given.terms,
                job.rounds.progress.cohort(),
                paid,
                job.head.shape.k(),
                paidSeats,
                protocolFeeBps
            );
        }
        closing.incentives = _addRevalued(closing, earnings);
        _addRest(closing, job.head, given.terms, outcome);
        closing.treasury -= given.panelFee;
        Contributor[] calldata contributors = job.parties.contributors;
        _pay(job.head.shape.buyer(), contributors, job.accounts, job.committee.seatBond, ~given.penalised, closing);
        closing.firstProof = _record(
            given.jobId,
            job.head,
            given.terms,
            contributors,
            job.rounds.progress.certified(),
            job.rounds.digest,
            modelRoot,
            _outcome(job.rounds)
        );
        JobEvents.settled(
            given.jobId, closing.credits, closing.incentives, closing.refunded, closing.treasury, closing.firstProof
        );
    }

    /// @dev `_addEarnings` of earnings in memory.
    function _addRevalued(Closing memory closing, Earning[] memory earnings) private returns (uint256[] memory) {
        uint256 n = earnings.length;
        int256[] memory scores = new int256[](n);
        (uint256 sum, uint256 total) = (0, 0);
        for (uint256 i = 0; i < n; i++) {
            closing.credits[i] += earnings[i].amount();
            scores.put(i, int256(earnings[i].share()));
            sum += earnings[i].amount();
            total += earnings[i].share();
        }
        closing.given += sum;
        if (total == 0) return new uint256[](n);
        return Payout.splitBy(_emit(sum), scores, total);
    }

    /// @dev Bonds of challengers and of penalised seats, the panel's pay and the stakes. Of a challenger's lost bond the contributors
    ///      get a half, the panel a quarter (it is paid whatever it decides: else it would overturn for its fee), the treasury the
    ///      rest. What does not divide by the panel's seats is the treasury's too.
    /// @param panel accounts of the seats in `given.answered`
    function _divideBonds(Case memory given, DisputedJob calldata job, address[] calldata panel) internal {
        uint256 bond = _challengeBond(job.head);
        (uint256 refunded, address[] memory winners, uint256 lost) = _returnBonds(given, bond);
        lost *= bond;
        uint256 remainder = lost + given.panelFee;
        // A job that failed has paid the seats' bonds already.
        uint256 shared = given.ruling == Ruling.NothingValued ? 0 : job.committee.seatBond * _count(given.penalised);
        shared += lost / 2;
        remainder -= lost / 2;
        uint256[] memory shares = _shareByWeight(given, job, shared);
        uint256 seats = _count(given.answered);
        uint256 panelPay = seats == 0 ? 0 : (given.panelFee + lost / 4) / seats;
        for (uint256 i = 0; panelPay > 0 && i < panel.length; i++) {
            if ((given.answered >> i) & 1 == 1) _credit(panel[i], panelPay);
        }
        remainder -= panelPay * seats;
        _credit(treasury, remainder);
        emit DisputeClosed(
            given.jobId,
            given.ruling,
            given.answered,
            given.penalised,
            shares.narrow(),
            uint128(panelPay),
            uint128(remainder),
            refunded
        );
        uint256 bps = given.ruling == Ruling.Upheld ? SILENCE_BPS : OVERTURNED_BPS;
        _slash(job.accounts, given.penalised, bps, winners);
    }

    /// @dev Gives bonds back to whoever was right, or when nobody decided; forgets the dispute. A challenge that asked for the
    ///      evidence was right when a signer withheld it, whatever came of the result.
    /// @return refunded bitmap of the challenges, in order; winners: their accounts; lost: how many bonds were lost
    function _returnBonds(Case memory given, uint256 bond)
        private
        returns (uint256 refunded, address[] memory winners, uint256 lost)
    {
        Challenge[] memory challenges = _disputes[given.jobId].challenges;
        winners = new address[](challenges.length);
        uint256 count;
        for (uint256 i = 0; i < challenges.length; i++) {
            bool withheld = given.penalised != 0 && challenges[i].kind == uint8(ChallengeKind.Withheld);
            if (given.ruling == Ruling.Upheld && !withheld) {
                lost++;
                continue;
            }
            refunded |= 1 << i;
            winners[count++] = challenges[i].account;
            _credit(challenges[i].account, bond);
        }
        assembly ("memory-safe") {
            mstore(winners, count)
        }
        delete _disputes[given.jobId];
    }

    function _shareByWeight(Case memory given, DisputedJob calldata job, uint256 amount) private returns (uint256[] memory shares) {
        int256[] memory weights = JobMoney.weightsOf(given.terms, type(uint256).max);
        shares = Payout.splitBy(amount, weights, Payout.total(weights));
        for (uint256 i = 0; i < shares.length; i++) {
            _credit(job.parties.contributors[i].holder.account(), shares.at(i));
        }
    }
}
