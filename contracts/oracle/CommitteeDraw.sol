// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title CommitteeDraw
/// @notice Weighted draw without replacement, under the conflict rules of protocol section 2.
/// @dev Pick p takes keccak256(seed, jobId, p) modulo the weight that is left: the sum of at most 2^32 stakes below 2^96 is below
///      2^128, so the bias is below 2^-128. After each pick the candidates that may no longer sit have weight 0, which is the
///      same distribution as drawing again until one is eligible.
library CommitteeDraw {
    /// @dev Set beside the group (32 bits) of a candidate that is of a contributor's group.
    uint256 private constant CONTRIBUTOR = 1 << 32;

    /// @notice Indices of k candidates.
    /// @param weights weight of each candidate, 0 for who may not sit; changed by the draw
    /// Requirements: `OracleCommittee_TooFewEligible`.
    function draw(
        IOracleCommittee.Candidate[] calldata candidates,
        uint256[] memory weights,
        bytes32 jobId,
        bytes32 seed,
        IOracleCommittee.DrawRules memory rules
    ) internal pure returns (uint256[] memory picked) {
        picked = new uint256[](rules.k);
        uint256[] memory marks = _marks(candidates, weights, rules.contributorGroups);
        uint256 left = _sum(weights);
        uint256 fromContributors;
        for (uint256 pick = 0; pick < picked.length; pick++) {
            if (left == 0) revert IOracleCommittee.OracleCommittee_TooFewEligible(pick, picked.length);
            uint256 index = _at(weights, uint256(keccak256(abi.encode(seed, jobId, pick))) % left);
            picked[pick] = index;
            uint256 seated = marks[index];
            if (seated & CONTRIBUTOR != 0) fromContributors++;
            left -= _exclude(weights, marks, seated, fromContributors >= rules.t);
        }
    }

    /// @notice Weight of the candidates that no rule keeps out from the start.
    function weightOf(IOracleCommittee.Candidate calldata candidate, IOracleCommittee.DrawRules memory rules)
        internal
        pure
        returns (uint256)
    {
        uint32 group = candidate.group;
        if (group == rules.buyerGroup || group == rules.evaluatorGroup) return 0;
        if (rules.t == 0 && _contains(rules.contributorGroups, group)) return 0;
        return candidate.stake;
    }

    /// @dev Group of each candidate with a weight, and whether it is a contributor's: what every pick looks at.
    function _marks(
        IOracleCommittee.Candidate[] calldata candidates,
        uint256[] memory weights,
        uint32[] memory contributorGroups
    ) private pure returns (uint256[] memory marks) {
        marks = new uint256[](weights.length);
        for (uint256 i = 0; i < marks.length; i++) {
            if (weights[i] == 0) continue;
            uint32 group = candidates[i].group;
            marks[i] = _contains(contributorGroups, group) ? group | CONTRIBUTOR : group;
        }
    }

    /// @dev Takes the weight of who may no longer sit; returns how much that was. Unchecked: sums of at most 2^32 stakes below
    ///      2^96, indices below the length.
    function _exclude(uint256[] memory weights, uint256[] memory marks, uint256 seated, bool noMoreContributors)
        private
        pure
        returns (uint256 taken)
    {
        unchecked {
            uint256 n = weights.length;
            for (uint256 i = 0; i < n; i++) {
                uint256 weight = weights[i];
                if (weight == 0) continue;
                uint256 mark = marks[i];
                if (mark != seated && !(noMoreContributors && mark & CONTRIBUTOR != 0)) continue;
                taken += weight;
                weights[i] = 0;
            }
        }
    }

    /// @dev `point` is below the sum of the weights, so the index is below their number.
    function _at(uint256[] memory weights, uint256 point) private pure returns (uint256 index) {
        unchecked {
            while (point >= weights[index]) {
                point -= weights[index];
                index++;
            }
        }
    }

    function _sum(uint256[] memory weights) private pure returns (uint256 sum) {
        unchecked {
            uint256 n = weights.length;
            for (uint256 i = 0; i < n; i++) {
                sum += weights[i];
            }
        }
    }

    function _contains(uint32[] memory groups, uint32 group) private pure returns (bool) {
        unchecked {
            uint256 n = groups.length;
            for (uint256 i = 0; i < n; i++) {
                if (groups[i] == group) return true;
            }
        }
        return false;
    }

    /// @notice keccak256(abi.encode(candidates)) of the words as they came: only ever compared with a hash of clean ones.
    function hashOf(IOracleCommittee.Candidate[] calldata candidates) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let bytes_ := shl(7, candidates.length)
            mstore(free, 0x20)
            mstore(add(free, 0x20), candidates.length)
            calldatacopy(add(free, 0x40), candidates.offset, bytes_)
            result := keccak256(free, add(0x40, bytes_))
        }
    }
}
