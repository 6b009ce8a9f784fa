// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {JobBase} from "./JobBase.sol";

/// @title JobDrawing
/// @notice Who may not sit in a committee of a job: the same for its own and for the one that decides a dispute.
abstract contract JobDrawing is JobBase {
    function _groupsOf(Contributor[] calldata contributors) internal pure returns (uint32[] memory groups) {
        uint256 n = contributors.length;
        groups = new uint32[](n);
        for (uint256 i = 0; i < n; i++) {
            groups[i] = contributors[i].holder.group();
        }
    }

    function _drawRules(Head calldata head, Parties calldata parties, uint32[] memory groups)
        internal
        pure
        returns (IOracleCommittee.DrawRules memory rules)
    {
        (rules.k, rules.t) = (uint8(head.shape.k()), uint8(head.shape.t()));
        (rules.buyerGroup, rules.evaluatorGroup) = (parties.bounds.buyerGroup(), parties.bounds.evaluatorGroup());
        rules.contributorGroups = groups;
    }
}
