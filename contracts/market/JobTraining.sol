// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobRounds} from "./JobRounds.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobTraining
/// @notice Rounds: who is in them is what `certify` says, once, and where training ends is what `finish` says.
/// @dev The chain is the oracles' consensus: the first statement that m seats signed is final, whoever brings it.
abstract contract JobTraining is IJobMarket, JobRounds {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @inheritdoc IJobMarket
    function certify(
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
        _requireInTime(set.jobId, _load(set.jobId, State.Running, parts));
        // The whole set of the round before: a sum over fewer would differ from it by one contributor.
        if (set.bitmap != _cohortBefore(head, rounds)) revert JobMarket_NotFullSet(set.bitmap);
        _certify(head, committee, rounds, set, attestation, parts);
    }

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
        uint256 round = rounds.progress.certified();
        if (round == 0 || finish_.round != round) revert JobMarket_WrongRound(finish_.round, uint16(round));
        uint256 reason = _reasonOf(finish_, head.shape.rounds());
        if (reason == uint256(FinishReason.Absent)) {
            _requireAfter(jobId, deadline);
            deadline += grace;
        }
        _requireInTime(jobId, deadline);
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(finish_)), committee.operators, head.shape.m());

        Progress progress = RoundsWord.packProgress(rounds.progress.cohort(), round, round, reason);
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
