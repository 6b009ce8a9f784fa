// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Words} from "../settlement/Words.sol";
import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title CommitteeDraw
/// @notice Weighted draw without replacement, under the conflict rules of protocol section 2.
/// @dev Pick p takes keccak256(seed, jobId, p) modulo the weight that is left: the sum of at most 2^32 stakes below 2^96 is below
///      2^128, so the bias is below 2^-128. After each pick the candidates that may no longer sit have weight 0, which is the
///      same distribution as drawing again until one is eligible.
///      Nobody can change the draw after the seed is known: weights are those of a roster that was fixed before, and a picked
///      oracle that cannot sit loses its own weight only, after its pick. (Were it left out from the start, colluding oracles
///      could empty their balances one after another until the total weight suits them.)
library CommitteeDraw {
    using Words for uint256[];

    /// @dev Set beside the group (32 bits) of a candidate that is of a contributor's group.
    uint256 private constant CONTRIBUTOR = 0x100000000;
    uint256 private constant WEIGHT = 0xffffffffffffffffffffffffffffffff;

    /// @notice A draw under way.
    /// @param pool per candidate: group (and whether a contributor's) in the upper half, weight in the lower; 0 = out
    /// @param left sum of the weights
    /// @param picks picks so far, of seats and of oracles that could not sit
    /// @param aside entries that are drawn from only when no weight is left; of length 0 as long as there are none
    struct Draw {
        uint256[] pool;
        uint256[] aside;
        uint256 left;
        uint256 picks;
        uint256 fromContributors;
    }

    /// @notice A draw from these candidates before the first pick.
    function open(IOracleCommittee.Candidate[] calldata candidates, IOracleCommittee.DrawRules memory rules)
        internal
        pure
        returns (Draw memory draw)
    {
        uint256 n = candidates.length;
        uint256[] memory pool = new uint256[](n);
        uint256 left;
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                IOracleCommittee.Candidate calldata candidate = candidates[i];
                uint256 weight = weightOf(candidate, rules);
                if (weight == 0) continue;
                uint32 group = candidate.group;
                uint256 mark = _contains(rules.contributorGroups, group) ? group | CONTRIBUTOR : group;
                pool.put(i, mark << 128 | weight);
                left += weight;
            }
        }
        (draw.pool, draw.left) = (pool, left);
    }

    /// @notice Index of the next candidate; then call `seat` or `skip` with it.
    /// Requirements: `OracleCommittee_TooFewEligible`, with the seats that are filled.
    function next(Draw memory draw, bytes32 jobId, bytes32 seed, uint256 seated, uint256 needed)
        internal
        pure
        returns (uint256 index)
    {
        if (draw.left == 0) revert IOracleCommittee.OracleCommittee_TooFewEligible(seated, needed);
        uint256 point = _hash(seed, jobId, draw.picks) % draw.left;
        draw.picks++;
        return _at(draw.pool, point);
    }

    /// @notice The picked candidate sits: nobody of its group does any more, nor of contributors' beyond t seats.
    function seat(Draw memory draw, uint256 index, uint256 t) internal pure {
        uint256 group = draw.pool[index] >> 128;
        if (group & CONTRIBUTOR != 0) draw.fromContributors++;
        uint256 excluded = draw.fromContributors >= t ? CONTRIBUTOR : 0;
        draw.left -= _exclude(draw.pool, group, excluded);
        if (draw.aside.length != 0) _exclude(draw.aside, group, excluded);
    }

    /// @notice The picked candidate sits only when nobody else is left.
    function setAside(Draw memory draw, uint256 index) internal pure {
        if (draw.aside.length == 0) draw.aside = new uint256[](draw.pool.length);
        draw.aside[index] = draw.pool[index];
        skip(draw, index);
    }

    /// @notice Draws from those that were set aside, now that nobody else is left.
    function takeBack(Draw memory draw) internal pure {
        draw.pool = draw.aside;
        draw.aside = new uint256[](0);
        for (uint256 i = 0; i < draw.pool.length; i++) {
            draw.left += draw.pool[i] & WEIGHT;
        }
    }

    /// @notice Nobody of the group sits, whatever is drawn. Before the first pick, by what was fixed before the seed was known.
    function exclude(Draw memory draw, uint32 group) internal pure {
        draw.left -= _excludeGroup(draw.pool, group);
    }

    /// @notice The picked candidate cannot sit.
    function skip(Draw memory draw, uint256 index) internal pure {
        draw.left -= draw.pool[index] & WEIGHT;
        draw.pool[index] = 0;
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

    /// @dev Where `point` falls. It is below the sum of the weights, so the loop ends within the array. Assembly, here and in
    ///      `_exclude`: k passes over the roster are the price of a draw.
    function _at(uint256[] memory pool, uint256 point) private pure returns (uint256 index) {
        assembly ("memory-safe") {
            let at := add(pool, 0x20)
            for {} 1 { at := add(at, 0x20) } {
                let entry := mload(at)
                let weight := and(entry, WEIGHT)
                if lt(point, weight) {
                    index := shr(5, sub(sub(at, pool), 0x20))
                    break
                }
                point := sub(point, weight)
            }
        }
    }

    /// @dev Takes the weight of who may no longer sit: the seated group's, and all with the mark `excluded`. Returns how much.
    function _exclude(uint256[] memory pool, uint256 seated, uint256 excluded) private pure returns (uint256 taken) {
        assembly ("memory-safe") {
            let end := add(add(pool, 0x20), shl(5, mload(pool)))
            for { let at := add(pool, 0x20) } lt(at, end) { at := add(at, 0x20) } {
                let entry := mload(at)
                let group := shr(128, entry)
                if or(eq(group, seated), and(group, excluded)) {
                    taken := add(taken, and(entry, WEIGHT))
                    mstore(at, 0)
                }
            }
        }
    }

    /// @dev Takes the weight of a group, contributors' or not.
    function _excludeGroup(uint256[] memory pool, uint256 group) private pure returns (uint256 taken) {
        return _exclude(pool, group, 0) + _exclude(pool, group | CONTRIBUTOR, 0);
    }

    /// @dev keccak256(abi.encode(seed, jobId, pick)).
    function _hash(bytes32 seed, bytes32 jobId, uint256 pick) private pure returns (uint256 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, seed)
            mstore(add(free, 0x20), jobId)
            mstore(add(free, 0x40), pick)
            result := keccak256(free, 0x60)
        }
    }

    function _contains(uint32[] memory groups, uint32 group) private pure returns (bool) {
        unchecked {
            uint256 n = groups.length;
            for (uint256 i = 0; i < n; i++) {
                uint256 other;
                assembly ("memory-safe") {
                    other := mload(add(add(groups, 0x20), shl(5, i)))
                }
                if (other == group) return true;
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
