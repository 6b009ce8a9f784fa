// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IUsageLedger} from "../ledger/IUsageLedger.sol";
import {Payout} from "../settlement/Payout.sol";
import {Words} from "../settlement/Words.sol";
import {EmissionSchedule} from "../tokens/EmissionSchedule.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBudget} from "./JobBudget.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobProposing} from "./JobProposing.sol";
import {Earning} from "./ProposalWords.sol";
import {Progress} from "./RoundsWord.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {TermsRules} from "./TermsRules.sol";
import {UsageCall} from "./UsageCall.sol";

/// @title JobClosing
/// @notice `settle` and `fail`: who is credited what, bonds, spent budget and usage proofs.
/// @dev Conservation: what the job held (its terms' amounts and the deposit) plus forfeited bonds = credits + refund + treasury,
///      because the refund is what is left of it. The other bonds go back to their seats.
abstract contract JobClosing is IJobMarket, JobProposing, JobBudget {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;
    using JobParts for Proposal;
    using Words for uint256[];
    using Words for int256[];

    uint8 internal constant OUTCOME_SETTLED = 1;
    uint8 internal constant OUTCOME_FAILED = 2;
    uint8 internal constant OUTCOME_SETTLED_AFTER_ABSENCE = 3;

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

    /// @inheritdoc IJobMarket
    function settle(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds,
        Proposal calldata proposal
    ) external {
        Parts memory parts;
        (parts.head, parts.parties, parts.committee) = (head.hashOf(), parties.hashOf(), committee.hashOf());
        (parts.rounds, parts.proposal) = (rounds.hashOf(), proposal.hashOf());
        _requireAfter(jobId, _load(jobId, State.Proposed, parts));
        _requireTerms(head, terms);
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

    function _outcome(Rounds calldata rounds) private pure returns (uint8) {
        bool absent = rounds.progress.reason() == uint256(FinishReason.Absent);
        return absent ? OUTCOME_SETTLED_AFTER_ABSENCE : OUTCOME_SETTLED;
    }

    /// @dev Who is credited what by the proposal.
    function _settlement(
        Head calldata head,
        JobTerms calldata terms,
        Progress progress,
        Proposal calldata proposal,
        uint256 paidSeats
    ) private returns (Closing memory closing) {
        uint256 paid = JobMoney.paidRounds(progress, terms.rounds);
        _divide(closing, terms, progress.cohort(), paid, head.shape.k(), paidSeats);
        closing.incentives = _addEarnings(closing, proposal.earnings);
        // Nobody's valuation: whoever owed the rows forfeits what it put up for them.
        bool rowsMissing = proposal.outcome.kind() == uint256(ResultKind.ByWeight);
        bool evaluated = terms.evaluator != address(0);
        closing.treasury += proposal.outcome.excess();
        if (rowsMissing && !evaluated) closing.treasury += jobDeposit;
        closing.refunded = head.limits.escrow() + jobDeposit - closing.treasury - closing.given;
        if (evaluated) {
            if (rowsMissing) closing.treasury += jobDeposit;
            else _credit(terms.evaluator, jobDeposit);
        }
    }

    /// @inheritdoc IJobMarket
    function fail(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), parties.hashOf());
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        (Progress ended, uint256 completed) = _loadLate(jobId, rounds.progress, parts);
        _requireTerms(head, terms);

        uint256 readySeats = _readySeats(jobId, parts.rounds);
        _close(jobId, State.Failed, parts);
        _requireAccounts(committee, accounts);
        Closing memory closing = _failure(head, terms, committee.seatBond, ended, completed, readySeats);
        _pay(head.shape.buyer(), parties.contributors, accounts, committee.seatBond, readySeats, closing);
        if (terms.evaluator != address(0)) _credit(terms.evaluator, jobDeposit);
        uint256 certified = ended.certified();
        if (certified > 0) {
            closing.firstProof =
                _record(jobId, head, terms, parties.contributors, certified, rounds.digest, 0, OUTCOME_FAILED);
        } else {
            _closeBudget(terms, parties.contributors, 0);
        }
        emit JobFailed(
            jobId,
            uint16(completed),
            closing.credits.narrow(),
            uint128(closing.refunded),
            uint128(closing.treasury),
            closing.firstProof
        );
    }

    /// @dev The rounds of a job that is past its deadline and the grace: `finish` counted what was completed, while it runs the
    ///      last certified round has no certified next state yet.
    function _loadLate(bytes32 jobId, Progress progress, Parts memory parts)
        private
        view
        returns (Progress ended, uint256 completed)
    {
        State had = _stateOf(jobId) == State.Finished ? State.Finished : State.Running;
        _requireAfter(jobId, _load(jobId, had, parts) + grace);
        uint256 certified = progress.certified();
        if (had == State.Finished) return (progress, progress.completed());
        return (progress, certified == 0 ? 0 : certified - 1);
    }

    /// @dev Who is credited what when nobody brought a proposal.
    function _failure(
        Head calldata head,
        JobTerms calldata terms,
        uint256 seatBond,
        Progress ended,
        uint256 completed,
        uint256 readySeats
    ) private view returns (Closing memory closing) {
        _divide(closing, terms, ended.cohort(), completed, head.shape.k(), readySeats);
        uint256 base = JobMoney.scaleDown(terms.base, completed, terms.rounds);
        _addSplit(closing, base, JobMoney.weightsOf(terms, ended.cohort()));
        closing.treasury += JobMoney.scaleDown(terms.performance, completed, terms.rounds);
        if (ended.certified() == 0) closing.treasury += jobDeposit;
        closing.refunded = head.limits.escrow() + jobDeposit - closing.treasury - closing.given;

        // Bonds of silent seats go by everybody's weight: who was left out of a round waited for them too.
        uint256 forfeited = seatBond * _silent(readySeats, head.shape.k());
        _addSplit(closing, forfeited, JobMoney.weightsOf(terms, type(uint256).max));
        closing.incentives = new uint256[](terms.assets.length);
    }

    /// @dev Prices of the last cohort and the seats' fees, both for `paid` of all rounds; the seats' rest goes to the treasury.
    ///      Unchecked: every part is one of the escrow, which is below 2^128.
    function _divide(
        Closing memory closing,
        JobTerms calldata terms,
        uint256 cohort,
        uint256 paid,
        uint256 k,
        uint256 paidSeats
    ) private pure {
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        (uint256 n, uint256 rounds) = (assets.length, terms.rounds);
        uint256[] memory credits = new uint256[](n + k);
        uint256 given;
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                if ((cohort >> i) & 1 == 0) continue;
                uint256 price = JobMoney.scaleDown(assets[i].price, paid, rounds);
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
            closing.treasury = fee;
        }
        (closing.credits, closing.given) = (credits, given);
    }

    /// @dev Adds the earnings of a proposal; returns the incentives by its shares.
    function _addEarnings(Closing memory closing, Earning[] calldata earnings) private returns (uint256[] memory) {
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
    function _addSplit(Closing memory closing, uint256 amount, int256[] memory weights) private pure {
        uint256[] memory parts = Payout.splitBy(amount, weights, Payout.total(weights));
        uint256[] memory credits = closing.credits;
        for (uint256 i = 0; i < parts.length; i++) {
            credits.put(i, credits.at(i) + parts.at(i));
            closing.given += parts.at(i);
        }
    }

    /// @dev Incentives for `shared` stable minor units, as far as the epoch has any left.
    function _emit(uint256 shared) private returns (uint256 amount) {
        Emission memory emission = _emission;
        uint64 epoch;
        // Unchecked: the constructor refuses a start in the future and an epoch of no length.
        unchecked {
            epoch = uint64((block.timestamp - _epochStart) / _epochSeconds);
        }
        if (emission.epoch != epoch) emission = Emission(epoch, 0);
        amount = shared * _incentivePerStable;
        uint256 left;
        // Unchecked: what was credited in this epoch was limited by the same emission.
        unchecked {
            left = EmissionSchedule.emissionOf(_epochEmission, epoch, _halvingEpochs) - emission.credited;
        }
        if (amount > left) amount = left;
        _emission = Emission(epoch, emission.credited + uint128(amount));
    }

    /// @dev Seats in `bonded` get their bond back with their fee.
    function _pay(
        address buyer,
        Contributor[] calldata contributors,
        address[] calldata accounts,
        uint256 seatBond,
        uint256 bonded,
        Closing memory closing
    ) private {
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
        _credit(buyer, closing.refunded);
        _credit(treasury, closing.treasury);
    }

    function _silent(uint256 readySeats, uint256 k) private pure returns (uint256 silent) {
        for (uint256 i = 0; i < k; i++) {
            if ((readySeats >> i) & 1 == 0) silent++;
        }
    }

    /// @dev Spends the budget of the certified rounds and appends one usage proof per asset.
    function _record(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Contributor[] calldata contributors,
        uint256 certified,
        bytes32 roundsDigest,
        bytes32 modelRoot,
        uint8 outcome
    ) private returns (uint64 first) {
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
}
