// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {vm} from "../Cheats.sol";
import {Dispute, Job} from "./Books.sol";
import {JobMoves} from "./JobMoves.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";

/// @notice What the fuzzer calls of disputes, of the beacon that draws for them and of what two signatures prove.
abstract contract DisputeMoves is JobMoves {
    function challenge(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(_once(4) ? IJobTypes.State.Disputed : IJobTypes.State.Proposed);
        if (!found) _advance();
        else if (!_dispute(job)) _advance(job);
    }

    function serveEvidence(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Disputed);
        Dispute storage dispute = job.dispute;
        if (!found) return _advance();
        uint256 window = CHALLENGE_SECONDS + SEAT_SECONDS;
        if (block.timestamp > _moved(dispute.openUntil + SEAT_SECONDS, window)) return _advance(job);
        _serveEvidence(job, _draw(job.seats.length));
    }

    function readySecond(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Disputed);
        if (!found) return _advance();
        bytes memory panel = job.dispute.panel;
        if (panel.length == 0 || block.timestamp > _endOf(job)) return _advance(job);
        _readySecond(job, _draw(abi.decode(panel, (IDisputeTypes.Panel)).accounts.length));
    }

    function seatSecond(uint256 random) external move(random) {
        _goOn();
    }

    function resolve(uint256 random) external move(random) {
        _goOn();
    }

    /// @dev The panel says nothing, or is never seated.
    function adjudicate(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Disputed);
        if (!found || !_once(2)) return _advance();
        _pass(job);
        _undecided(job);
    }

    function closeDispute(uint256 random) external move(random) {
        (Job storage job, bool found) = _in(IJobTypes.State.Disputed);
        if (!found || !_once(3)) return _advance();
        uint256 end = _adjudicatedUntil(job) + GRACE;
        if (block.timestamp <= end) vm.warp(end + 1);
        _closeDispute(job);
    }

    /// @dev One operator, two statements about the same.
    function reportEquivocation(uint256 random) external move(random) {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        // Keys of earlier years bind too.
        uint256 key = People.operatorKey(who, _draw(_eras[who] + 1));
        if (!_once(4) || _committee.accountOfOperator(vm.addr(key)) != _accounts[who]) return _advance();
        IDisputeTypes.StatementKind kind = IDisputeTypes.StatementKind(_draw(3));
        (bytes memory first, bytes memory second) = _statements(kind);
        uint256 reporter = _draw(People.ALL);
        vm.prank(_accounts[reporter]);
        _market.reportEquivocation(
            kind,
            first,
            second,
            Seals.sign(key, _domain, Seals.hashOf(kind, first)),
            Seals.sign(key, _domain, Seals.hashOf(kind, second))
        );
        (uint256[] memory liar, uint256[] memory winner) = (new uint256[](1), new uint256[](1));
        (liar[0], winner[0]) = (who, reporter);
        _slash(liar, 10_000, winner, People.TREASURY);
        _count("JobMarket.reportEquivocation");
    }

    /// @dev Fields of two structs that differ in the last one, which is not what they are about.
    function _statements(IDisputeTypes.StatementKind kind) internal returns (bytes memory first, bytes memory second) {
        uint256 words = kind == IDisputeTypes.StatementKind.ShareStatement ? 5 : kind == IDisputeTypes.StatementKind.State ? 4 : 13;
        first = new bytes(32 * words);
        first[31] = bytes1(uint8(_draw(256)));
        second = bytes.concat(first);
        second[32 * words - 1] = bytes1(uint8(1 + _draw(255)));
    }

    function commit(uint256 random) external move(random) {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        bool staked = _stakes[who] >= MINIMUM_STAKE && _registry.isActive(_accounts[who]);
        // Who has rounds left rarely begins a new chain.
        if (_owes(who) || !staked || (_chains[who].end > _drawn.length && !_once(6))) return _advance();
        _commit(who, 3 + _draw(9), _once(3));
    }

    function reveal(uint256 random) external move(random) {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        if (_drawn.length == 0 || !_mayReveal(who)) return _advance();
        _reveal(who);
    }

    function punish(uint256 random) external move(random) {
        uint256 first = _draw(People.ORACLES);
        for (uint256 i = 0; i < People.ORACLES; i++) {
            uint256 who = People.FIRST_ORACLE + (first + i) % People.ORACLES;
            if (!_owes(who)) continue;
            if (!_isClosed(_drawn.length)) _revealAll();
            if (!_owes(who)) return;
            return _punish(who, _draw(People.ALL));
        }
        _advance();
    }

    function drop(uint256 random) external move(random) {
        uint256 first = _draw(People.ORACLES);
        for (uint256 i = 0; i < People.ORACLES; i++) {
            uint256 who = People.FIRST_ORACLE + (first + i) % People.ORACLES;
            bool staked = _stakes[who] >= MINIMUM_STAKE && _registry.isActive(_accounts[who]);
            if (staked || _owes(who) || _chains[who].end <= _drawn.length) continue;
            _beacon.drop(_accounts[who]);
            _chains[who].end = 0;
            return _count("CommitRevealBeacon.drop");
        }
        _advance();
    }

    function _punish(uint256 who, uint256 reporter) private {
        vm.prank(_accounts[reporter]);
        _beacon.punish(_accounts[who]);
        _chains[who].end = 0;
        (uint256[] memory silent, uint256[] memory winner) = (new uint256[](1), new uint256[](1));
        (silent[0], winner[0]) = (who, reporter);
        _slash(silent, SILENCE_BPS, winner, People.TREASURY);
        _count("CommitRevealBeacon.punish");
    }

    function _goOn() private {
        (Job storage job, bool found) = _in(IJobTypes.State.Disputed);
        if (found) _advance(job);
        else _advance();
    }
}
