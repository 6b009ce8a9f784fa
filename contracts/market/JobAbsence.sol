// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {JobParts, Parts} from "./JobParts.sol";
import {JobRounds} from "./JobRounds.sol";

/// @title JobAbsence
/// @notice What is done when somebody is missing: a smaller cohort, and the word of a seat that it was there. Code of `JobMarket`,
///         which runs it by delegatecall.
abstract contract JobAbsence is JobRounds {
    using JobParts for Head;
    using JobParts for Parties;
    using JobParts for Committee;
    using JobParts for Rounds;

    /// @notice See IJobMarket.
    function certifySmaller(
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
        uint256 deadline = _load(set.jobId, State.Running, parts);
        if (head.shape.fullSetOnly()) revert JobMarket_NotFullSet(set.bitmap);
        deadline = _extended(deadline, head.limits.roundSeconds());
        _requireAfter(set.jobId, deadline);
        if (block.timestamp > deadline + grace) revert JobMarket_TooLate(set.jobId, uint64(deadline + grace));
        uint256 cohort = _cohortBefore(head, rounds);
        if (set.bitmap == 0 || set.bitmap == cohort || set.bitmap & ~cohort != 0) {
            revert JobMarket_NotSmallerSet(set.bitmap, cohort);
        }
        uint256 groups = _groupsIn(set.bitmap, parties.contributors);
        uint256 needed = parties.bounds.minimumCohort();
        if (groups < needed) revert JobMarket_CohortTooSmall(groups, needed);
        _certify(head, committee, rounds, set, attestation, parts);
    }

    /// @notice See IJobMarket.
    function ready(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        bytes32 digest
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), roundsHash);
        bool finished = _stateOf(jobId) == State.Finished;
        uint256 deadline = _load(jobId, finished ? State.Finished : State.Running, parts);
        _requireExtended(jobId, deadline, finished ? head.limits.proposeSeconds() : head.limits.roundSeconds());
        _requireAccounts(committee, accounts);
        uint256 seat = 0;
        uint256 k = head.shape.k();
        while (seat < k && msg.sender != committee.operators[seat] && msg.sender != accounts[seat]) seat++;
        if (seat == k) revert JobMarket_NotSeat(jobId, msg.sender);
        _setReady(jobId, roundsHash, _readySeats(jobId, roundsHash) | 1 << seat);
        emit OracleReady(jobId, uint8(seat), digest);
    }

    function _groupsIn(uint256 bitmap, Contributor[] calldata contributors) private pure returns (uint256 groups) {
        for (uint256 i = 0; i < contributors.length; i++) {
            if ((bitmap >> i) & 1 == 0) continue;
            uint256 j = 0;
            while ((bitmap >> j) & 1 == 0 || contributors[j].holder.group() != contributors[i].holder.group()) j++;
            if (j == i) groups++;
        }
    }
}
