// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IUsageLedger} from "../ledger/IUsageLedger.sol";
import {Payout} from "../settlement/Payout.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBudget} from "./JobBudget.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobProposing} from "./JobProposing.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {TermsRules} from "./TermsRules.sol";

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

    uint8 internal constant OUTCOME_SETTLED = 1;
    uint8 internal constant OUTCOME_FAILED = 2;
    uint8 internal constant OUTCOME_SETTLED_AFTER_ABSENCE = 3;

    uint32 internal immutable _epochSeconds;
    uint128 internal immutable _epochEmission;
    uint128 internal immutable _incentivePerStable;

    /// @dev credits: contributors in order, then seats in order; given: their sum.
    struct Closing {
        uint128[] credits;
        uint256 given;
        uint128[] incentives;
        uint256 refunded;
        uint256 treasury;
        uint64 firstProof;
    }

    constructor(MarketParameters memory parameters) {
        (_epochSeconds, _epochEmission) = (parameters.epochSeconds, parameters.epochEmission);
        _incentivePerStable = parameters.incentivePerStable;
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

        uint256 paidSeats = proposal.signers | _readySeats(jobId, parts.rounds);
        _close(jobId, State.Settled, parts);
        Closing memory closing =
            _divide(terms, rounds.cohort, JobMoney.paidRounds(rounds, terms.rounds), head.k, paidSeats);
        closing.incentives = _emit(_addAmounts(closing, proposal.amounts), proposal.shares);
        // Nobody's valuation: whoever owed the rows forfeits what it put up for them.
        bool rowsMissing = proposal.kind == ResultKind.ByWeight && terms.evaluator == address(0);
        if (rowsMissing) closing.treasury += jobDeposit;
        closing.refunded = head.escrow + jobDeposit - closing.treasury - closing.given;
        _pay(head.buyer, parties.contributors, accounts, committee.seatBond, type(uint256).max, closing);
        bytes32 modelRoot = proposal.modelRoot;
        uint8 outcome =
            rounds.reason == FinishReason.Absent ? OUTCOME_SETTLED_AFTER_ABSENCE : OUTCOME_SETTLED;
        closing.firstProof = _record(jobId, head, terms, parties.contributors, rounds, modelRoot, outcome);
        emit JobSettled(
            jobId,
            closing.credits,
            closing.incentives,
            uint128(closing.refunded),
            uint128(closing.treasury),
            closing.firstProof
        );
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
        Rounds memory ended = _loadLate(jobId, rounds, parts);
        _requireTerms(head, terms);

        uint256 readySeats = _readySeats(jobId, parts.rounds);
        _close(jobId, State.Failed, parts);
        _requireAccounts(committee, accounts);
        _fail(jobId, head, terms, parties, committee.seatBond, accounts, ended, readySeats);
    }

    /// @dev The rounds of a job that is past its deadline and the grace: `finish` counted what was completed, while it runs the
    ///      last certified round has no certified next state yet.
    function _loadLate(bytes32 jobId, Rounds calldata rounds, Parts memory parts)
        private
        view
        returns (Rounds memory ended)
    {
        State had = _stateOf(jobId) == State.Finished ? State.Finished : State.Running;
        _requireAfter(jobId, _load(jobId, had, parts) + grace);
        ended = rounds;
        if (had == State.Running && rounds.certified > 0) ended.completed = rounds.certified - 1;
    }

    function _fail(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Parties calldata parties,
        uint256 seatBond,
        address[] calldata accounts,
        Rounds memory ended,
        uint256 readySeats
    ) private {
        Closing memory closing = _divide(terms, ended.cohort, ended.completed, head.k, readySeats);
        int256[] memory weights = JobMoney.weightsOf(terms, ended.cohort);
        uint256 base = JobMoney.scaleDown(terms.base, ended.completed, terms.rounds);
        _addMade(closing, Payout.split(base, weights));
        closing.treasury += JobMoney.scaleDown(terms.performance, ended.completed, terms.rounds);
        if (ended.certified == 0) closing.treasury += jobDeposit;
        closing.refunded = head.escrow + jobDeposit - closing.treasury - closing.given;

        // Bonds of silent seats go by everybody's weight: who was left out of a round waited for them too.
        uint256 forfeited = seatBond * _silent(readySeats, head.k);
        _addMade(closing, Payout.split(forfeited, JobMoney.weightsOf(terms, type(uint256).max)));
        closing.incentives = new uint128[](parties.contributors.length);
        _pay(head.buyer, parties.contributors, accounts, seatBond, readySeats, closing);
        if (ended.certified > 0) {
            closing.firstProof = _record(jobId, head, terms, parties.contributors, ended, 0, OUTCOME_FAILED);
        } else {
            _closeBudget(terms, parties.contributors, 0);
        }
        emit JobFailed(
            jobId,
            ended.completed,
            closing.credits,
            uint128(closing.refunded),
            uint128(closing.treasury),
            closing.firstProof
        );
    }

    /// @dev Prices of the last cohort and the seats' fees, both for `paid` of all rounds; the seats' rest goes to the treasury.
    ///      Unchecked: every part is one of the escrow, which is below 2^128.
    function _divide(JobTerms calldata terms, uint256 cohort, uint256 paid, uint256 k, uint256 paidSeats)
        private
        pure
        returns (Closing memory closing)
    {
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        (uint256 n, uint256 rounds) = (assets.length, terms.rounds);
        uint128[] memory credits = new uint128[](n + k);
        uint256 given;
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                if ((cohort >> i) & 1 == 0) continue;
                uint256 price = JobMoney.scaleDown(assets[i].price, paid, rounds);
                credits[i] = uint128(price);
                given += price;
            }
            uint256 fee = JobMoney.scaleDown(terms.oracleFee, paid, rounds);
            uint256 seatFee = fee / k;
            for (uint256 seat = 0; seat < k; seat++) {
                if ((paidSeats >> seat) & 1 == 0) continue;
                credits[n + seat] = uint128(seatFee);
                given += seatFee;
                fee -= seatFee;
            }
            closing.treasury = fee;
        }
        (closing.credits, closing.given) = (credits, given);
    }

    function _addAmounts(Closing memory closing, uint128[] calldata amounts) private pure returns (uint256 sum) {
        uint128[] memory credits = closing.credits;
        for (uint256 i = 0; i < amounts.length; i++) {
            credits[i] += amounts[i];
            sum += amounts[i];
        }
        closing.given += sum;
    }

    function _addMade(Closing memory closing, uint128[] memory amounts) private pure {
        uint128[] memory credits = closing.credits;
        for (uint256 i = 0; i < amounts.length; i++) {
            credits[i] += amounts[i];
            closing.given += amounts[i];
        }
    }

    /// @dev Incentives for `shared` stable minor units, as far as the epoch has any left, by the same shares.
    function _emit(uint256 shared, uint32[] calldata shares) private returns (uint128[] memory incentives) {
        int256[] memory scores = new int256[](shares.length);
        for (uint256 i = 0; i < shares.length; i++) {
            scores[i] = int256(uint256(shares[i]));
        }
        if (Payout.total(scores) == 0) return new uint128[](shares.length);
        Emission memory emission = _emission;
        uint64 epoch = uint64(block.timestamp / _epochSeconds);
        if (emission.epoch != epoch) emission = Emission(epoch, 0);
        uint256 amount = shared * _incentivePerStable;
        uint256 left = _epochEmission - emission.credited;
        if (amount > left) amount = left;
        emission.credited += uint128(amount);
        _emission = emission;
        return Payout.split(amount, scores);
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
        (uint128[] memory credits, uint128[] memory incentives) = (closing.credits, closing.incentives);
        for (uint256 i = 0; i < n; i++) {
            _credit(contributors[i].account, credits[i], incentives[i]);
        }
        for (uint256 i = 0; i < accounts.length; i++) {
            uint256 bond = (bonded >> i) & 1 == 1 ? seatBond : 0;
            _credit(accounts[i], credits[n + i] + bond);
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
        Rounds memory rounds,
        bytes32 modelRoot,
        uint8 outcome
    ) private returns (uint64 first) {
        _closeBudget(terms, contributors, rounds.certified);
        IUsageLedger.JobFacts memory job;
        (job.jobId, job.buyer, job.termsHash) = (jobId, head.buyer, head.termsHash);
        (job.purpose, job.legalBasis, job.codeHash) = (terms.purpose, terms.legalBasis, terms.codeHash);
        (job.rulesVersion, job.aggregation) = (terms.rulesVersion, terms.aggregation);
        job.rhoNano = TermsRules.rhoNano(rounds.certified, terms.noiseMilli);
        (job.roundsDigest, job.modelRoot) = (rounds.digest, modelRoot);
        (job.outcome, job.time) = (outcome, uint64(block.timestamp));
        return usageLedger.append(job, _assetFacts(terms.assets, contributors));
    }

    function _assetFacts(IAssetRegistry.AssetUse[] calldata assets, Contributor[] calldata contributors)
        private
        pure
        returns (IUsageLedger.AssetFacts[] memory facts)
    {
        facts = new IUsageLedger.AssetFacts[](assets.length);
        for (uint256 i = 0; i < facts.length; i++) {
            (facts[i].assetId, facts[i].version) = (assets[i].assetId, assets[i].version);
            (facts[i].datasetRoot, facts[i].institution) = (contributors[i].datasetRoot, contributors[i].account);
        }
    }
}
