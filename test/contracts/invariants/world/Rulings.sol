// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {Cheats, vm} from "../Cheats.sol";
import {Dispute, Job} from "./Books.sol";
import {Disputing} from "./Disputing.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";
import {TermsPacking} from "../../harness/TermsPacking.sol";

/// @notice How disputes end, and that every bond goes where IJobMarket says. What is due must go through: a refusal is a fault.
abstract contract Rulings is Disputing {
    using TermsPacking for IJobTypes.JobTerms;

    uint256 private constant OVERTURNED_BPS = 5000;

    /// @dev What must follow from a ruling. fee: of one seat; silent: bitmap of the panel's seats that are slashed for silence.
    struct Case {
        IDisputeTypes.Ruling ruling;
        uint256 answered;
        uint256 silent;
        uint256 penalised;
        uint256 refunded;
        uint256 lost;
        uint256 fee;
        uint256 panelFee;
        bytes32 modelRoot;
        address[] panel;
    }

    /// @dev Data of DisputeClosed.
    struct Closed {
        uint8 ruling;
        uint256 answered;
        uint256 penalised;
        uint256[] shares;
        uint256 panelPay;
        uint256 remainder;
        uint256 refunded;
    }

    function _resolve(Job storage job, IDisputeTypes.Ruling ruling) internal {
        IDisputeTypes.Panel memory panel = abi.decode(job.dispute.panel, (IDisputeTypes.Panel));
        (IDisputeTypes.Verdict memory verdict, bytes memory words) = _verdict(job, ruling);
        IJobTypes.Attestation memory signed = _signedBy(panel, Seals.hashOf(verdict), _majority(job, panel));
        Case memory given = _caseOf(job, verdict, signed.signers, panel.accounts);
        bytes memory data =
            abi.encodeCall(_market.resolve, (job.id, _disputed(job), panel, verdict, words, signed));
        if (!_close(job, given, data, address(this))) return _found("12: resolve refused a verdict of the panel");
        string[4] memory names = ["", "JobMarket.resolve upheld", "JobMarket.resolve overturned", "JobMarket.resolve nothingValued"];
        _count(names[uint8(ruling)]);
    }

    function _adjudicate(Job storage job, IDisputeTypes.Ruling ruling) internal {
        (IDisputeTypes.Verdict memory verdict, bytes memory words) = _verdict(job, ruling);
        IDisputeTypes.Panel memory panel = _panelOf(job);
        Case memory given = _caseOf(job, verdict, 0, panel.accounts);
        given.silent = _silentOf(job, panel);
        bytes memory data = abi.encodeCall(_market.adjudicate, (job.id, _disputed(job), panel, verdict, words));
        if (!_close(job, given, data, _appointed(ADJUDICATOR))) return _found("12: adjudicate refused what was due");
        _count("JobMarket.adjudicate");
    }

    function _closeDispute(Job storage job) internal {
        IDisputeTypes.Panel memory panel = _panelOf(job);
        IDisputeTypes.Verdict memory none;
        Case memory given = _caseOf(job, none, 0, panel.accounts);
        given.silent = _silentOf(job, panel);
        bytes memory data = abi.encodeCall(_market.closeDispute, (job.id, _disputed(job), panel));
        if (!_close(job, given, data, _accounts[People.STRANGER])) return _found("12: closeDispute refused what was due");
        _count("JobMarket.closeDispute");
    }

    function _verdict(Job storage job, IDisputeTypes.Ruling ruling)
        internal
        returns (IDisputeTypes.Verdict memory verdict, bytes memory words)
    {
        (verdict.proposalHash, verdict.ruling, verdict.result.jobId) = (keccak256(job.proposal), uint8(ruling), job.id);
        if (ruling != IDisputeTypes.Ruling.Overturned) return (verdict, words);
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        IJobTypes.JobResult memory result = verdict.result;
        result.termsHash = abi.decode(job.head, (IJobTypes.Head)).termsHash;
        (result.roundsDigest, result.modelRoot, result.utilityStart) = (job.digest, "another model", -500_000_000);
        result.kind = uint8(_draw(terms.aggregation == uint8(IJobTypes.Aggregation.Clear) ? 3 : 2));
        // Without a table of coalitions: projected scores or none.
        if (terms.aggregation != uint8(IJobTypes.Aggregation.Clear)) result.kind++;
        if (result.kind == uint8(IJobTypes.ResultKind.Exact)) (result.scoreTotal, words) = _exact(terms.assets.length);
        if (result.kind == uint8(IJobTypes.ResultKind.Projected)) (result.scoreTotal, words) = _scores(terms.assets.length);
        result.utilityEnd = result.utilityStart + result.scoreTotal;
        result.wordsHash = keccak256(words);
    }

    /// @dev What the rules of disputes make of this verdict.
    function _caseOf(Job storage job, IDisputeTypes.Verdict memory verdict, uint256 answered, address[] memory panel)
        private
        view
        returns (Case memory given)
    {
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        IDisputeTypes.Ruling ruling = IDisputeTypes.Ruling(verdict.ruling);
        (given.ruling, given.answered, given.panel) = (ruling, answered, panel);
        bool overturned = ruling == IDisputeTypes.Ruling.Overturned;
        bool stands = ruling == IDisputeTypes.Ruling.Upheld || ruling == IDisputeTypes.Ruling.Undecided;
        given.penalised = stands ? _withholders(job, ruling, proposal.outcome.signers()) : proposal.outcome.signers();
        given.modelRoot = stands ? proposal.modelRoot : overturned ? verdict.result.modelRoot : bytes32(0);
        given.fee = _feeOf(job, ruling);
        if (!stands && answered != 0) given.panelFee = given.fee * _bits(given.penalised);
        Dispute storage dispute = job.dispute;
        for (uint256 i = 0; i < dispute.kinds.length; i++) {
            bool wasWithheld = dispute.kinds[i] == uint8(IJobTypes.ChallengeKind.Withheld) && given.penalised != 0;
            if (ruling != IDisputeTypes.Ruling.Upheld || wasWithheld) given.refunded |= 1 << i;
            else given.lost += dispute.bond;
        }
    }

    /// @dev Signers that did not say where the evidence is although a challenge asked for it.
    function _withholders(Job storage job, IDisputeTypes.Ruling ruling, uint256 signers) private view returns (uint256) {
        if (ruling != IDisputeTypes.Ruling.Upheld) return 0;
        for (uint256 i = 0; i < job.dispute.kinds.length; i++) {
            if (job.dispute.kinds[i] == uint8(IJobTypes.ChallengeKind.Withheld)) return signers & ~job.dispute.served;
        }
        return 0;
    }

    /// @dev Of one seat, for the rounds that are paid.
    function _feeOf(Job storage job, IDisputeTypes.Ruling ruling) private view returns (uint256) {
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        bool absent = rounds.progress.reason() == uint256(IJobTypes.FinishReason.Absent);
        bool partly = absent || ruling == IDisputeTypes.Ruling.NothingValued;
        uint256 paid = partly ? rounds.progress.completed() : terms.rounds;
        return uint256(terms.oracleFee) * paid / terms.rounds / terms.k;
    }

    /// @dev Makes the call that closes the dispute, and compares whom it credited what; false when it was refused.
    function _close(Job storage job, Case memory given, bytes memory data, address caller) private returns (bool done) {
        uint256[] memory before = _creditsOfAll();
        vm.recordLogs();
        vm.prank(caller);
        (done,) = address(_market).call(data);
        if (!done) return false;
        uint256[] memory due = _dueBy(job, given, vm.getRecordedLogs());
        uint256 sum = 0;
        for (uint256 who = 0; who < People.ALL; who++) {
            sum += due[who];
            if (_market.creditOf(_accounts[who]).stable != before[who] + due[who]) _found("14: a dispute paid another sum than is due");
        }
        if (sum != job.held) _found("14: a dispute paid out another sum than the job held");
        uint256 bps = given.ruling == IDisputeTypes.Ruling.Upheld ? SILENCE_BPS : OVERTURNED_BPS;
        _slash(_numbersOf(job.seats, given.penalised), bps, _winners(job, given), People.TREASURY);
        _slash(_numbersOf(given.panel, given.silent), SILENCE_BPS, new uint256[](0), People.TREASURY);
        _record(job, given);
    }

    function _record(Job storage job, Case memory given) private {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        bool failed = given.ruling == IDisputeTypes.Ruling.NothingValued;
        bool absent = rounds.progress.reason() == uint256(IJobTypes.FinishReason.Absent);
        _spend(terms, parties, job.certified);
        _append(job, terms, head.termsHash, parties, given.modelRoot, failed ? 2 : absent ? 3 : 1);
        _closed(job, failed ? IJobTypes.State.Failed : IJobTypes.State.Settled);
    }

    /// @dev Stable minor units for everybody: what the events say of contributors, buyer and treasury, and of the bonds what the rules say.
    function _dueBy(Job storage job, Case memory given, Cheats.Log[] memory logs)
        private
        returns (uint256[] memory due)
    {
        due = new uint256[](People.ALL);
        uint256[] memory credits = _closing(job, given, logs, due);
        uint256 bond = abi.decode(job.committee, (IJobTypes.Committee)).seatBond;
        _addBonds(job, given, logs, due, bond);
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        (uint256 n, uint256 paid) = (job.banks.length, job.readySeats);
        if (given.ruling <= IDisputeTypes.Ruling.Upheld) paid |= proposal.outcome.signers();
        paid &= ~given.penalised;
        for (uint256 i = 0; i < credits.length; i++) {
            bool isSeat = i >= n;
            uint256 who = isSeat ? _numbers[job.seats[i - n]] : People.FIRST_BANK + job.banks[i];
            due[who] += credits[i];
            if (!isSeat) continue;
            if ((given.penalised >> (i - n)) & 1 == 0) due[who] += bond;
            if (credits[i] != ((paid >> (i - n)) & 1) * given.fee) _found("14: a seat was paid another fee");
        }
    }

    /// @dev JobSettled, or JobFailed; the evaluator's bond too.
    function _closing(Job storage job, Case memory given, Cheats.Log[] memory logs, uint256[] memory due)
        private
        returns (uint256[] memory credits)
    {
        (bytes memory data, bool found) = _loggedIn(logs, IJobTypes.JobSettled.selector);
        (uint256 refunded, uint256 treasury) = (0, 0);
        if (found != (given.ruling != IDisputeTypes.Ruling.NothingValued)) _found("14: a ruling closed the job otherwise");
        if (found) {
            (refunded, treasury,, credits) = abi.decode(data, (uint256, uint256, uint64, uint256[]));
            for (uint256 i = 0; i < credits.length; i++) {
                credits[i] = uint128(credits[i]);
            }
        } else {
            (data,) = _loggedIn(logs, IJobTypes.JobFailed.selector);
            (, credits, refunded, treasury,) = abi.decode(data, (uint16, uint256[], uint256, uint256, uint64));
        }
        due[job.buyer] += refunded;
        due[People.TREASURY] += treasury;
        if (job.evaluatorBond == 0) return credits;
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        (data, found) = _loggedIn(logs, IDisputeTypes.JobRevalued.selector);
        if (found) (, proposal) = abi.decode(data, (IJobTypes.JobResult, IJobTypes.Proposal));
        bool byWeight = proposal.outcome.kind() == uint256(IJobTypes.ResultKind.ByWeight);
        // By weight it is among what the treasury gets, but for a job that failed.
        if (!byWeight || given.ruling == IDisputeTypes.Ruling.NothingValued) due[People.EVALUATOR] += job.evaluatorBond;
    }

    /// @dev DisputeClosed against the rules, and what it pays.
    function _addBonds(Job storage job, Case memory given, Cheats.Log[] memory logs, uint256[] memory due, uint256 bond)
        private
    {
        (bytes memory data, bool found) = _loggedIn(logs, IDisputeTypes.DisputeClosed.selector);
        if (!found) return _found("14: a dispute ended without its event");
        Closed memory closed = abi.decode(bytes.concat(bytes32(uint256(0x20)), data), (Closed));
        bool asRuled = closed.answered == given.answered && closed.ruling == uint8(given.ruling);
        if (!asRuled || closed.penalised != given.penalised || closed.refunded != given.refunded) {
            _found("14: a dispute blamed or refunded others");
        }
        uint256 shared = given.lost / 2;
        // A job that failed has paid the seats' bonds already.
        if (given.ruling != IDisputeTypes.Ruling.NothingValued) shared += bond * _bits(given.penalised);
        for (uint256 i = 0; i < closed.shares.length; i++) {
            due[People.FIRST_BANK + job.banks[i]] += closed.shares[i];
            shared -= closed.shares[i];
        }
        if (shared != 0) _found("14: contributors got another part of the bonds");
        uint256[] memory paid = _numbersOf(given.panel, given.answered);
        uint256 pay = paid.length == 0 ? 0 : (given.panelFee + given.lost / 4) / paid.length;
        for (uint256 i = 0; i < paid.length; i++) {
            due[paid[i]] += pay;
        }
        uint256 remainder = given.lost - given.lost / 2 + given.panelFee - pay * paid.length;
        due[People.TREASURY] += remainder;
        if (closed.panelPay != pay || closed.remainder != remainder) _found("14: panel or treasury got another part of the bonds");
        paid = _winners(job, given);
        for (uint256 i = 0; i < paid.length; i++) {
            due[paid[i]] += job.dispute.bond;
        }
    }

    function _winners(Job storage job, Case memory given) private view returns (uint256[] memory who) {
        Dispute storage dispute = job.dispute;
        who = new uint256[](_bits(given.refunded));
        uint256 count = 0;
        for (uint256 i = 0; i < dispute.challengers.length; i++) {
            if ((given.refunded >> i) & 1 == 1) who[count++] = dispute.challengers[i];
        }
    }

    function _creditsOfAll() private view returns (uint256[] memory credits) {
        credits = new uint256[](People.ALL);
        for (uint256 who = 0; who < People.ALL; who++) {
            credits[who] = _market.creditOf(_accounts[who]).stable;
        }
    }

    function _disputed(Job storage job) internal view returns (IDisputeTypes.DisputedJob memory whole) {
        IJobTypes.JobTerms memory terms;
        (whole.head, terms) = _opened(job);
        whole.terms = terms.packed();
        whole.parties = abi.decode(job.parties, (IJobTypes.Parties));
        whole.committee = abi.decode(job.committee, (IJobTypes.Committee));
        (whole.accounts, whole.rounds) = (job.seats, abi.decode(job.rounds, (IJobTypes.Rounds)));
        whole.proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        whole.groups = _places(whole.parties);
    }

    function _panelOf(Job storage job) internal view returns (IDisputeTypes.Panel memory panel) {
        if (job.dispute.panel.length > 0) panel = abi.decode(job.dispute.panel, (IDisputeTypes.Panel));
    }

    function _silentOf(Job storage job, IDisputeTypes.Panel memory panel) private view returns (uint256) {
        return ((1 << panel.accounts.length) - 1) & ~job.dispute.there;
    }

    function _majority(Job storage job, IDisputeTypes.Panel memory panel) internal view returns (uint256) {
        uint256 m = abi.decode(job.terms, (IJobTypes.JobTerms)).m;
        uint256 majority = panel.operators.length / 2 + 1;
        return majority > m ? majority : m;
    }

    /// @dev By so many of the panel at least, the first of the silent ones by chance.
    function _signedBy(IDisputeTypes.Panel memory panel, bytes32 structHash, uint256 needed)
        internal
        returns (IJobTypes.Attestation memory signed)
    {
        signed.signers = _signers(needed, panel.operators.length);
        for (uint256 seat = 0; seat < panel.operators.length; seat++) {
            if ((signed.signers >> seat) & 1 == 0) continue;
            bytes memory signature = Seals.sign(_keys[panel.operators[seat]], _domain, structHash);
            signed.signatures = bytes.concat(signed.signatures, signature);
        }
    }

    function _bits(uint256 bitmap) internal pure returns (uint256 count) {
        for (; bitmap != 0; bitmap >>= 1) {
            count += bitmap & 1;
        }
    }
}
