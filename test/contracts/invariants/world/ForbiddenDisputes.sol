// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {Dispute, Job} from "./Books.sol";
import {ForbiddenMoves} from "./ForbiddenMoves.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";

/// @notice Moves in disputes, around the beacon and with halts that nobody may make.
abstract contract ForbiddenDisputes is ForbiddenMoves {
    function forbiddenInDisputes(uint256 random) external move(random) {
        if (_once(3)) return _aroundTheBeacon(_accounts[_draw(People.TREASURY)]);
        if (_once(4)) return _equivocations(_accounts[_draw(People.ALL)]);
        (Job storage job, bool found) = _in(_once(3) ? IJobTypes.State.Proposed : IJobTypes.State.Disputed);
        if (!found) (job, found) = _in(_once(2) ? IJobTypes.State.Settled : IJobTypes.State.Failed);
        if (!found || job.proposal.length == 0) return _aroundTheBeacon(_accounts[_draw(People.TREASURY)]);
        _challenged(job);
        _closedEarly(job);
    }

    /// @dev By a signer of the proposal, or too late; a second draw, and a panel's word of who does not sit there.
    function _challenged(Job storage job) private {
        uint256 signer = _signerOf(job);
        _refused(_accounts[signer], address(_market), _challengeCall(job, 0), "14: a signer challenged its own result");
        bool late = job.state == IJobTypes.State.Proposed
            ? block.timestamp > _endOf(job)
            : block.timestamp > _moved(job.dispute.openUntil, CHALLENGE_SECONDS);
        if (late) _refused(_accounts[0], address(_market), _challengeCall(job, 1), "14: a challenge came too late");
        if (job.dispute.roster.length == 0) return;
        bool seated = job.dispute.panel.length > 0 || job.dispute.panelTooSmall;
        bool early = block.timestamp <= _moved(job.dispute.openUntil, CHALLENGE_SECONDS);
        if (seated || early || job.slotWhenClosed != 0) {
            _refused(_accounts[0], address(_market), _seatSecondCall(job), "14: a panel was drawn again or too early");
        }
        if (job.dispute.panel.length == 0) return;
        IDisputeTypes.Panel memory panel = _panelOf(job);
        bytes memory ready = abi.encodeCall(_market.readySecond, (job.id, panel, "verdict"));
        _refused(_accounts[signer], address(_market), ready, "14: who has no seat in a panel was ready");
    }

    /// @dev Closed before its time, by nobody's verdict, or a second time.
    function _closedEarly(Job storage job) private {
        if (job.dispute.roster.length == 0) return;
        (IDisputeTypes.Verdict memory verdict, bytes memory words) = _verdict(job, IDisputeTypes.Ruling(1 + _draw(3)));
        IDisputeTypes.Panel memory panel = _panelOf(job);
        IDisputeTypes.DisputedJob memory whole = _disputed(job);
        bool over = job.slotWhenClosed != 0;
        if (over || block.timestamp <= _adjudicatedUntil(job) + GRACE) {
            bytes memory close = abi.encodeCall(_market.closeDispute, (job.id, whole, panel));
            _refused(_accounts[0], address(_market), close, "14: a dispute was closed before its time");
        }
        bytes memory adjudicate = abi.encodeCall(_market.adjudicate, (job.id, whole, panel, verdict, words));
        bool early = block.timestamp <= _endOf(job) + GRACE;
        if (over || early) {
            _refused(_appointed(ADJUDICATOR), address(_market), adjudicate, "14: the adjudicator ruled before its time or again");
        }
        _refused(_accounts[1], address(_market), adjudicate, "14: somebody else than the adjudicator ruled");
        if (panel.operators.length == 0) return;
        // A closed job by all of the panel, an open one by one seat too few.
        uint256 seats = over ? panel.operators.length : _majority(job, panel) - 1;
        IJobTypes.Attestation memory signed;
        signed.signers = (1 << seats) - 1;
        bytes32 structHash = Seals.hashOf(verdict);
        for (uint256 i = 0; i < seats; i++) {
            bytes memory signature = Seals.sign(_keys[panel.operators[i]], _domain, structHash);
            signed.signatures = bytes.concat(signed.signatures, signature);
        }
        bytes memory resolve = abi.encodeCall(_market.resolve, (job.id, whole, panel, verdict, words, signed));
        _refused(_accounts[1], address(_market), resolve, "14: a minority ruled, or a ruled job was ruled again");
    }

    function _aroundTheBeacon(address caller) private {
        uint64 round = uint64(_drawn.length);
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        bytes memory punish = abi.encodeCall(_beacon.punish, (_accounts[who]));
        if (!_owes(who) || !_isClosed(round)) _refused(caller, address(_beacon), punish, "16: who owes nothing was punished");
        bool staked = _stakes[who] >= MINIMUM_STAKE && _registry.isActive(_accounts[who]);
        bytes memory drop = abi.encodeCall(_beacon.drop, (_accounts[who]));
        if (staked || _owes(who)) _refused(caller, address(_beacon), drop, "16: a participant was dropped");
        bytes memory reveal = abi.encodeCall(_beacon.reveal, (round, _accounts[who], "guessed"));
        _refused(caller, address(_beacon), reveal, "16: a part was revealed that nobody committed to");
        bytes memory commit = abi.encodeCall(_beacon.commit, ("head", 5));
        if (_owes(who)) _refused(_accounts[who], address(_beacon), commit, "16: who owes a part committed again");
        if (_jobs.length == 0) return;
        Job storage job = _jobs[_draw(_jobs.length)];
        bool waits = (job.state == IJobTypes.State.Seating && !job.drew)
            || (job.state == IJobTypes.State.Disputed && !job.drewSecond);
        bool open = round > 0 && !_isClosed(round);
        bytes memory again = abi.encodeCall(_beacon.open, (address(_market), job.id));
        if (!waits || open) _refused(caller, address(_beacon), again, "16: a round was opened for nothing, or over another");
    }

    /// @dev The same statement twice, statements of two subjects, one that another key signed; a halt that is none.
    function _equivocations(address caller) private {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        (uint256 key, IDisputeTypes.StatementKind kind) =
            (People.operatorKey(who, _eras[who]), IDisputeTypes.StatementKind(_draw(3)));
        (bytes memory first, bytes memory second) = _statements(kind);
        bytes memory signature = Seals.sign(key, _domain, Seals.hashOf(kind, first));
        _equivocation(caller, kind, first, first, signature, signature);
        bytes memory foreign = Seals.sign(People.operatorKey(0, 0), _domain, Seals.hashOf(kind, second));
        _equivocation(caller, kind, first, second, signature, foreign);
        second[0] = 0x01;
        _equivocation(caller, kind, first, second, signature, Seals.sign(key, _domain, Seals.hashOf(kind, second)));
        bytes memory header = _header("parent", block.number - 1, block.timestamp);
        bytes memory halt = abi.encodeCall(_market.recordHalt, (header, header));
        _refused(caller, address(_market), halt, "12: a halt went on record that was none");
    }

    function _equivocation(
        address caller,
        IDisputeTypes.StatementKind kind,
        bytes memory first,
        bytes memory second,
        bytes memory signature,
        bytes memory other
    ) private {
        bytes memory data = abi.encodeCall(_market.reportEquivocation, (kind, first, second, signature, other));
        _refused(caller, address(_market), data, "14: an oracle was slashed that did not contradict itself");
    }

    function _signerOf(Job storage job) private view returns (uint256) {
        uint256 signers = abi.decode(job.proposal, (IJobTypes.Proposal)).outcome.signers();
        uint256 seat = 0;
        while ((signers >> seat) & 1 == 0) seat++;
        return _numbers[job.seats[seat]];
    }
}
