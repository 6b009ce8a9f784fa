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
            picked[i] = _draw(candidates, jobId, seeds[i], rules, 0);
        }
    }

    /// @param unable bitmap of candidates that cannot sit when they are picked
    function drawsWithout(
        IOracleCommittee.Candidate[] calldata candidates,
        bytes32 jobId,
        bytes32[] calldata seeds,
        IOracleCommittee.DrawRules calldata rules,
        uint256 unable
    ) external pure returns (uint256[][] memory picked) {
        picked = new uint256[][](seeds.length);
        for (uint256 i = 0; i < seeds.length; i++) {
            picked[i] = _draw(candidates, jobId, seeds[i], rules, unable);
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
        _draw(candidates, jobId, seed, rules, 0);
        used = before - gasleft();
    }

    function _draw(
        IOracleCommittee.Candidate[] calldata candidates,
        bytes32 jobId,
        bytes32 seed,
        IOracleCommittee.DrawRules memory rules,
        uint256 unable
    ) private pure returns (uint256[] memory picked) {
        CommitteeDraw.Draw memory draw = CommitteeDraw.open(candidates, rules);
        picked = new uint256[](rules.k);
        for (uint256 seated = 0; seated < rules.k;) {
            uint256 index = CommitteeDraw.next(draw, jobId, seed, seated, rules.k);
            if ((unable >> index) & 1 == 1) {
                CommitteeDraw.skip(draw, index);
                continue;
            }
            CommitteeDraw.seat(draw, index, rules.t);
            picked[seated++] = index;
        }
    }
}
