// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IUsageLedger} from "../ledger/IUsageLedger.sol";
import {Payout} from "../settlement/Payout.sol";
import {Words} from "../settlement/Words.sol";
import {EmissionSchedule} from "../tokens/EmissionSchedule.sol";
import {JobBudget} from "./JobBudget.sol";
import {JobMoney} from "./JobMoney.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {Earning, Outcome} from "./ProposalWords.sol";
import {Progress} from "./RoundsWord.sol";
import {TermsRules} from "./TermsRules.sol";
import {UsageCall} from "./UsageCall.sol";

/// @title JobSettling
/// @notice What all ways to close a seated job share: who is credited what, bonds, spent budget and usage proofs.
/// @dev Conservation: what the job held (its terms' amounts and the deposit) plus forfeited bonds = credits + refund + treasury,
///      because the refund is what is left of it. The other bonds go back to their seats.
abstract contract JobSettling is JobBudget {
    using Words for uint256[];
    using Words for int256[];

    uint8 internal constant OUTCOME_SETTLED = 1;
    uint8 internal constant OUTCOME_FAILED = 2;
    uint8 internal constant OUTCOME_SETTLED_AFTER_ABSENCE = 3;

    /// @dev Part of the stake that a silent seat loses, beside its bond (protocol, section 8).
    uint256 internal constant SILENCE_BPS = 1000;

    uint32 internal immutable _epochSeconds;
    uint128 internal immutable _epochEmission;
    uint128 internal immutable _incentivePerStable;
    uint64 internal immutable _epochStart;
    uint32 internal immutable _halvingEpochs;

    /// @dev credits: contributors in order, then seats in order; given: their sum. All below 2^128: parts of what a job holds.
    struct Closing {
        uint256[] credits;
        uint256 given;
        uint256[] incentives;
        uint256 refunded;
        uint256 treasury;
        uint64 firstProof;
    }

    constructor(MarketParameters memory parameters) {
        (_epochSeconds, _epochEmission) = (parameters.epochSeconds, parameters.epochEmission);
        _incentivePerStable = parameters.incentivePerStable;
        (_epochStart, _halvingEpochs) = (parameters.epochStart, parameters.halvingEpochs);
    }

    function _outcome(Rounds calldata rounds) internal pure returns (uint8) {
        bool absent = rounds.progress.reason() == uint256(FinishReason.Absent);
        return absent ? OUTCOME_SETTLED_AFTER_ABSENCE : OUTCOME_SETTLED;
    }

    /// @dev Who is credited what by the proposal.
    function _settlement(
        Head calldata head,
        JobTerms memory terms,
        Progress progress,
        Proposal calldata proposal,
        uint256 paidSeats
    ) internal returns (Closing memory closing) {
        uint256 paid = JobMoney.paidRounds(progress, terms.rounds);
        _divide(closing, terms, progress.cohort(), paid, head.shape.k(), paidSeats, protocolFeeBps);
        closing.incentives = _addEarnings(closing, proposal.earnings);
        _addRest(closing, head, terms, proposal.outcome);
    }

    /// @dev What nobody is paid: the buyer's, the treasury's, and what was put up for the validation rows.
    function _addRest(Closing memory closing, Head calldata head, JobTerms memory terms, Outcome outcome) internal {
        // Nobody's valuation: whoever owed the rows forfeits what it put up for them.
        bool rowsMissing = outcome.kind() == uint256(ResultKind.ByWeight);
        bool evaluated = terms.evaluator != address(0);
        closing.treasury += outcome.excess();
        if (rowsMissing && !evaluated) closing.treasury += jobDeposit;
        closing.refunded = head.limits.escrow() + jobDeposit - closing.treasury - closing.given;
        if (evaluated) {
            if (rowsMissing) closing.treasury += jobDeposit;
            else _credit(terms.evaluator, jobDeposit);
        }
    }

    /// @dev Prices of the last cohort and the seats' fees, both for `paid` of all rounds; the seats' rest goes to the treasury, and
    ///      `feeBps` of each price.
    ///      Unchecked: every part is one of the escrow, which is below 2^128.
    function _divide(
        Closing memory closing,
        JobTerms memory terms,
        uint256 cohort,
        uint256 paid,
        uint256 k,
        uint256 paidSeats,
        uint256 feeBps
    ) internal pure {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        (uint256 n, uint256 rounds) = (assets.length, terms.rounds);
        uint256[] memory credits = new uint256[](n + k);
        uint256 given;
        uint256 feesOfPrices;
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                if ((cohort >> i) & 1 == 0) continue;
                uint256 price = JobMoney.scaleDown(assets[i].price, paid, rounds);
                uint256 ofPrice = JobMoney.feeDown(price, feeBps);
                price -= ofPrice;
                feesOfPrices += ofPrice;
                credits.put(i, price);
                given += price;
            }
            uint256 fee = JobMoney.scaleDown(terms.oracleFee, paid, rounds);
            uint256 seatFee = fee / k;
            for (uint256 seat = 0; seat < k; seat++) {
                if ((paidSeats >> seat) & 1 == 0) continue;
                credits.put(n + seat, seatFee);
                given += seatFee;
                fee -= seatFee;
            }
            closing.treasury = fee + feesOfPrices;
        }
        (closing.credits, closing.given) = (credits, given);
    }

    /// @dev Adds the earnings of a proposal; returns the incentives by its shares.
    function _addEarnings(Closing memory closing, Earning[] calldata earnings) internal returns (uint256[] memory) {
        uint256 n = earnings.length;
        int256[] memory scores = new int256[](n);
        uint256[] memory credits = closing.credits;
        (uint256 sum, uint256 total) = (0, 0);
        // Unchecked: `propose` made one earning for each contributor, and their amounts are parts of the escrow.
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                (uint256 amount, uint256 share) = (earnings[i].amount(), earnings[i].share());
                credits.put(i, credits.at(i) + amount);
                scores.put(i, int256(share));
                sum += amount;
                total += share;
            }
            closing.given += sum;
        }
        if (total == 0) return new uint256[](n);
        return Payout.splitBy(_emit(sum), scores, total);
    }

    /// @dev Adds an amount by weights.
    function _addSplit(Closing memory closing, uint256 amount, int256[] memory weights) internal pure {
        uint256[] memory parts = Payout.splitBy(amount, weights, Payout.total(weights));
        uint256[] memory credits = closing.credits;
        for (uint256 i = 0; i < parts.length; i++) {
            credits.put(i, credits.at(i) + parts.at(i));
            closing.given += parts.at(i);
        }
    }

    /// @dev Incentives for `shared` stable minor units, as far as the epoch has any left.
    function _emit(uint256 shared) internal returns (uint256 amount) {
        Emission memory emission = _emission;
        uint40 epoch;
        // Unchecked: the constructor refuses a start in the future and an epoch of no length.
        unchecked {
            epoch = uint40((block.timestamp - _epochStart) / _epochSeconds);
        }
        if (emission.epoch != epoch) emission.credited = 0;
        amount = shared * _incentivePerStable;
        uint256 left;
        // Unchecked: what was credited in this epoch was limited by the same emission.
        unchecked {
            left = EmissionSchedule.emissionOf(_epochEmission, epoch, _halvingEpochs) - emission.credited;
        }
        if (amount > left) amount = left;
        _emission = Emission(epoch, emission.credited + uint104(amount), emission.haltedFrom, emission.owed);
    }

    /// @dev Seats in `bonded` get their bond back with their fee.
    function _pay(
        address buyer,
        Contributor[] calldata contributors,
        address[] calldata accounts,
        uint256 seatBond,
        uint256 bonded,
        Closing memory closing
    ) internal {
        uint256 n = contributors.length;
        (uint256[] memory credits, uint256[] memory incentives) = (closing.credits, closing.incentives);
        // Unchecked: n contributors and k accounts, by the hashes of their parts; a fee and a bond are below 2^128 each.
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                _credit(contributors[i].holder.account(), credits.at(i), incentives.at(i));
            }
            for (uint256 i = 0; i < accounts.length; i++) {
                uint256 bond = (bonded >> i) & 1 == 1 ? seatBond : 0;
                _credit(accounts[i], credits.at(n + i) + bond);
            }
        }
        _closeJob(buyer, closing.refunded);
        _creditTreasury(closing.treasury);
    }

    /// @dev Spends the budget of the certified rounds and appends one usage proof per asset.
    function _record(
        bytes32 jobId,
        Head calldata head,
        JobTerms memory terms,
        Contributor[] calldata contributors,
        uint256 certified,
        bytes32 roundsDigest,
        bytes32 modelRoot,
        uint8 outcome
    ) internal returns (uint64 first) {
        _closeBudget(terms, contributors, certified);
        IUsageLedger.JobFacts memory job;
        (job.jobId, job.buyer, job.termsHash) = (jobId, head.shape.buyer(), head.termsHash);
        (job.purpose, job.legalBasis, job.codeHash) = (terms.purpose, terms.legalBasis, terms.codeHash);
        (job.rulesVersion, job.aggregation) = (terms.rulesVersion, terms.aggregation);
        job.rhoNano = TermsRules.rhoNano(certified, terms.noiseMilli);
        (job.roundsDigest, job.modelRoot) = (roundsDigest, modelRoot);
        (job.outcome, job.time) = (outcome, uint64(block.timestamp));
        return UsageCall.append(usageLedger, job, terms.assets, contributors);
    }

    /// @dev Takes `bps` of the stakes of the seats in `seats`.
    function _slash(address[] calldata accounts, uint256 seats, uint256 bps, address[] memory beneficiaries) internal {
        uint256 count = _count(seats);
        if (count == 0) return;
        address[] memory slashed = new address[](count);
        for (uint256 i = accounts.length; i > 0; i--) {
            if ((seats >> (i - 1)) & 1 == 1) slashed[--count] = accounts[i - 1];
        }
        oracleCommittee.slash(slashed, uint16(bps), beneficiaries, treasury);
    }

    /// @dev Bits that are set.
    function _count(uint256 bitmap) internal pure returns (uint256 count) {
        for (; bitmap != 0; bitmap >>= 1) {
            count += bitmap & 1;
        }
    }
}
