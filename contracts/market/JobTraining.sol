// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobMarket} from "./IJobMarket.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobRounds} from "./JobRounds.sol";

/// @title JobTraining
/// @notice Rounds: who is in them is what `certify` says, once.
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
        uint256 deadline = _load(set.jobId, State.Running, parts);
        if (block.timestamp > deadline) _requireExtended(set.jobId, deadline, head.limits.roundSeconds());
        // The whole set of the round before: a sum over fewer would differ from it by one contributor.
        if (set.bitmap != _cohortBefore(head, rounds)) revert JobMarket_NotFullSet(set.bitmap);
        _certify(head, committee, rounds, set, attestation, parts);
    }
}
