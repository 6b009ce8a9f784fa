// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Disputed} from "./Disputed.sol";

/// @notice From a challenge to the committee that decides it: who may, when, and what is refused.
abstract contract ChallengesRefused is Disputed {
    IJobTypes.ChallengeKind private constant VALUATION = IJobTypes.ChallengeKind.Valuation;

    function test_WhoMayNotChallenge() public {
        Job storage job = _to(IJobTypes.State.Proposed);
        bytes memory call = _challengeCall(job, VALUATION);
        address stranger = _accounts[People.STRANGER];
        _expect(stranger, address(_market), call, abi.encodeWithSelector(IJobTypes.JobMarket_NotActive.selector, stranger));
        (address signer, uint32 group) = _signer(job);
        _expect(signer, address(_market), call, abi.encodeWithSelector(IJobTypes.JobMarket_Conflict.selector, signer, group));
        address bank = _accounts[People.FIRST_BANK];
        uint256 bond = _bondOf(job);
        vm.prank(bank);
        _market.withdraw(type(uint128).max, 0);
        bytes memory poor = abi.encodeWithSelector(IEscrow.Escrow_BalanceTooSmall.selector, bank, 0, bond);
        _expect(bank, address(_market), call, poor);
        vm.warp(job.deadline + 1);
        bytes memory late = abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, job.deadline);
        _expect(_accounts[job.buyer], address(_market), call, late);
    }

    function test_AnOperatorChallengesForItsAccountAndOthersJoinUntilThePlacesAreTaken() public {
        Job storage job = _to(IJobTypes.State.Proposed);
        address bank = _accounts[People.FIRST_BANK + 1];
        uint128 before = _market.creditOf(bank).stable;
        _challenge(job, VALUATION, People.profileOf(People.FIRST_BANK + 1).operator);
        require(before - _market.creditOf(bank).stable == _bondOf(job), "the bond is not the account's");
        require(_stateOf(job) == IJobTypes.State.Disputed, "not disputed");
        for (uint256 i = 1; i < 16; i++) {
            _challenge(job, VALUATION, _accounts[job.buyer]);
        }
        bytes memory full = abi.encodeWithSelector(IDisputeTypes.JobMarket_TooManyChallenges.selector, job.id, 16);
        _expect(_accounts[job.buyer], address(_market), _challengeCall(job, VALUATION), full);
        job.rounds = "other rounds";
        bytes memory other = abi.encodeWithSelector(IJobTypes.JobMarket_PartsMismatch.selector, job.id);
        _expect(_accounts[job.buyer], address(_market), _challengeCall(job, VALUATION), other);
    }

    function test_TheEvidenceIsServedBySeatsAndInTime() public {
        Job storage job = _dispute(IJobTypes.ChallengeKind.Withheld);
        bytes memory notSeat = abi.encodeWithSelector(IJobTypes.JobMarket_NotSeat.selector, job.id, _accounts[0]);
        _expect(_accounts[0], address(_market), _serveCall(job), notSeat);
        vm.recordLogs();
        _done(_seats(job).operators[2], _serveCall(job));
        (uint8 seat,) = abi.decode(_logged(IDisputeTypes.EvidenceServed.selector), (uint8, bytes32));
        require(seat == 2, "another seat served");
        uint64 until = _openUntil + SEAT_SECONDS;
        vm.warp(until + 1);
        bytes memory late = abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, until);
        _expect(job.seats[0], address(_market), _serveCall(job), late);
    }

    function test_ThePanelIsDrawnOnceFromItsRosterBetweenTwoWindows() public {
        _moreOracles(7);
        Job storage job = _dispute(VALUATION);
        bytes memory call = _seatSecondCall(job, _panelRoster);
        vm.roll(block.number + 2);
        bytes memory early = abi.encodeWithSelector(IJobTypes.JobMarket_TooEarly.selector, job.id, _openUntil + 1);
        _expect(address(this), address(_market), call, early);
        vm.warp(_openUntil + 1);
        IOracleCommittee.Candidate[] memory none = new IOracleCommittee.Candidate[](0);
        bytes memory other = abi.encodeWithSelector(
            IOracleCommittee.OracleCommittee_RosterMismatch.selector, keccak256(abi.encode(none)), keccak256(_panelRoster)
        );
        _expect(address(this), address(_market), _seatSecondCall(job, abi.encode(none)), other);
        _seatSecond(job);
        _expect(address(this), address(_market), call, abi.encodeWithSelector(IDisputeTypes.JobMarket_PanelSeated.selector, job.id));
        _apart(job);
    }

    function test_AChallengerDoesNotJudge() public {
        _moreOracles(9);
        Job storage job = _to(IJobTypes.State.Proposed);
        address oracle = _moreAccount(20);
        uint256 bond = _bondOf(job);
        vm.prank(_appointed(ISSUER));
        _stable.mint(oracle, bond, _reference());
        vm.prank(oracle);
        _stable.approve(address(_market), bond);
        vm.prank(oracle);
        _market.deposit(uint128(bond));
        _challenge(job, VALUATION, oracle);
        _seatSecond(job);
        address[] memory panel = _panel().accounts;
        for (uint256 i = 0; i < panel.length; i++) {
            require(panel[i] != oracle, "it judges its own challenge");
        }
    }

    function test_ThePanelIsNotDrawnTooLate() public {
        Job storage job = _dispute(VALUATION);
        vm.roll(block.number + 2);
        vm.warp(_openUntil + SEAT_SECONDS + 1);
        bytes memory late = abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, _openUntil + SEAT_SECONDS);
        _expect(address(this), address(_market), _seatSecondCall(job, _panelRoster), late);
    }

    function test_TooFewForAPanelLeaveItToTheAdjudicator() public {
        Job storage job = _dispute(VALUATION);
        vm.roll(block.number + 2);
        vm.warp(_openUntil + 1);
        vm.recordLogs();
        _done(address(this), _seatSecondCall(job, _panelRoster));
        (uint256 seated, uint64 deadline) = abi.decode(_logged(IDisputeTypes.PanelTooSmall.selector), (uint256, uint64));
        require(seated < _head(job).shape.k() && deadline == block.timestamp, "a panel of too few");
        IDisputeTypes.Verdict memory v = _verdict(job, IDisputeTypes.Ruling.Upheld);
        vm.warp(block.timestamp + GRACE + 1);
        bytes memory call = abi.encodeCall(IJobMarket.adjudicate, (job.id, _disputed(job), _panel(), v, ""));
        _closes(job, address(this), call);
        require(_stateOf(job) == IJobTypes.State.Settled, "not settled");
    }

    function test_SeatsOfThePanelSayThatTheyAreThere() public {
        _moreOracles(7);
        Job storage job = _dispute(VALUATION);
        address who = _accounts[0];
        _readySecond(job, who, abi.encodeWithSelector(IDisputeTypes.JobMarket_NoPanel.selector, job.id));
        _seatSecond(job);
        _readySecond(job, who, abi.encodeWithSelector(IJobTypes.JobMarket_NotSeat.selector, job.id, who));
        IDisputeTypes.Panel memory panel = _panel();
        vm.recordLogs();
        _done(panel.operators[3], abi.encodeCall(IJobMarket.readySecond, (job.id, panel, "mine")));
        (uint8 seat, bytes32 digest) = abi.decode(_logged(IDisputeTypes.PanelReady.selector), (uint8, bytes32));
        require(seat == 3 && digest == "mine", "another seat is there");
        panel.accounts[0] = who;
        bytes memory other = abi.encodeWithSelector(
            IDisputeTypes.JobMarket_PanelMismatch.selector, keccak256(abi.encode(panel)), keccak256(_panelSeated)
        );
        _expect(who, address(_market), abi.encodeCall(IJobMarket.readySecond, (job.id, panel, "")), other);
        vm.warp(_panelUntil + 1);
        _readySecond(job, _panel().accounts[0], abi.encodeWithSelector(IJobTypes.JobMarket_TooLate.selector, job.id, _panelUntil));
        _resolveNothing(job);
    }

    /// @dev A closed job has no panel to be ready in.
    function _resolveNothing(Job storage job) private {
        vm.warp(_panelUntil);
        _resolve(job, _verdict(job, IDisputeTypes.Ruling.NothingValued), "");
        bytes memory closed = abi.encodeWithSelector(
            IJobTypes.JobMarket_WrongState.selector, job.id, IJobTypes.State.Failed, IJobTypes.State.Disputed
        );
        _readySecond(job, _panel().accounts[0], closed);
    }

    function _readySecond(Job storage job, address who, bytes memory refusal) private {
        _expect(who, address(_market), abi.encodeCall(IJobMarket.readySecond, (job.id, _panel(), "")), refusal);
    }

    /// @dev Nobody sits in both committees, nor twice in the second.
    function _apart(Job storage job) private view {
        address[] memory panel = _panel().accounts;
        require(panel.length >= _head(job).shape.k(), "a panel of too few");
        for (uint256 i = 0; i < panel.length; i++) {
            for (uint256 j = 0; j < job.seats.length; j++) {
                require(panel[i] != job.seats[j], "a judge of its own result");
            }
            for (uint256 j = 0; j < i; j++) {
                require(panel[i] != panel[j], "a judge twice");
            }
        }
    }

    /// @dev The first seat that signed the proposal.
    function _signer(Job storage job) private view returns (address signer, uint32 group) {
        uint256 signers = abi.decode(job.proposal, (IJobTypes.Proposal)).outcome.signers();
        uint256 seat = 0;
        while ((signers >> seat) & 1 == 0) seat++;
        signer = job.seats[seat];
        group = _registry.profileOf(signer).group;
    }
}
