// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Disputed} from "./Disputed.sol";

/// @notice How a dispute ends: by the second committee, the adjudicator or nobody; all that was held for the job is paid out.
contract VerdictsTest is Disputed {
    IJobTypes.ChallengeKind private constant VALUATION = IJobTypes.ChallengeKind.Valuation;
    int64 private constant GAIN = 100_000_000;

    function setUp() public {
        _moreOracles(7);
    }

    function test_VerdictsThatDoNotCount() public {
        Job storage job = _dispute(VALUATION);
        IDisputeTypes.Verdict memory v = _verdict(job, IDisputeTypes.Ruling.Upheld);
        bytes memory noPanel = abi.encodeWithSelector(IDisputeTypes.JobMarket_NoPanel.selector, job.id);
        _expect(address(this), address(_market), _resolveCall(job, v, "", 0), noPanel);
        _seatSecond(job);
        uint256 needed = _panel().accounts.length / 2 + 1;
        bytes memory few = abi.encodeWithSelector(IJobTypes.JobMarket_TooFewSignatures.selector, needed - 1, needed);
        _expect(address(this), address(_market), _resolveCall(job, v, "", needed - 1), few);
        v.proposalHash = "another";
        _badVerdict(job, v, "proposalHash");
        v = _verdict(job, IDisputeTypes.Ruling.Upheld);
        v.result.jobId = "another";
        _badVerdict(job, v, "jobId");
        _badVerdict(job, _verdict(job, IDisputeTypes.Ruling.Undecided), "ruling");
        (v = _verdict(job, IDisputeTypes.Ruling.Upheld)).ruling = 4;
        _badVerdict(job, v, "ruling");
        vm.warp(_panelUntil + 1);
        bytes memory late = abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, _panelUntil);
        _expect(address(this), address(_market), _resolveCall(job, v, "", needed), late);
    }

    function test_AnUpheldResultIsSettledAndCostsTheChallengerItsBond() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        uint256 before = _stakesOfSeats(job);
        vm.recordLogs();
        _resolve(job, _verdict(job, IDisputeTypes.Ruling.Upheld), "");
        (uint8 ruling, uint256 penalised, uint256 refunded) = _closing();
        require(ruling == 1 && penalised == 0 && refunded == 0, "a bond came back");
        require(_stateOf(job) == IJobTypes.State.Settled, "not settled");
        require(_stakesOfSeats(job) == before, "slashed for a result that stands");
    }

    function test_SignersThatWithheldPayThoughTheirResultStands() public {
        Job storage job = _dispute(IJobTypes.ChallengeKind.Withheld);
        uint256 signers = abi.decode(job.proposal, (IJobTypes.Proposal)).outcome.signers();
        for (uint256 i = 1; i < job.seats.length; i++) {
            _done(job.seats[i], _serveCall(job));
        }
        _seatSecond(job);
        vm.recordLogs();
        _resolve(job, _verdict(job, IDisputeTypes.Ruling.Upheld), "");
        (, uint256 penalised, uint256 refunded) = _closing();
        require(penalised == signers & 1 && refunded == penalised, "not who withheld");
        require(_stateOf(job) == IJobTypes.State.Settled, "not settled");
    }

    function test_AnOverturnedResultIsSettledByThePanels() public {
        for (uint8 kind = 0; kind < 3; kind++) {
            Job storage job = _dispute(VALUATION);
            _seatSecond(job);
            (int64 gain, bytes memory words) = kind == 0 ? _table() : kind == 1 ? (GAIN, _scores(GAIN)) : (int64(0), bytes(""));
            IDisputeTypes.Verdict memory v = _overturning(job, IJobTypes.ResultKind(kind), gain, words);
            uint256 before = _stakesOfSeats(job);
            vm.recordLogs();
            _resolve(job, v, words);
            (uint8 ruling, uint256 penalised, uint256 refunded) = _closing();
            require(ruling == 2 && penalised != 0 && refunded == 1, "not overturned");
            require(_stateOf(job) == IJobTypes.State.Settled, "not settled");
            require(_stakesOfSeats(job) < before, "liars keep their stakes");
            _unslashed(job);
        }
    }

    function test_ScoresOfThePanelThatDoNotFit() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        bytes memory words = _scores(GAIN);
        IDisputeTypes.Verdict memory v = _overturning(job, IJobTypes.ResultKind.Projected, GAIN, words);
        v.result.ridgeTerm = 1;
        _refusedVerdict(job, v, words, _badResult("ridgeTerm"));
        v = _overturning(job, IJobTypes.ResultKind.Projected, GAIN, hex"00");
        _refusedVerdict(job, v, hex"00", _badResult("words"));
        v = _overturning(job, IJobTypes.ResultKind.Projected, GAIN, words);
        v.result.removed = 4;
        _refusedVerdict(job, v, words, _badResult("words"));
        v.result.removed = 3;
        _resolve(job, v, words);
    }

    function test_WhereNothingCanBeValuedTheJobFailsAndTheSignersPay() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        vm.recordLogs();
        _resolve(job, _verdict(job, IDisputeTypes.Ruling.NothingValued), "");
        (uint8 ruling,, uint256 refunded) = _closing();
        require(ruling == 3 && refunded == 1, "the challenger was right");
        require(_stateOf(job) == IJobTypes.State.Failed, "not failed");
    }

    function test_TheAdjudicatorDecidesAfterThePanelsTimeAndWithinItsOwn() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        IDisputeTypes.Verdict memory v = _verdict(job, IDisputeTypes.Ruling.Upheld);
        bytes memory call = abi.encodeCall(IJobMarket.adjudicate, (job.id, _disputed(job), _panel(), v, ""));
        address nobody = _accounts[0];
        bytes memory role = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, nobody);
        _expect(nobody, address(_market), call, role);
        bytes memory early = abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, _panelUntil + GRACE + 1);
        _expect(address(this), address(_market), call, early);
        uint64 until = _panelUntil + GRACE + 1 days;
        vm.warp(until + 1);
        _expect(address(this), address(_market), call, abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, until));
        vm.warp(until);
        uint256 atStake = _committee.stakeOf(_panel().accounts[0]);
        _closes(job, address(this), call);
        require(_committee.stakeOf(_panel().accounts[0]) == atStake - atStake / 10, "a silent panel keeps its stake");
    }

    /// @dev Nobody's scores are positive: what is paid is the base by weight, without incentives. The signers' fee is nobody's.
    function test_TheAdjudicatorOverturnsWithoutAGain() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        bytes memory zeros = new bytes(64);
        IDisputeTypes.Verdict memory v = _overturning(job, IJobTypes.ResultKind.Exact, 0, zeros);
        vm.warp(_panelUntil + GRACE + 1);
        vm.recordLogs();
        _closes(job, address(this), abi.encodeCall(IJobMarket.adjudicate, (job.id, _disputed(job), _panel(), v, zeros)));
        (uint8 ruling, uint256 penalised, uint256 refunded) = _closing();
        require(ruling == 2 && penalised != 0 && refunded == 1, "not overturned");
        require(_market.creditOf(_accounts[People.FIRST_BANK]).incentive == 0, "incentives for nothing");
    }

    function test_ADisputeThatNobodyDecidesIsClosedByAnyone() public {
        Job storage job = _dispute(VALUATION);
        _seatSecond(job);
        vm.prank(_panel().accounts[0]);
        _market.readySecond(job.id, _panel(), "there");
        bytes memory call = abi.encodeCall(IJobMarket.closeDispute, (job.id, _disputed(job), _panel()));
        uint64 until = _panelUntil + GRACE + 1 days + GRACE;
        vm.warp(until);
        bytes memory early = abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, until + 1);
        _expect(_accounts[People.STRANGER], address(_market), call, early);
        vm.warp(until + 1);
        uint256 there = _committee.stakeOf(_panel().accounts[0]);
        uint256 silent = _committee.stakeOf(_panel().accounts[1]);
        vm.recordLogs();
        _closes(job, _accounts[People.STRANGER], call);
        (uint8 ruling, uint256 penalised, uint256 refunded) = _closing();
        require(ruling == 0 && penalised == 0 && refunded == 1, "somebody lost a bond");
        require(_committee.stakeOf(_panel().accounts[0]) == there, "slashed though it was there");
        require(_committee.stakeOf(_panel().accounts[1]) == silent - silent / 10, "silent for nothing");
    }

    function test_ADisputeWithoutAPanelIsClosedByAnyone() public {
        Job storage job = _dispute(VALUATION);
        vm.warp(uint256(_openUntil) + SEAT_SECONDS + 2 * GRACE + 1 days + 1);
        _closes(job, address(this), abi.encodeCall(IJobMarket.closeDispute, (job.id, _disputed(job), _panel())));
        require(_stateOf(job) == IJobTypes.State.Settled, "not settled");
    }

    function _badVerdict(Job storage job, IDisputeTypes.Verdict memory v, string memory field) private {
        _refusedVerdict(job, v, "", abi.encodeWithSelector(IDisputeTypes.JobMarket_BadVerdict.selector, field));
    }

    function _refusedVerdict(Job storage job, IDisputeTypes.Verdict memory v, bytes memory words, bytes memory refusal) private {
        uint256 all = _panel().accounts.length;
        _expect(address(this), address(_market), _resolveCall(job, v, words, all), refusal);
    }

    /// @dev Of the dispute that was closed last.
    function _closing() private returns (uint8 ruling, uint256 penalised, uint256 refunded) {
        (ruling,, penalised,,,, refunded) = abi.decode(
            _logged(IDisputeTypes.DisputeClosed.selector), (uint8, uint256, uint256, uint128[], uint128, uint128, uint256)
        );
    }

    /// @dev Three contributors of whom the last brings everything.
    function _table() private pure returns (int64, bytes memory words) {
        for (uint256 mask = 0; mask < 8; mask++) {
            words = bytes.concat(words, bytes8(uint64(mask & 4 == 0 ? int64(0) : GAIN)));
        }
        return (GAIN, words);
    }

    function _scores(int64 gain) private pure returns (bytes memory) {
        return abi.encodePacked(gain / 2, int64(0), gain - gain / 2);
    }

    function _stakesOfSeats(Job storage job) private view returns (uint256 sum) {
        for (uint256 i = 0; i < job.seats.length; i++) {
            sum += _committee.stakeOf(job.seats[i]);
        }
    }

    /// @dev Who was slashed stakes again: the next job needs its committee.
    function _unslashed(Job storage job) private {
        for (uint256 i = 0; i < job.seats.length; i++) {
            address seat = job.seats[i];
            _incentive.transfer(seat, MINIMUM_STAKE);
            vm.prank(seat);
            _committee.stake(MINIMUM_STAKE);
        }
    }
}
