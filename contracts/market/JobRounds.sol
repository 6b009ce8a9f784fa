// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {JobBase} from "./JobBase.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {Parts} from "./JobParts.sol";

/// @title JobRounds
/// @notice What both ways to certify a round share.
abstract contract JobRounds is JobBase {
    /// @dev `parts` are those that the slot holds.
    function _certify(
        bytes32 jobId,
        Head calldata head,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation,
        Parts memory parts
    ) internal {
        if (set.jobId != jobId) revert JobMarket_WrongJob(set.jobId, jobId);
        if (rounds.certified == head.rounds || set.round != rounds.certified) {
            revert JobMarket_WrongRound(set.round, rounds.certified);
        }
        bytes32 structHash = JobDigests.hashOf(set);
        SeatSignatures.verify(attestation, _hashTypedDataV4(structHash), committee.operators, head.m);

        uint256 deadline = block.timestamp + head.roundSeconds;
        bytes32 digest = keccak256(abi.encode(rounds.digest, structHash));
        parts.rounds = JobEvents.certified(set, attestation.signers, digest, deadline);
        _store(jobId, State.Running, deadline, parts);
    }
}
