// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry as Registry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {Seals} from "../invariants/world/Seals.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";
import {Walk} from "./Walk.sol";

/// @notice Steps of a job that come too early, too late, from the wrong one, or with the wrong parts, rounds, signatures or results.
abstract contract StepsRefused is Walk {
    using TermsPacking for IJobTypes.JobTerms;
    using TermsPacking for IJobTypes.JobResult;

    function test_Posting() public {
        (IJobTypes.JobTerms memory terms,) = _offer();
        terms.evaluator = address(0);
        bytes memory post = abi.encodeCall(IJobMarket.post, (terms.packed()));
        _expect(_accounts[2], address(_market), post, abi.encodeWithSelector(IJobTypes.JobMarket_MissingRole.selector, _accounts[2], 2));
        _expect(_accounts[14], address(_market), post, abi.encodeWithSelector(IJobTypes.JobMarket_NotActive.selector, _accounts[14]));
        vm.prank(_accounts[0]);
        bytes32 id = _market.post(terms.packed());
        _expect(_accounts[0], address(_market), post, abi.encodeWithSelector(IJobTypes.JobMarket_AlreadyPosted.selector, id));
        vm.prank(_appointed(GUARDIAN));
        _market.pause();
        _expect(_accounts[0], address(_market), post, abi.encodeWithSelector(IJobTypes.JobMarket_Paused.selector));
    }

    function test_PartsThatAreNotTheJobs() public {
        Job storage job = _to(IJobTypes.State.Open);
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        address buyer = _accounts[job.buyer];
        bytes memory cancel = abi.encodeCall(IJobMarket.cancel, ("nobody's", head, terms.packed()));
        _expect(buyer, address(_market), cancel, abi.encodeWithSelector(IJobTypes.JobMarket_UnknownJob.selector, bytes32("nobody's")));
        terms.base++;
        bytes memory mismatch = abi.encodeWithSelector(
            IJobTypes.JobMarket_TermsMismatch.selector, _market.hashTerms(terms.packed()), head.termsHash
        );
        _expect(buyer, address(_market), abi.encodeCall(IJobMarket.cancel, (job.id, head, terms.packed())), mismatch);
        head.termsHash = 0;
        cancel = abi.encodeCall(IJobMarket.cancel, (job.id, head, terms.packed()));
        _expect(buyer, address(_market), cancel, abi.encodeWithSelector(IJobTypes.JobMarket_PartsMismatch.selector, job.id));
        (head, terms) = _opened(job);
        cancel = abi.encodeCall(IJobMarket.cancel, (job.id, head, terms.packed()));
        address other = _accounts[1 - job.buyer];
        _expect(other, address(_market), cancel, abi.encodeWithSelector(IJobTypes.JobMarket_NotBuyer.selector, other, buyer));
        IJobTypes.Parties memory none;
        bytes memory early = abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, job.deadline + GRACE + 1);
        _expect(other, address(_market), abi.encodeCall(IJobMarket.expire, (job.id, head, terms.packed(), none)), early);
    }

    function test_CommitteesAndSeats() public {
        Job storage job = _to(IJobTypes.State.Seating);
        IJobTypes.Head memory head = abi.decode(job.head, (IJobTypes.Head));
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IOracleCommittee.Candidate[] memory none = new IOracleCommittee.Candidate[](0);
        bytes memory other = abi.encodeWithSelector(
            IOracleCommittee.OracleCommittee_RosterMismatch.selector, keccak256(abi.encode(none)), parties.roster
        );
        vm.roll(block.number + 2);
        _expect(address(this), address(_market), abi.encodeCall(IJobMarket.seat, (job.id, head, parties, none)), other);
        // All but three took their money out: four seats cannot pay their bonds.
        for (uint256 who = 6; who < 9; who++) {
            vm.prank(_accounts[who]);
            _market.withdraw(type(uint128).max, 0);
        }
        bytes memory few = abi.encodeWithSelector(IOracleCommittee.OracleCommittee_TooFewEligible.selector, 3, head.shape.k());
        bytes memory seat = abi.encodeCall(IJobMarket.seat, (job.id, head, parties, _committee.roster()));
        if (head.limits.escrow() > 0) _expect(address(this), address(_market), seat, few);
        bytes memory cancelled = abi.encodeCall(IJobMarket.cancelAcceptance, ("nobody's", _accounts[2], 1));
        _expect(_accounts[3], address(_market), cancelled, abi.encodeWithSelector(IJobTypes.JobMarket_NotAccount.selector, _accounts[3], _accounts[2]));
    }

    function test_RoundsAndSignatures() public {
        Job storage job = _to(IJobTypes.State.Running);
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        IJobTypes.RoundSet memory set = _nextSet(job, head, rounds);
        uint256 k = head.shape.k();
        IJobTypes.Attestation memory signed = _attest(job, Seals.hashOf(set), k, k);
        _certifying(job, head, rounds, _with(set, 1), signed, abi.encodeWithSelector(IJobTypes.JobMarket_NotFullSet.selector, 1));
        set.round = 5;
        _certifying(job, head, rounds, set, signed, abi.encodeWithSelector(IJobTypes.JobMarket_WrongRound.selector, 5, 0));
        set.round = 0;
        signed.signers |= 1 << 20;
        _certifying(job, head, rounds, set, signed, _badSigners(signed));
        signed.signers = (1 << (k - 1)) - 1;
        _certifying(job, head, rounds, set, signed, _badSigners(signed));
        signed = IJobTypes.Attestation(3, _firstOf(signed.signatures));
        _certifying(job, head, rounds, set, signed, _badSigners(signed));
        signed.signers = 1;
        _certifying(job, head, rounds, set, signed, abi.encodeWithSelector(IJobTypes.JobMarket_TooFewSignatures.selector, 1, head.shape.m()));
        signed = IJobTypes.Attestation((1 << k) - 1, new bytes(64 * k));
        _certifying(job, head, rounds, set, signed, abi.encodeWithSelector(IJobTypes.JobMarket_BadSignature.selector, 0, address(0)));
        uint256 late = job.deadline + 1;
        vm.warp(late);
        _certifying(job, head, rounds, set, signed, abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, job.deadline));
    }

    function test_EndsOfTraining() public {
        Job storage job = _to(IJobTypes.State.Running);
        _certify(job);
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        bytes4 wrongRound = IJobTypes.JobMarket_WrongRound.selector;
        _finishing(job, head, rounds, 0, 1, abi.encodeWithSelector(wrongRound, 0, 1));
        _finishing(job, head, rounds, 2, 1, abi.encodeWithSelector(wrongRound, 2, 1));
        _finishing(job, head, rounds, 1, 3, _badResult("reason"));
        bytes4 wrongReason = IJobTypes.JobMarket_WrongReason.selector;
        _finishing(job, head, rounds, 1, 0, abi.encodeWithSelector(wrongReason, 0, 1));
        _finishing(job, head, rounds, 1, 2, abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, job.deadline + 1));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        bytes memory ready = abi.encodeCall(
            IJobMarket.ready, (job.id, head, keccak256(job.parties), committee, job.seats, keccak256(job.rounds), 0)
        );
        _expect(_accounts[0], address(_market), ready, abi.encodeWithSelector(IJobTypes.JobMarket_NotSeat.selector, job.id, _accounts[0]));
        address[] memory none = new address[](0);
        ready = abi.encodeCall(IJobMarket.ready, (job.id, head, keccak256(job.parties), committee, none, keccak256(job.rounds), 0));
        bytes memory accounts = abi.encodeWithSelector(
            IJobTypes.JobMarket_AccountsMismatch.selector, keccak256(abi.encode(none)), committee.accounts
        );
        _expect(_accounts[0], address(_market), ready, accounts);
    }

    function test_SmallerSets() public {
        Job storage job = _to(IJobTypes.State.Running, true);
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        vm.warp(job.deadline + 1);
        IJobTypes.RoundSet memory set = _nextSet(job, head, rounds);
        bytes4 notSmaller = IJobTypes.JobMarket_NotSmallerSet.selector;
        _smaller(job, head, rounds, set, abi.encodeWithSelector(notSmaller, set.bitmap, set.bitmap));
        _smaller(job, head, rounds, _with(set, 1), abi.encodeWithSelector(IJobTypes.JobMarket_CohortTooSmall.selector, 1, 2));
        _smaller(job, head, rounds, _with(set, 64), abi.encodeWithSelector(notSmaller, 64, 7));
        uint64 until = job.deadline + GRACE;
        vm.warp(until + 1);
        _smaller(job, head, rounds, _with(set, 3), abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, until));
        job = _to(IJobTypes.State.Running);
        (head, rounds) = _running(job);
        set = _nextSet(job, head, rounds);
        _smaller(job, head, rounds, _with(set, 3), abi.encodeWithSelector(IJobTypes.JobMarket_NotFullSet.selector, 3));
    }

    function test_Results() public {
        Job storage job = _to(IJobTypes.State.Finished);
        IJobTypes.JobResult memory r = _result(job);
        r.kind = 3;
        _proposing(job, r, "", "", _badResult("kind"));
        _proposing(job, _result(job), "", hex"00", _badResult("groups"));
        r = _result(job);
        (r.kind, r.scoreTotal) = (1, 1001);
        _proposing(job, r, "", "", _badResult("scoreTotal"));
        (r = _result(job)).scoreTotal = 1;
        _proposing(job, r, "", "", _badResult("scoreTotal"));
        (r = _result(job)).removed = 1;
        _proposing(job, r, "", "", _badResult("removed"));
        (r = _result(job)).ridgeTerm = 1;
        _proposing(job, r, "", "", _badResult("ridgeTerm"));
        r = _result(job);
        r.wordsHash = keccak256(hex"00");
        _proposing(job, r, hex"00", "", _badResult("words"));
        r = _result(job);
        (r.utilityEnd, r.scoreTotal) = (1, 1);
        _proposing(job, r, "", "", _badResult("scoreTotal"));
        r = _result(job);
        r.kind = 1;
        _proposing(job, r, "", "", _badResult("words"));
    }

    /// @dev Signed words of three scores, of which the result says that five units more were removed than were.
    function test_WordsThatDoNotAddUp() public {
        Job storage job = _to(IJobTypes.State.Finished);
        (, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.JobResult memory r = _result(job);
        (r.kind, r.removed, r.utilityStart) = (1, 5, -500_000_000);
        (bytes memory words, IJobTypes.Attestation memory signed) = _projected(job, terms, r);
        _expect(address(this), address(_market), _proposal(job, r.packed(), words, "", signed), _badResult("words"));
    }

    function test_TablesThatDoNotFit() public {
        Job storage job = _to(IJobTypes.State.Finished);
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        IJobTypes.JobResult memory r = _result(job);
        r.kind = 0;
        if (terms.aggregation != 0) return _proposing(job, r, "", "", _badResult("kind"));
        _proposing(job, r, "", "", _badResult("words"));
        bytes memory table = new bytes(64);
        table[7] = 0x01;
        r.wordsHash = keccak256(table);
        _proposing(job, r, table, "", _badResult("words"));
        (table[7], table[63]) = (0x00, 0x02);
        r.wordsHash = keccak256(table);
        _proposing(job, r, table, "", _badResult("scoreTotal"));
    }

    /// @dev The signature of the first seat.
    function _firstOf(bytes memory signatures) private pure returns (bytes memory first) {
        first = new bytes(64);
        for (uint256 i = 0; i < 64; i++) {
            first[i] = signatures[i];
        }
    }

    function _with(IJobTypes.RoundSet memory set, uint256 bitmap) private pure returns (IJobTypes.RoundSet memory) {
        return IJobTypes.RoundSet(set.jobId, set.round, set.stateHash, bitmap, set.dealingsRoot);
    }

    function _badSigners(IJobTypes.Attestation memory signed) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobTypes.JobMarket_BadSigners.selector, signed.signers, signed.signatures.length);
    }

    function _certifying(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.Rounds memory rounds,
        IJobTypes.RoundSet memory set,
        IJobTypes.Attestation memory signed,
        bytes memory refusal
    ) private {
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        bytes memory call = abi.encodeCall(IJobMarket.certify, (head, keccak256(job.parties), committee, rounds, set, signed));
        _expect(address(this), address(_market), call, refusal);
    }

    function _smaller(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.Rounds memory rounds,
        IJobTypes.RoundSet memory set,
        bytes memory refusal
    ) private {
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Attestation memory none;
        bytes memory call = abi.encodeCall(IJobMarket.certifySmaller, (head, parties, committee, rounds, set, none));
        _expect(address(this), address(_market), call, refusal);
    }

    function _finishing(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.Rounds memory rounds,
        uint16 round,
        uint8 reason,
        bytes memory refusal
    ) private {
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Attestation memory none;
        IJobTypes.Finish memory finish = IJobTypes.Finish(job.id, round, "state", reason);
        bytes memory call = abi.encodeCall(IJobMarket.finish, (head, keccak256(job.parties), committee, rounds, finish, none));
        _expect(address(this), address(_market), call, refusal);
    }

    /// @dev By weight: nobody's valuation.
    function _result(Job storage job) private view returns (IJobTypes.JobResult memory r) {
        (r.jobId, r.termsHash) = (job.id, abi.decode(job.head, (IJobTypes.Head)).termsHash);
        (r.kind, r.roundsDigest, r.wordsHash) = (2, job.digest, keccak256(""));
    }

    function _proposing(
        Job storage job,
        IJobTypes.JobResult memory r,
        bytes memory words,
        bytes memory groups,
        bytes memory refusal
    ) private {
        IJobTypes.Attestation memory none;
        _expect(address(this), address(_market), _proposal(job, r.packed(), words, groups, none), refusal);
    }

    function _proposal(
        Job storage job,
        IJobTypes.PackedResult memory r,
        bytes memory words,
        bytes memory groups,
        IJobTypes.Attestation memory signed
    ) private view returns (bytes memory) {
        return abi.encodeCall(
            IJobMarket.propose,
            (
                abi.decode(job.head, (IJobTypes.Head)),
                abi.decode(job.terms, (IJobTypes.JobTerms)).packed(),
                keccak256(job.parties),
                abi.decode(job.committee, (IJobTypes.Committee)),
                abi.decode(job.rounds, (IJobTypes.Rounds)),
                groups,
                r,
                words,
                signed
            )
        );
    }
}
