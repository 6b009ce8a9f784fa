// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {vm} from "../Cheats.sol";
import {Dispute, Job} from "./Books.sol";
import {People} from "./People.sol";
import {Rulings} from "./Rulings.sol";

/// @notice What the fuzzer calls of a job's life, one function for each entry point of the market. Where no job is in the state for
///         it, some job takes the step that is due instead: else hardly any would ever be settled.
abstract contract JobMoves is Rulings {
    uint256 private constant MOST_OPEN = 3;
    uint256 private constant MOST_CHALLENGES = 4;
    uint256 internal _time;
    uint256 internal _height;
    uint256 internal _moves;

    /// @dev The clock goes on where the call before left it, whatever the runner does with it between calls.
    modifier move(uint256 random) {
        if (_time == 0) (_time, _height) = (block.timestamp, block.number);
        vm.warp(_time);
        vm.roll(_height);
        _moves++;
        _seed(random);
        _;
        (_time, _height) = (block.timestamp, block.number);
    }

    function post(uint256 random) external move(random) {
        if (_open() == MOST_OPEN || _market.paused()) _advance();
        else _post(_draw(People.BUYERS));
    }

    function cancel(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Open);
        if (found && _once(3)) _cancel(job);
        else _advance();
    }

    function start(uint256 random) external move(random) {
        _advance();
    }

    function seat(uint256 random) external move(random) {
        _advance();
    }

    function certify(uint256 random) external move(random) {
        _advance();
    }

    function certifySmaller(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Running);
        IJobTypes.JobTerms memory terms;
        if (found) terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        if (!found || !_mayShrink(job, terms)) return _advance();
        _toDeadline(job);
        if (block.timestamp > _endOf(job) + GRACE) _fail(job);
        else _certifySmaller(job);
    }

    function ready(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(_once(2) ? IJobTypes.State.Running : IJobTypes.State.Finished);
        if (found && block.timestamp <= _endOf(job)) _ready(job, _draw(job.seats.length));
        else _advance();
    }

    /// @dev Before all rounds are certified: where the model stopped improving, or where somebody is missing.
    function finish(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Running);
        if (!found || job.certified == 0 || _once(2)) return _advance();
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        bool absent = _once(2);
        if (absent) _toDeadline(job);
        if (block.timestamp > _endOf(job) + GRACE) return _fail(job);
        bool late = block.timestamp > _endOf(job);
        if (job.certified == terms.rounds && !late) return _finish(job, job.certified, IJobTypes.FinishReason.Complete);
        if (!late) return _finish(job, job.certified, IJobTypes.FinishReason.Plateau);
        uint16 round = job.certified == terms.rounds || (job.certified > 1 && _once(2)) ? job.certified - 1 : job.certified;
        _finish(job, round, IJobTypes.FinishReason.Absent);
    }

    function propose(uint256 random) external move(random) {
        _advance();
    }

    function settle(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Proposed);
        if (found) _advance(job);
        else _advance();
    }

    /// @dev Whatever is proposed at once; what is not due yet is passed over.
    function settleBatch(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Proposed);
        if (!found) return _advance();
        _toDeadline(job);
        _settleBatch();
    }

    /// @dev One halt, or two that are told in the wrong order.
    function recordHalt(uint256 random) external move(random) {
        if (!_once(2)) return _advance();
        (bytes memory parent, bytes memory header) = _halt(HALT_GAP + 1 + _draw(_once(3) ? 30 days : 3600));
        if (_once(3)) {
            (bytes memory laterParent, bytes memory later) = _halt(HALT_GAP + 1 + _draw(3600));
            _recordHalt(laterParent, later);
        }
        _recordHalt(parent, header);
    }

    function fail(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(_once(2) ? IJobTypes.State.Running : IJobTypes.State.Finished);
        if (!found || !_once(3)) return _advance();
        _pass(job);
        _fail(job);
    }

    function expire(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(_once(2) ? IJobTypes.State.Open : IJobTypes.State.Seating);
        if (!found || !_once(3)) return _advance();
        _pass(job);
        _expire(job);
    }

    function _advance() internal {
        uint256 open = _open();
        if (open == 0) return _post(_draw(People.BUYERS));
        uint256 number = _draw(open);
        for (uint256 i = 0; i < _jobs.length; i++) {
            if (_jobs[i].slotWhenClosed != 0) continue;
            if (number == 0) return _advance(_jobs[i]);
            number--;
        }
    }

    /// @dev The step that is due, or the way out once it is too late.
    function _advance(Job storage job) internal {
        IJobTypes.State state = job.state;
        if (state == IJobTypes.State.Proposed) {
            if (_once(2) && _dispute(job)) return;
            _toDeadline(job);
            return _settle(job);
        }
        if (state == IJobTypes.State.Disputed) return _advanceDispute(job);
        if (block.timestamp > _endOf(job)) return _leave(job, state);
        // What its terms name may be gone: then the buyer gives up.
        if (state == IJobTypes.State.Open) return _once(10) ? _cancel(job) : _start(job);
        if (state == IJobTypes.State.Seating) return _advanceDraw(job);
        if (state == IJobTypes.State.Finished) return _proposeAny(job);
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        if (_mayShrink(job, terms) && _once(4)) {
            _toDeadline(job);
            return _certifySmaller(job);
        }
        if (job.certified < terms.rounds) return _certify(job);
        _finish(job, job.certified, IJobTypes.FinishReason.Complete);
    }

    /// @dev A round of the beacon for it, what belongs to it, the committee; nobody can be seated from a lost one.
    function _advanceDraw(Job storage job) private {
        uint256 round = abi.decode(job.parties, (IJobTypes.Parties)).bounds.beaconRound();
        if (_drawn.length < round) return _open(job);
        if (!_isClosed(round)) return _revealAll();
        if (!_isLost(round)) return _seat(job);
        _leave(job, IJobTypes.State.Seating);
    }

    /// @dev Opened for this job and, half of the time, revealed for at once.
    function _open(Job storage job) private {
        if (job.state == IJobTypes.State.Seating) job.drew = true;
        else job.drewSecond = true;
        _openRound(job);
        if (_once(2)) _revealAll();
    }

    /// @dev A challenge by who may: of the seats, who did not sign; of all others everybody. False when there is none in time.
    function _dispute(Job storage job) internal returns (bool) {
        bool open = job.state == IJobTypes.State.Proposed;
        uint256 end = open ? job.deadline : job.dispute.openUntil;
        if (block.timestamp > _moved(end, CHALLENGE_SECONDS) || job.dispute.kinds.length == MOST_CHALLENGES) return false;
        uint256 who = _once(3) ? People.FIRST_ORACLE + _draw(People.ORACLES) : _draw(People.FIRST_ORACLE);
        if (_isSigner(job, People.groupOf(who))) return false;
        address caller = _once(3) ? _registry.profileOf(_accounts[who]).operator : _accounts[who];
        uint8 kind = _once(2) ? uint8(IJobTypes.ChallengeKind.Withheld) : uint8(_draw(5));
        _challenge(job, who, kind, caller);
        return true;
    }

    /// @dev Its panel's draw, seats and verdict, or the way out where there is none.
    function _advanceDispute(Job storage job) private {
        Dispute storage dispute = job.dispute;
        if (dispute.panelTooSmall || block.timestamp > _endOf(job) || _once(12)) {
            _pass(job);
            return _undecided(job);
        }
        if (dispute.panel.length > 0) return _once(3) ? _readyPanel(job) : _resolve(job, _ruling());
        if (_once(3)) return _serveSome(job);
        if (_drawn.length < dispute.beaconRound) return _open(job);
        if (!_isClosed(dispute.beaconRound)) return _revealAll();
        uint256 openUntil = _moved(dispute.openUntil, CHALLENGE_SECONDS);
        if (block.timestamp <= openUntil) vm.warp(openUntil + 1);
        if (!_isLost(dispute.beaconRound)) return _seatSecond(job);
        _pass(job);
        _undecided(job);
    }

    /// @dev Seats of the panel that have a verdict say so.
    function _readyPanel(Job storage job) private {
        uint256 seats = abi.decode(job.dispute.panel, (IDisputeTypes.Panel)).accounts.length;
        for (uint256 i = 0; i < seats; i++) {
            if (_once(2)) _readySecond(job, i);
        }
    }

    function _serveSome(Job storage job) private {
        for (uint256 i = 0; i < job.seats.length; i++) {
            if (!_once(4)) _serveEvidence(job, i);
        }
    }

    /// @dev No panel decided in time: the adjudicator does, or nobody.
    function _undecided(Job storage job) internal {
        uint256 end = _adjudicatedUntil(job);
        if (block.timestamp <= end && !_once(3)) return _adjudicate(job, _ruling());
        if (block.timestamp <= end + GRACE) vm.warp(end + GRACE + 1);
        _closeDispute(job);
    }

    function _adjudicatedUntil(Job storage job) internal view returns (uint256) {
        return _moved(_endOf(job) + GRACE + ADJUDICATION_SECONDS, ADJUDICATION_SECONDS);
    }

    function _ruling() private returns (IDisputeTypes.Ruling) {
        return IDisputeTypes.Ruling(1 + _draw(3));
    }

    /// @dev A part of three is still a cohort; a part of two is not.
    function _mayShrink(Job storage job, IJobTypes.JobTerms memory terms) private view returns (bool) {
        return terms.noiseMilli != 0 && terms.assets.length == 3 && job.certified == 0;
    }

    function _proposeAny(Job storage job) private {
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        if (_once(6)) return _propose(job, uint256(IJobTypes.ResultKind.ByWeight));
        bool exact = terms.aggregation == uint8(IJobTypes.Aggregation.Clear) && !_once(4);
        _propose(job, uint256(exact ? IJobTypes.ResultKind.Exact : IJobTypes.ResultKind.Projected));
    }

    function _leave(Job storage job, IJobTypes.State state) private {
        _pass(job);
        if (state == IJobTypes.State.Open || state == IJobTypes.State.Seating) _expire(job);
        else _fail(job);
    }

    function _toDeadline(Job storage job) internal {
        uint256 end = _endOf(job);
        if (block.timestamp <= end) vm.warp(end + 1);
    }

    function _pass(Job storage job) internal {
        uint256 end = _endOf(job) + GRACE;
        if (block.timestamp <= end) vm.warp(end + 1);
    }

    function _open() internal view returns (uint256 open) {
        for (uint256 i = 0; i < _jobs.length; i++) {
            if (_jobs[i].slotWhenClosed == 0) open++;
        }
    }

    /// @dev One of the jobs in that state.
    function _in(IJobTypes.State state) internal returns (Job storage job, bool found) {
        uint256 n = _jobs.length;
        uint256 first = n == 0 ? 0 : _draw(n);
        for (uint256 i = 0; i < n; i++) {
            job = _jobs[(first + i) % n];
            if (job.state == state) return (job, true);
        }
        assembly ("memory-safe") {
            job.slot := 0
        }
    }
}
