// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CommitteeDraw} from "../../../contracts/oracle/CommitteeDraw.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";

/// @notice Opens the draw to a test, one draw for each seed.
contract CommitteeDrawHarness {
    function draws(
        IOracleCommittee.Candidate[] calldata candidates,
        bytes32 jobId,
        bytes32[] calldata seeds,
        IOracleCommittee.DrawRules calldata rules
    ) external pure returns (uint256[][] memory picked) {
        picked = new uint256[][](seeds.length);
        for (uint256 i = 0; i < seeds.length; i++) {
            picked[i] = _draw(candidates, jobId, seeds[i], rules);
        }
    }

    function hashOf(IOracleCommittee.Candidate[] calldata candidates) external pure returns (bytes32) {
        return CommitteeDraw.hashOf(candidates);
    }

    /// @return used gas of one draw alone: the rules' weights and the picks
    function gasOfDraw(
        IOracleCommittee.Candidate[] calldata candidates,
        bytes32 jobId,
        bytes32 seed,
        IOracleCommittee.DrawRules calldata rules
    ) external view returns (uint256 used) {
        uint256 before = gasleft();
        _draw(candidates, jobId, seed, rules);
        used = before - gasleft();
    }

    function _draw(
        IOracleCommittee.Candidate[] calldata candidates,
        bytes32 jobId,
        bytes32 seed,
        IOracleCommittee.DrawRules memory rules
    ) private pure returns (uint256[] memory) {
        uint256[] memory weights = new uint256[](candidates.length);
        for (uint256 i = 0; i < candidates.length; i++) {
            weights[i] = CommitteeDraw.weightOf(candidates[i], rules);
        }
        return CommitteeDraw.draw(candidates, weights, jobId, seed, rules);
    }
}
