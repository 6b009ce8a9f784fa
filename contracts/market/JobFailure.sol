// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Words} from "../settlement/Words.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobSettling} from "./JobSettling.sol";
import {Progress} from "./RoundsWord.sol";

/// @title JobFailure
/// @notice What a job pays that has no valuation: one that nobody brought further, and one whose result does not stand.
abstract contract JobFailure is JobSettling {
    using Words for uint256[];

    /// @dev How a job failed. progress: its last rounds, of which `completed` are paid for; paidSeats: who gets a fee; forfeited: whose
    ///      bond goes to the contributors.
    struct Failure {
        bytes32 jobId;
        Progress progress;
        uint256 completed;
        uint256 paidSeats;
        uint256 forfeited;
    }

    /// @dev Who is credited what when nobody's valuation stands.
    function _failure(Failure memory failure, Head calldata head, JobTerms memory terms, uint256 seatBond)
        internal
        view
        returns (Closing memory closing)
    {
        (uint256 completed, uint256 cohort) = (failure.completed, failure.progress.cohort());
        // The protocol takes its part of what is settled, not of what is left of a failure.
        _divide(closing, terms, cohort, completed, head.shape.k(), failure.paidSeats, 0);
        _addSplit(closing, JobMoney.scaleDown(terms.base, completed, terms.rounds), JobMoney.weightsOf(terms, cohort));
        closing.treasury += JobMoney.scaleDown(terms.performance, completed, terms.rounds);
        if (failure.progress.certified() == 0) closing.treasury += jobDeposit;
        closing.refunded = head.limits.escrow() + jobDeposit - closing.treasury - closing.given;

        // Bonds that are lost go by everybody's weight: who was left out of a round waited for them too.
        _addSplit(closing, seatBond * _count(failure.forfeited), JobMoney.weightsOf(terms, type(uint256).max));
        closing.incentives = new uint256[](terms.assets.length);
    }

    /// @dev The evaluator's bond, the budget, the usage proofs when a round was certified, and the event.
    function _recordFailure(
        Failure memory failure,
        Closing memory closing,
        Head calldata head,
        JobTerms memory terms,
        Contributor[] calldata contributors,
        bytes32 roundsDigest
    ) internal {
        if (terms.evaluator != address(0)) _credit(terms.evaluator, jobDeposit);
        uint256 certified = failure.progress.certified();
        if (certified > 0) {
            closing.firstProof =
                _record(failure.jobId, head, terms, contributors, certified, roundsDigest, 0, OUTCOME_FAILED);
        } else {
            _closeBudget(terms, contributors, 0);
        }
        emit JobFailed(
            failure.jobId,
            uint16(failure.completed),
            closing.credits.narrow(),
            uint128(closing.refunded),
            uint128(closing.treasury),
            closing.firstProof
        );
    }
}
