// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {Cheats, vm} from "../Cheats.sol";
import {Closing} from "./Closing.sol";
import {Dispute, Job} from "./Books.sol";
import {People} from "./People.sol";

/// @notice From a challenge to the panel that decides it.
abstract contract Disputing is Closing {
    /// @dev What every call about a proposal brings of its job.
    struct Brought {
        IJobTypes.Head head;
        IJobTypes.Committee committee;
        IJobTypes.Proposal proposal;
    }

    function _challenge(Job storage job, uint256 who, uint8 kind, address caller) internal {
        bytes memory data = _challengeCall(job, kind);
        vm.recordLogs();
        vm.prank(caller);
        _call(data);
        (,, uint256 bond, uint64 openUntil, uint64 deadline, uint64 round, bytes32 roster) = abi.decode(
            _logged(IDisputeTypes.JobChallenged.selector), (uint8, bytes32, uint256, uint64, uint64, uint64, bytes32)
        );
        Dispute storage dispute = job.dispute;
        if (job.state == IJobTypes.State.Proposed) {
            (dispute.openUntil, dispute.beaconRound, dispute.bond) = (openUntil, round, _bondOf(job));
            dispute.roster = abi.encode(_committee.roster());
            if (openUntil != job.deadline || deadline != openUntil + SEAT_SECONDS) _found("14: a dispute has other windows");
            if (round != _drawn.length + 1) _found("16: a dispute is bound to a round that is open already");
            (job.state, job.deadline) = (IJobTypes.State.Disputed, deadline);
        }
        if (bond != dispute.bond) _found("14: a challenge put up another bond");
        if (roster != keccak256(dispute.roster)) _found("14: a challenge changed the roster of the panel");
        if (_isSigner(job, People.groupOf(who))) _found("14: a signer's group challenged");
        dispute.challengers.push(uint8(who));
        dispute.kinds.push(kind);
        job.held += bond;
        _count("JobMarket.challenge");
    }

    function _challengeCall(Job storage job, uint8 kind) internal view returns (bytes memory) {
        Brought memory given = _bring(job);
        IJobTypes.ChallengeKind of_ = IJobTypes.ChallengeKind(kind);
        (bytes32 parties, bytes32 rounds) = (keccak256(job.parties), keccak256(job.rounds));
        return abi.encodeCall(
            _market.challenge,
            (job.id, of_, "evidence", given.head, parties, given.committee, job.seats, rounds, given.proposal)
        );
    }

    function _serveEvidence(Job storage job, uint256 seat) internal {
        Brought memory given = _bring(job);
        vm.prank(job.seats[seat]);
        _market.serveEvidence(
            job.id, given.head, keccak256(job.parties), given.committee, job.seats, keccak256(job.rounds), given.proposal
        );
        job.dispute.served |= 1 << seat;
        _count("JobMarket.serveEvidence");
    }

    function _seatSecond(Job storage job) internal {
        vm.recordLogs();
        _call(_seatSecondCall(job));
        Cheats.Log[] memory logs = vm.getRecordedLogs();
        (bytes memory data, bool seated) = _loggedIn(logs, IDisputeTypes.PanelSeated.selector);
        if (seated) {
            (IDisputeTypes.Panel memory panel, uint64 deadline) = abi.decode(data, (IDisputeTypes.Panel, uint64));
            (job.dispute.panel, job.deadline) = (abi.encode(panel), deadline);
            if (deadline != block.timestamp + VERDICT_SECONDS) _found("14: a panel has another window");
            _checkPanel(job, panel.accounts);
        } else {
            (data, seated) = _loggedIn(logs, IDisputeTypes.PanelTooSmall.selector);
            (, job.deadline) = abi.decode(data, (uint256, uint64));
            job.dispute.panelTooSmall = true;
        }
        _count(job.dispute.panelTooSmall ? "JobMarket.seatSecond tooSmall" : "JobMarket.seatSecond");
    }

    function _seatSecondCall(Job storage job) internal view returns (bytes memory) {
        Brought memory given = _bring(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IOracleCommittee.Candidate[] memory roster = abi.decode(job.dispute.roster, (IOracleCommittee.Candidate[]));
        (bytes32 rounds, bytes32 proposal) = (keccak256(job.rounds), keccak256(job.proposal));
        return abi.encodeCall(
            _market.seatSecond, (job.id, given.head, parties, given.committee, job.seats, rounds, proposal, roster)
        );
    }

    function _readySecond(Job storage job, uint256 seat) internal {
        IDisputeTypes.Panel memory panel = abi.decode(job.dispute.panel, (IDisputeTypes.Panel));
        vm.prank(panel.accounts[seat]);
        _market.readySecond(job.id, panel, "verdict");
        job.dispute.there |= 1 << seat;
        _count("JobMarket.readySecond");
    }

    /// @dev Nobody of the first committee's groups, of a challenger's, or who withheld its part of an incomplete round.
    function _checkPanel(Job storage job, address[] memory accounts) private {
        Dispute storage dispute = job.dispute;
        Round storage round = _drawn[dispute.beaconRound - 1];
        if (accounts.length > 2 * job.seats.length + 1) _found("14: a panel is too large");
        for (uint256 i = 0; i < accounts.length; i++) {
            uint256 who = _numbers[accounts[i]];
            uint32 group = People.groupOf(who);
            for (uint256 j = 0; j < job.seats.length; j++) {
                if (People.groupOf(_numbers[job.seats[j]]) == group) _found("14: a committee judges itself");
            }
            for (uint256 j = 0; j < dispute.challengers.length; j++) {
                if (People.groupOf(dispute.challengers[j]) == group) _found("14: a challenger judges");
            }
            bool withheld = (round.revealers >> who) & 1 == 0;
            if (withheld && round.revealed != round.expected) _found("14: who withheld its part of the seed judges");
        }
    }

    function _isSigner(Job storage job, uint32 group) internal view returns (bool) {
        uint256 signers = abi.decode(job.proposal, (IJobTypes.Proposal)).outcome.signers();
        for (uint256 i = 0; i < job.seats.length; i++) {
            if ((signers >> i) & 1 == 1 && People.groupOf(_numbers[job.seats[i]]) == group) return true;
        }
        return false;
    }

    /// @dev Five per cent of the escrow, or the least bond.
    function _bondOf(Job storage job) private view returns (uint256) {
        uint256 part = abi.decode(job.head, (IJobTypes.Head)).limits.escrow() / 20;
        return part > CHALLENGE_BOND ? part : CHALLENGE_BOND;
    }

    function _bring(Job storage job) internal view returns (Brought memory given) {
        given.head = abi.decode(job.head, (IJobTypes.Head));
        given.committee = abi.decode(job.committee, (IJobTypes.Committee));
        given.proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
    }

    /// @dev To the market; reverts with what it reverted with.
    function _call(bytes memory data) internal {
        (bool done, bytes memory answer) = address(_market).call(data);
        assembly ("memory-safe") {
            if iszero(done) { revert(add(answer, 0x20), mload(answer)) }
        }
    }
}
