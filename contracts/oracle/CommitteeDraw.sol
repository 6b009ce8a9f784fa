// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title CommitteeDraw
/// @notice Weighted draw without replacement, under the conflict rules of protocol section 2.
/// @dev Pick p takes keccak256(seed, jobId, p) modulo the weight that is left: the sum of at most 2^32 stakes below 2^96 is below
///      2^128, so the bias is below 2^-128. After each pick the candidates that may no longer sit have weight 0, which is the
///      same distribution as drawing again until one is eligible.
library CommitteeDraw {
    /// @notice Indices of k candidates.
    /// @param weights weight of each candidate, 0 for who may not sit; changed by the draw
    /// Requirements: `OracleCommittee_TooFewEligible`.
    function draw(
        IOracleCommittee.Candidate[] calldata candidates,
        uint256[] memory weights,
        bytes32 jobId,
        bytes32 seed,
        IOracleCommittee.DrawRules calldata rules
    ) internal pure returns (uint256[] memory picked) {
        picked = new uint256[](rules.k);
        uint256 fromContributors;
        for (uint256 pick = 0; pick < rules.k; pick++) {
            uint256 left = _sum(weights);
            if (left == 0) revert IOracleCommittee.OracleCommittee_TooFewEligible(pick, rules.k);
            uint256 index = _at(weights, uint256(keccak256(abi.encode(seed, jobId, pick))) % left);
            picked[pick] = index;
            uint32 group = candidates[index].group;
            if (_contains(rules.contributorGroups, group)) fromContributors++;
            _exclude(candidates, weights, group, fromContributors >= rules.t, rules.contributorGroups);
        }
    }

    /// @notice Weight of the candidates that no rule keeps out from the start.
    function weightOf(IOracleCommittee.Candidate calldata candidate, IOracleCommittee.DrawRules calldata rules)
        internal
        pure
        returns (uint256)
    {
        uint32 group = candidate.group;
        if (group == rules.buyerGroup || group == rules.evaluatorGroup) return 0;
        if (rules.t == 0 && _contains(rules.contributorGroups, group)) return 0;
        return candidate.stake;
    }

    function _exclude(
        IOracleCommittee.Candidate[] calldata candidates,
        uint256[] memory weights,
        uint32 seated,
        bool noMoreContributors,
        uint32[] calldata contributorGroups
    ) private pure {
        for (uint256 i = 0; i < weights.length; i++) {
            if (weights[i] == 0) continue;
            uint32 group = candidates[i].group;
            if (group == seated || (noMoreContributors && _contains(contributorGroups, group))) weights[i] = 0;
        }
    }

    function _at(uint256[] memory weights, uint256 point) private pure returns (uint256 index) {
        while (point >= weights[index]) {
            point -= weights[index];
            index++;
        }
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < weights.length; i++) {
            sum += weights[i];
        }
    }

    function _contains(uint32[] calldata groups, uint32 group) private pure returns (bool) {
        for (uint256 i = 0; i < groups.length; i++) {
            if (groups[i] == group) return true;
        }
        return false;
    }
}
