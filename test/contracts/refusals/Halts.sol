// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {HeaderHarness} from "../harness/HeaderHarness.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {Walk} from "./Walk.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice Halts of the chain: what proves one, and which windows end later for it.
abstract contract HaltsRefused is Walk {
    using TermsPacking for IJobTypes.JobTerms;

    uint256 private constant HALT_GAP = 120;
    uint256 private constant LENGTH = 5000;

    function test_BytesThatAreNoHeader() public {
        HeaderHarness reader = new HeaderHarness();
        bytes[11] memory wrong = [
            bytes(""), hex"05", hex"c180ff", hex"c0", hex"c1c0", hex"c180", hex"c1a0", hex"fc0000000000", hex"f9", hex"83",
            _header(0, hex"89ffffffffffffffffff", 1)
        ];
        for (uint256 i = 0; i < wrong.length; i++) {
            (bool well,,,) = reader.read(wrong[i]);
            require(!well, "read as a header");
        }
        (bool right, bytes32 parent, uint256 number, uint256 time) = reader.read(_header("parent", _integer(7), 9));
        require(right && parent == "parent" && number == 7 && time == 9, "not read");
        (right,, number, time) = reader.read(_header("parent", _integer(0), 1e9));
        require(right && number == 0 && time == 1e9, "not read");
    }

    function test_WhatProvesNoHalt() public {
        uint256 now_ = block.timestamp;
        (bytes memory parent, bytes memory header) = _halt(now_, now_ + LENGTH);
        _refused(parent, "", _badHeader("header"));
        _refused(parent, _header(keccak256(parent), _integer(block.number - 1), now_ + LENGTH + 1), _badHeader("blockhash"));
        _refused(parent, _header(keccak256(parent), _integer(block.number + 1), now_), _badHeader("blockhash"));
        _refused(header, header, _badHeader("parentHash"));
        bytes memory orphan = _header(keccak256(hex"00"), _integer(block.number - 1), now_);
        vm.setBlockhash(block.number - 1, keccak256(orphan));
        _refused(hex"00", orphan, _badHeader("parentHeader"));
        (parent, header) = _halt(now_, now_ + HALT_GAP);
        _refused(parent, header, abi.encodeWithSelector(IDisputeTypes.JobMarket_NoHalt.selector, HALT_GAP, HALT_GAP + 1));
    }

    function test_HaltsAreToldInAnyOrderAndOnce() public {
        uint256 now_ = block.timestamp;
        (bytes memory first, bytes memory firstHeader) = _halt(now_, now_ + LENGTH);
        _record(now_ + 2 * LENGTH, now_ + 3 * LENGTH);
        vm.setBlockhash(block.number - 1, keccak256(firstHeader));
        _market.recordHalt(first, firstHeader);
        _refused(first, firstHeader, abi.encodeWithSelector(IDisputeTypes.JobMarket_HaltKnown.selector, now_));
        _record(now_ + 4 * LENGTH, now_ + 5 * LENGTH);
        // A window that all three fell into ends later by each of them.
        Job storage job = _to(IJobTypes.State.Open);
        uint256 until = job.deadline + 3 * LENGTH;
        vm.warp(until + 1);
        _late(job, _startCall(job), uint64(until));
        vm.warp(until);
        _start(job);
    }

    function test_AStepIsInTimeWhereAHaltTookFromItsWindow() public {
        Job storage job = _to(IJobTypes.State.Open);
        _halted(job, _startCall(job));
        _start(job);
        vm.roll(block.number + 2);
        bytes memory roster = job.roster;
        bytes memory seat = abi.encodeCall(
            IJobMarket.seat,
            (
                job.id,
                abi.decode(job.head, (IJobTypes.Head)),
                abi.decode(job.parties, (IJobTypes.Parties)),
                abi.decode(roster, (IOracleCommittee.Candidate[]))
            )
        );
        _halted(job, seat);
        _seat(job);
        _certify(job);
        _halted(job, "");
        _finish(job, 1, IJobTypes.FinishReason.Plateau);
        _halted(job, "");
        _propose(job, uint256(IJobTypes.ResultKind.Exact));
        uint256 deadline = job.deadline;
        _record(block.timestamp, block.timestamp + LENGTH);
        vm.warp(deadline + LENGTH);
        bytes memory early = abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, deadline + LENGTH + 1);
        _expect(address(this), address(_market), _settleCall(job), early);
        vm.warp(deadline + LENGTH + 1);
        _settle(job);
    }

    function test_AHaltAfterAWindowMovesNothing() public {
        Job storage job = _to(IJobTypes.State.Open);
        vm.warp(job.deadline + 1);
        _record(block.timestamp, block.timestamp + LENGTH);
        _late(job, _startCall(job), job.deadline);
    }

    function test_TrainingDoesNotEndTooLate() public {
        Job storage job = _to(IJobTypes.State.Running);
        _certify(job);
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        IJobTypes.Attestation memory none;
        IJobTypes.Finish memory finish = IJobTypes.Finish(job.id, 1, "state", uint8(IJobTypes.FinishReason.Plateau));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        vm.warp(job.deadline + 1);
        bytes memory call = abi.encodeCall(IJobMarket.finish, (head, keccak256(job.parties), committee, rounds, finish, none));
        _late(job, call, job.deadline);
    }

    /// @dev The window of the step that is due is halted; past its end `call` is refused, and the clock stands at the end.
    function _halted(Job storage job, bytes memory call) private {
        uint256 deadline = job.deadline;
        _record(block.timestamp, block.timestamp + LENGTH);
        if (call.length != 0) {
            vm.warp(deadline + LENGTH + 1);
            _late(job, call, uint64(deadline + LENGTH));
        }
        vm.warp(deadline + LENGTH);
    }

    function _late(Job storage job, bytes memory call, uint64 deadline) private {
        _expect(address(this), address(_market), call, abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, deadline));
    }

    function _record(uint256 from, uint256 until) private {
        (bytes memory parent, bytes memory header) = _halt(from, until);
        vm.recordLogs();
        _market.recordHalt(parent, header);
        (uint64 told, uint64 end,) = abi.decode(_logged(IDisputeTypes.HaltRecorded.selector), (uint64, uint64, uint64));
        require(told == from && end == until, "another halt");
    }

    /// @dev Two headers, the second of which the chain knows as its last block's.
    function _halt(uint256 from, uint256 until) private returns (bytes memory parent, bytes memory header) {
        parent = _header(bytes32(from), _integer(block.number - 2), from);
        header = _header(keccak256(parent), _integer(block.number - 1), until);
        vm.setBlockhash(block.number - 1, keccak256(header));
    }

    function _refused(bytes memory parent, bytes memory header, bytes memory refusal) private {
        _expect(address(this), address(_market), abi.encodeCall(IJobMarket.recordHalt, (parent, header)), refusal);
    }

    function _startCall(Job storage job) private view returns (bytes memory) {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.SignedAcceptance[] memory list = _acceptances(job, head.termsHash, terms);
        return abi.encodeCall(IJobMarket.start, (job.id, head, terms.packed(), _listingsOf(job), list));
    }

    function _settleCall(Job storage job) private view returns (bytes memory) {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        return abi.encodeCall(IJobMarket.settle, (job.id, head, terms.packed(), parties, committee, job.seats, rounds, proposal));
    }

    function _badHeader(string memory field) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeTypes.JobMarket_BadHeader.selector, field);
    }

    /// @dev RLP of thirteen fields, of which 0, 8 and 11 matter; the last one makes it as long as headers are.
    function _header(bytes32 parentHash, bytes memory number, uint256 time) private pure returns (bytes memory) {
        bytes memory fields = bytes.concat(hex"a0", parentHash, hex"80808080808080", number, hex"8080", _integer(time));
        fields = bytes.concat(fields, hex"a0", bytes32("extra"));
        return bytes.concat(hex"f8", bytes1(uint8(fields.length)), fields);
    }

    function _integer(uint256 value) private pure returns (bytes memory) {
        if (value == 0) return hex"80";
        return value < 0x80 ? abi.encodePacked(uint8(value)) : abi.encodePacked(hex"88", uint64(value));
    }
}
