// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobRounds} from "./JobRounds.sol";

/// @title JobTraining
/// @notice Rounds: who is in them is what `certify` says, once, and where training ends is what `finish` says.
/// @dev The chain is the oracles' consensus: the first statement that m seats signed is final, whoever brings it.
abstract contract JobTraining is IJobMarket, JobRounds {
    using JobParts for Head;
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
        SeatSignatures.verify(attestation, _hashTypedDataV4(JobDigests.hashOf(finish_)), committee.operators, head.m);

        Rounds memory ended = rounds;
        (ended.completed, ended.reason, ended.lastState) = (finish_.round, reason, finish_.stateHash);
        deadline = block.timestamp + head.proposeSeconds;
        parts.rounds = JobEvents.finished(jobId, ended, attestation.signers, deadline);
        _store(jobId, State.Finished, deadline, parts);
    }

    function _reasonOf(Finish calldata finish_, uint16 rounds) private pure returns (FinishReason reason) {
        if (finish_.reason > uint8(type(FinishReason).max)) revert JobMarket_BadResult("reason");
        reason = FinishReason(finish_.reason);
        if ((finish_.round == rounds) != (reason == FinishReason.Complete)) {
            revert JobMarket_WrongReason(reason, finish_.round);
        }
    }
}
