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
            uint256[] memory weights = new uint256[](candidates.length);
            for (uint256 c = 0; c < candidates.length; c++) {
                weights[c] = CommitteeDraw.weightOf(candidates[c], rules);
            }
            picked[i] = CommitteeDraw.draw(candidates, weights, jobId, seeds[i], rules);
        }
    }
}
