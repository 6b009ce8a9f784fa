// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {vm} from "../Cheats.sol";
import {Job} from "./Books.sol";
import {Closing} from "./Closing.sol";
import {People} from "./People.sol";

/// @notice What the fuzzer calls of a job's life, one function for each entry point of the market. Where no job is in the state for
///         it, some job takes the step that is due instead: else hardly any would ever be settled.
abstract contract JobMoves is Closing {
    uint256 private constant MOST_OPEN = 3;
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
        if (!found || terms.noiseMilli == 0 || terms.assets.length < 3 || job.certified > 0) return _advance();
        _toDeadline(job);
        if (block.timestamp > job.deadline + GRACE) _fail(job);
        else _certifySmaller(job);
    }

    function ready(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(_once(2) ? IJobTypes.State.Running : IJobTypes.State.Finished);
        if (found && block.timestamp <= job.deadline) _ready(job, _draw(job.seats.length));
        else _advance();
    }

    /// @dev Before all rounds are certified: where the model stopped improving, or where somebody is missing.
    function finish(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Running);
        if (!found || job.certified == 0 || _once(2)) return _advance();
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        bool absent = _once(2);
        if (absent) _toDeadline(job);
        if (block.timestamp > job.deadline + GRACE) return _fail(job);
        bool late = block.timestamp > job.deadline;
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
            _toDeadline(job);
            return _settle(job);
        }
        if (block.timestamp > job.deadline) return _leave(job, state);
        // What its terms name may be gone: then the buyer gives up.
        if (state == IJobTypes.State.Open) return _once(10) ? _cancel(job) : _start(job);
        if (state == IJobTypes.State.Seating) return _seat(job);
        if (state == IJobTypes.State.Finished) return _proposeAny(job);
        IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
        if (job.certified < terms.rounds) return _certify(job);
        _finish(job, job.certified, IJobTypes.FinishReason.Complete);
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

    function _toDeadline(Job storage job) private {
        if (block.timestamp <= job.deadline) vm.warp(job.deadline + 1);
    }

    function _pass(Job storage job) private {
        if (block.timestamp <= job.deadline + GRACE) vm.warp(job.deadline + GRACE + 1);
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
