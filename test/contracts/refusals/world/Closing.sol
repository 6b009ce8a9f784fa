// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {Earning, Outcome} from "../../../../contracts/market/ProposalWords.sol";
import {IUsageLedger} from "../../../../contracts/ledger/IUsageLedger.sol";
import {vm} from "../../invariants/Cheats.sol";
import {Job} from "../../invariants/world/Books.sol";
import {People} from "./People.sol";
import {Results} from "./Results.sol";
import {Seals} from "../../invariants/world/Seals.sol";
import {Training} from "./Training.sol";
import {TermsPacking} from "../../harness/TermsPacking.sol";

/// @notice From a valuation to a closed job. What is due must go through: a refusal is a fault, not a revert.
abstract contract Closing is Training, Results {
    using TermsPacking for IJobTypes.JobTerms;
    using TermsPacking for IJobTypes.JobResult;

    function _propose(Job storage job, uint256 kind) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.JobResult memory result;
        bytes memory words;
        IJobTypes.Attestation memory signed;
        (result.jobId, result.termsHash, result.roundsDigest) = (job.id, head.termsHash, job.digest);
        (result.modelRoot, result.utilityStart) = ("model", -500_000_000);
        result.kind = uint8(kind);
        if (kind == uint8(IJobTypes.ResultKind.Projected)) {
            (words, signed) = _projected(job, terms, result);
        } else {
            if (kind == uint8(IJobTypes.ResultKind.Exact)) (result.scoreTotal, words) = _exact(terms.assets.length);
            result.utilityEnd = result.utilityStart + result.scoreTotal;
            result.wordsHash = keccak256(words);
            signed = _attest(job, Seals.hashOf(result), terms.m, terms.k);
        }
        _bring(job, head, terms, result.packed(), words, signed);
    }

    function _settle(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        uint256 before = _credits();
        try _market.settle(job.id, head, terms.packed(), parties, committee, job.seats, rounds, proposal) {}
        catch {
            return _found("settle refused what was due");
        }
        if (_credits() - before != job.held) _found("settle paid out another sum than the job held");
        bool absent = rounds.progress.reason() == uint256(IJobTypes.FinishReason.Absent);
        _spend(terms, parties, job.certified);
        _append(job, terms, head.termsHash, parties, proposal.modelRoot, absent ? 3 : 1);
        _closed(job, IJobTypes.State.Settled);
        _count("JobMarket.settle");
    }

    function _fail(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        (uint256 before, uint256 staked, uint256 most) = (_credits(), _atStake(), _stakesOf(job.seats));
        try _market.fail(job.id, head, terms.packed(), parties, committee, job.seats, rounds) {}
        catch {
            return _found("fail refused what was due");
        }
        if (_credits() - before != job.held) _found("fail paid out another sum than the job held");
        uint256 taken = staked - _atStake();
        // Rounded up for each seat, its stake and its exit.
        if (taken > most / 10 + 2 * job.seats.length) _found("fail slashed more than a tenth of the seats' stakes");
        _slashed += taken;
        _spend(terms, parties, job.certified);
        if (job.certified > 0) _append(job, terms, head.termsHash, parties, 0, 2);
        _closed(job, IJobTypes.State.Failed);
        _count("JobMarket.fail");
    }

    function _stakesOf(address[] memory accounts) private view returns (uint256 sum) {
        for (uint256 i = 0; i < accounts.length; i++) {
            sum += _committee.stakeOf(accounts[i]);
            sum += _committee.exitOf(accounts[i]).stake;
        }
    }

    function _expire(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties;
        if (job.state == IJobTypes.State.Seating) parties = abi.decode(job.parties, (IJobTypes.Parties));
        uint256 before = _credits();
        try _market.expire(job.id, head, terms.packed(), parties) {}
        catch {
            return _found("expire refused what was due");
        }
        if (_credits() - before != job.held) _found("expire gave back another sum than the job held");
        if (job.state == IJobTypes.State.Seating) _spend(terms, parties, 0);
        _closed(job, IJobTypes.State.Cancelled);
        _count("JobMarket.expire");
    }

    /// @dev Stable minor units credited to anybody.
    function _credits() internal view returns (uint256 sum) {
        for (uint256 who = 0; who < People.ALL; who++) {
            sum += _market.creditOf(_accounts[who]).stable;
        }
    }

    function _projected(Job storage job, IJobTypes.JobTerms memory terms, IJobTypes.JobResult memory result)
        internal
        returns (bytes memory words, IJobTypes.Attestation memory signed)
    {
        uint256[] memory secrets;
        (result.scoreTotal, result.ridgeTerm, secrets) = _secrets(terms);
        result.utilityEnd = result.utilityStart + result.scoreTotal;
        signed.signers = _signers(terms.m, terms.k);
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        for (uint256 seat = 0; seat < terms.k; seat++) {
            if ((signed.signers >> seat) & 1 == 0) continue;
            bytes memory own = _wordsOf(secrets, seat, terms.t, job.id);
            result.wordsHash = keccak256(own);
            words = bytes.concat(words, own);
            bytes memory signature = Seals.sign(_keys[committee.operators[seat]], _domain, Seals.hashOf(result));
            signed.signatures = bytes.concat(signed.signatures, signature);
        }
        result.wordsHash = keccak256(words);
    }

    function _bring(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.JobTerms memory terms,
        IJobTypes.PackedResult memory result,
        bytes memory words,
        IJobTypes.Attestation memory signed
    ) private {
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        bytes memory places = _places(abi.decode(job.parties, (IJobTypes.Parties)));
        vm.recordLogs();
        _market.propose(head, terms.packed(), keccak256(job.parties), committee, rounds, places, result, words, signed);
        _checkProposal(terms, _proposed(job));
        string[3] memory kinds = ["exact", "projected", "byWeight"];
        _count(string.concat("JobMarket.propose ", kinds[uint8(result.rest)]));
    }

    function _proposed(Job storage job) private returns (IJobTypes.Proposal memory proposal) {
        IJobTypes.PackedResult memory result;
        (result,, proposal.outcome, job.deadline, proposal.earnings) = abi.decode(
            _logged(IJobTypes.JobProposed.selector), (IJobTypes.PackedResult, bytes32, Outcome, uint64, Earning[])
        );
        (proposal.modelRoot, proposal.evidenceRoot, proposal.deliveryRoot) =
            (result.modelRoot, result.evidenceRoot, result.deliveryRoot);
        (job.state, job.proposal) = (IJobTypes.State.Proposed, abi.encode(proposal));
    }

    function _checkProposal(IJobTypes.JobTerms memory terms, IJobTypes.Proposal memory proposal) private {
        (uint256 amounts, uint256 shares) = (proposal.outcome.excess(), 0);
        for (uint256 i = 0; i < proposal.earnings.length; i++) {
            amounts += proposal.earnings[i].amount();
            shares += proposal.earnings[i].share();
        }
        if (amounts > uint256(terms.base) + terms.performance) _found("a proposal owes more than base and performance");
        if (shares != 0 && shares != 1e9) _found("shares do not add up to a billion");
    }

    /// @dev What was reserved is free again, but for the rounds that were certified.
    function _spend(IJobTypes.JobTerms memory terms, IJobTypes.Parties memory parties, uint256 certified) private {
        if (terms.noiseMilli == 0) return;
        for (uint256 i = 0; i < terms.assets.length; i++) {
            bytes32 population = parties.contributors[i].populationId;
            _reserved[population] -= terms.assets[i].rhoNano;
            _spent[population] += _rho(certified);
        }
    }

    function _append(
        Job storage job,
        IJobTypes.JobTerms memory terms,
        bytes32 termsHash,
        IJobTypes.Parties memory parties,
        bytes32 modelRoot,
        uint8 outcome
    ) private {
        IUsageLedger.UsageProof memory proof;
        (proof.jobId, proof.buyer, proof.termsHash) = (job.id, _accounts[job.buyer], termsHash);
        (proof.purpose, proof.legalBasis, proof.codeHash) = (terms.purpose, terms.legalBasis, terms.codeHash);
        (proof.rulesVersion, proof.aggregation) = (terms.rulesVersion, terms.aggregation);
        proof.rhoNano = terms.noiseMilli == 0 ? 0 : _rho(job.certified);
        (proof.roundsDigest, proof.modelRoot, proof.outcome) = (job.digest, modelRoot, outcome);
        proof.time = uint64(block.timestamp);
        for (uint256 i = 0; i < terms.assets.length; i++) {
            (proof.assetId, proof.version) = (terms.assets[i].assetId, terms.assets[i].version);
            proof.datasetRoot = parties.contributors[i].datasetRoot;
            proof.institution = _accounts[People.FIRST_BANK + job.banks[i]];
            _grow(keccak256(bytes.concat(hex"00", abi.encode(proof))));
        }
    }
}
