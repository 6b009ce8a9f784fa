// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Words} from "./Words.sol";

/// @title ScoreGuards
/// @notice What a score earns at most (protocol, section 6). The sum over a cohort hides who dealt what, so one contributor, or
///         several of one owner, can deal so that a single score explodes.
/// @dev What is not stopped: a pair of *different* groups that deals D + X and D' − X with X below twice the total gains up to the
///      cap of one member, because the other's loss costs it nothing but its own share; who scales its update up within the bound
///      on its norm earns more; copies under different groups each earn. For few contributors 3.5 times the weight is no bound
///      beyond the pot (n = 3 of equal weight): the second guard then binds alone.
library ScoreGuards {
    using Words for int256[];

    /// @dev Nobody is paid more than 7/2 of its weight's part of the pot.
    uint256 internal constant CAP_NUMERATOR = 7;
    uint256 internal constant CAP_DENOMINATOR = 2;
    uint256 private constant PARTS_PER_BILLION = 1e9;

    /// @notice Leaves in `scores` what is paid for, nothing below 0. In this order:
    ///         1. a score below 0 earns nothing, nor does one above `limit` (twice the total: what nobody adds honestly) or below
    ///            −limit; with a limit of 0 or less nobody earns anything;
    ///         2. members of one group earn their net score together: the sum of what all of them had before step 1. At 0 or below
    ///            nobody of the group earns; when what step 1 left them is more than the net it is scaled down to it, each score
    ///            rounded down, so that a larger one stays at least as large.
    /// @param scores any one unit, each below 2^120 in size
    /// @param groups of each contributor one byte: the place of the first one of its group; empty when all groups differ
    function guard(int256[] memory scores, int256 limit, bytes calldata groups) internal pure {
        unchecked {
            uint256 n = scores.length;
            for (uint256 i = 0; i < n; i++) {
                uint256 members = groups.length == 0 ? 1 << i : _membersOf(i, groups);
                if (members == 1 << i) scores.put(i, _within(scores.at(i), limit));
                else if (members != 0) _clamp(scores, limit, members);
            }
        }
    }

    /// @notice floor(3.5 · weight · pot / 1e9): what a contributor of that weight is paid at most.
    /// @param weight parts per billion
    /// @param pot in any unit, below 2^128
    function capDown(uint256 weight, uint256 pot) internal pure returns (uint256) {
        unchecked {
            return pot * weight * CAP_NUMERATOR / (CAP_DENOMINATOR * PARTS_PER_BILLION);
        }
    }

    /// @dev Bitmap of the contributors whose group begins with contributor `first`; none when it begins before.
    function _membersOf(uint256 first, bytes calldata groups) private pure returns (uint256 members) {
        unchecked {
            for (uint256 j = first; j < groups.length; j++) {
                if (uint8(groups[j]) == first) members |= 1 << j;
            }
        }
    }

    function _clamp(int256[] memory scores, int256 limit, uint256 members) private pure {
        unchecked {
            int256 net;
            int256 kept;
            for (uint256 i = 0; members >> i != 0; i++) {
                if ((members >> i) & 1 == 0) continue;
                int256 score = scores.at(i);
                net += score;
                score = _within(score, limit);
                kept += score;
                scores.put(i, score);
            }
            if (kept <= net || kept == 0) return;
            if (net < 0) net = 0;
            for (uint256 i = 0; members >> i != 0; i++) {
                if ((members >> i) & 1 == 1) scores.put(i, scores.at(i) * net / kept);
            }
        }
    }

    function _within(int256 score, int256 limit) private pure returns (int256) {
        return score > 0 && score <= limit ? score : int256(0);
    }
}
