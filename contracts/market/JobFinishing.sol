// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobFinishing
/// @notice Where training ends is what `finish` says.
abstract contract JobFinishing is IJobMarket, JobBase {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @inheritdoc IJobMarket
    function finish(
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
        bytes32 jobId = finish_.jobId;
        uint256 deadline = _load(jobId, State.Running, parts);
        uint256 certified = rounds.progress.certified();
        uint256 round = finish_.round;
        bool absent = finish_.reason == uint8(FinishReason.Absent);
        // The sums of the last certified round may never have come: it is void, and the state before it is the last.
        if (round == 0 || (round != certified && !(absent && round + 1 == certified))) {
            revert JobMarket_WrongRound(uint16(round), uint16(certified));
        }
        uint256 reason = _reasonOf(finish_, head.shape.rounds());
        if (block.timestamp > deadline) deadline = _extended(deadline, head.limits.roundSeconds());
        if (absent) {
            _requireAfter(jobId, deadline);
            deadline += grace;
        }
        if (block.timestamp > deadline) revert JobMarket_TooLate(jobId, uint64(deadline));
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(finish_)), committee.operators, head.shape.m());

        Progress progress =
            RoundsWord.packProgress(rounds.progress.kin(), rounds.progress.cohort(), certified, round, reason);
        Rounds memory ended = Rounds(progress, rounds.digest, finish_.stateHash);
        deadline = block.timestamp + head.limits.proposeSeconds();
        parts.rounds = JobEvents.finished(jobId, ended, attestation.signers, deadline);
        _store(jobId, State.Finished, deadline, parts);
    }

    function _reasonOf(Finish calldata finish_, uint256 rounds) private pure returns (uint256 reason) {
        reason = finish_.reason;
        if (reason > uint256(type(FinishReason).max)) revert JobMarket_BadResult("reason");
        if ((finish_.round == rounds) != (reason == uint256(FinishReason.Complete))) {
            revert JobMarket_WrongReason(FinishReason(reason), finish_.round);
        }
    }
}
