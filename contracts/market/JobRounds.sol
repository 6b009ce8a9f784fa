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
    /// @dev Who was in the round before; everybody before the first.
    function _cohortBefore(Head calldata head, Rounds calldata rounds) internal pure returns (uint256) {
        return rounds.progress.certified() == 0 ? (1 << head.shape.contributors()) - 1 : rounds.progress.cohort();
    }

    /// @dev `parts` are those that the slot holds.
    function _certify(
        Head calldata head,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation,
        Parts memory parts
    ) internal {
        uint256 round = rounds.progress.certified();
        if (round == head.shape.rounds() || set.round != round) revert JobMarket_WrongRound(set.round, uint16(round));
        bytes32 structHash = JobDigests.hashOf(set);
        SeatSignatures.verify(attestation, _hashTypedDataV4(structHash), committee.operators, head.shape.m());

        uint256 deadline = block.timestamp + head.limits.roundSeconds();
        bytes32 digest = _chain(rounds.digest, structHash);
        parts.rounds = JobEvents.certified(set, rounds.progress.kin(), attestation.signers, digest, deadline);
        _store(set.jobId, State.Running, deadline, parts);
    }

    /// @dev keccak256(abi.encode(digest, structHash)).
    function _chain(bytes32 digest, bytes32 structHash) private pure returns (bytes32 next) {
        assembly ("memory-safe") {
            mstore(0x00, digest)
            mstore(0x20, structHash)
            next := keccak256(0x00, 0x40)
        }
    }
}
