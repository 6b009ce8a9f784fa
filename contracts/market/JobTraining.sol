// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";

/// @title JobTraining
/// @notice Rounds: who is in them is what `certify` says, once, and where training ends is what `finish` says.
/// @dev The chain is the oracles' consensus: the first statement that m seats signed is final, whoever brings it.
abstract contract JobTraining is IJobMarket, JobBase {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @inheritdoc IJobMarket
    function certify(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        _requireInTime(jobId, _load(jobId, State.Running, parts));
        // The whole set of the round before: a sum over fewer would differ from it by one contributor.
        uint256 needed = rounds.certified == 0 ? (1 << head.contributors) - 1 : rounds.cohort;
        if (set.bitmap != needed) revert JobMarket_NotFullSet(set.bitmap);
        _certify(jobId, head, committee, rounds, set, attestation, parts);
    }

    /// @inheritdoc IJobMarket
    function certifySmaller(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), parties.hashOf());
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        uint256 deadline = _load(jobId, State.Running, parts);
        if (head.fullSetOnly) revert JobMarket_NotFullSet(set.bitmap);
        _requireAfter(jobId, deadline);
        _requireInTime(jobId, deadline + grace);
        uint256 cohort = rounds.certified == 0 ? (1 << head.contributors) - 1 : rounds.cohort;
        if (set.bitmap == 0 || set.bitmap == cohort || set.bitmap & ~cohort != 0) {
            revert JobMarket_NotSmallerSet(set.bitmap, cohort);
        }
        uint256 groups = _groupsIn(set.bitmap, parties.contributors);
        if (groups < parties.minimumCohort) revert JobMarket_CohortTooSmall(groups, parties.minimumCohort);
        _certify(jobId, head, committee, rounds, set, attestation, parts);
    }

    /// @inheritdoc IJobMarket
    function finish(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        Finish calldata finish_,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        uint256 deadline = _load(jobId, State.Running, parts);
        if (finish_.jobId != jobId) revert JobMarket_WrongJob(finish_.jobId, jobId);
        if (finish_.round == 0 || finish_.round != rounds.certified) {
            revert JobMarket_WrongRound(finish_.round, rounds.certified);
        }
        FinishReason reason = _reasonOf(finish_, head.rounds);
        if (reason == FinishReason.Absent) {
            _requireAfter(jobId, deadline);
            deadline += grace;
        }
        _requireInTime(jobId, deadline);
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(finish_)), committee.seats, head.m);

        Rounds memory ended = rounds;
        (ended.completed, ended.reason, ended.lastState) = (finish_.round, reason, finish_.stateHash);
        deadline = block.timestamp + head.proposeSeconds;
        parts.rounds = JobEvents.finished(jobId, ended, attestation.signers, deadline);
        _store(jobId, State.Finished, deadline, parts);
    }

    /// @inheritdoc IJobMarket
    function ready(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        bytes32 roundsHash,
        bytes32 digest
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), roundsHash);
        State due = _stateOf(jobId) == State.Finished ? State.Finished : State.Running;
        _requireInTime(jobId, _load(jobId, due, parts));
        uint256 seat = 0;
        while (seat < head.k) {
            if (msg.sender == committee.seats[seat].operator || msg.sender == committee.seats[seat].account) break;
            seat++;
        }
        if (seat == head.k) revert JobMarket_NotSeat(jobId, msg.sender);
        _setReady(jobId, roundsHash, _readySeats(jobId, roundsHash) | 1 << seat);
        emit OracleReady(jobId, uint8(seat), digest);
    }

    /// @dev What both ways to certify share; `parts` are those that the slot holds.
    function _certify(
        bytes32 jobId,
        Head calldata head,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation,
        Parts memory parts
    ) private {
        if (set.jobId != jobId) revert JobMarket_WrongJob(set.jobId, jobId);
        if (rounds.certified == head.rounds || set.round != rounds.certified) {
            revert JobMarket_WrongRound(set.round, rounds.certified);
        }
        bytes32 structHash = JobDigests.hashOf(set);
        SeatSignatures.verify(attestation, _hashTypedDataV4(structHash), committee.seats, head.m);

        uint256 deadline = block.timestamp + head.roundSeconds;
        bytes32 digest = keccak256(abi.encode(rounds.digest, structHash));
        parts.rounds = JobEvents.certified(set, attestation.signers, digest, deadline);
        _store(jobId, State.Running, deadline, parts);
    }

    function _reasonOf(Finish calldata finish_, uint16 rounds) private pure returns (FinishReason reason) {
        if (finish_.reason > uint8(type(FinishReason).max)) revert JobMarket_BadResult("reason");
        reason = FinishReason(finish_.reason);
        if ((finish_.round == rounds) != (reason == FinishReason.Complete)) {
            revert JobMarket_WrongReason(reason, finish_.round);
        }
    }

    function _groupsIn(uint256 bitmap, Contributor[] calldata contributors) private pure returns (uint256 groups) {
        for (uint256 i = 0; i < contributors.length; i++) {
            if ((bitmap >> i) & 1 == 0) continue;
            uint256 j = 0;
            while ((bitmap >> j) & 1 == 0 || contributors[j].group != contributors[i].group) j++;
            if (j == i) groups++;
        }
    }
}
