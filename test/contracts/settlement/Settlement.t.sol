// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SettlementHarness} from "../harness/SettlementHarness.sol";

/// @notice Properties of both libraries that need no second implementation.
contract SettlementTest {
    SettlementHarness private _settlement = new SettlementHarness();

    /// @notice Efficiency: the weights add up to n!·(v(N) − v(∅)).
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_WeightsAddUpToWhatTheGrandCoalitionGains(int64[16] memory values) public view {
        int256[] memory weights = _settlement.weights(_pack(values), 4);
        int256 sum = weights[0] + weights[1] + weights[2] + weights[3];
        require(sum == 24 * (int256(values[15]) - values[0]), "the weights do not add up");
    }

    /// @notice Symmetry: players who swap names swap weights.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_PlayersWhoSwapPlacesSwapWeights(int64[16] memory values) public view {
        int64[16] memory swapped;
        for (uint256 mask = 0; mask < 16; mask++) {
            swapped[(mask & 12) | ((mask & 1) << 1) | ((mask & 2) >> 1)] = values[mask];
        }
        int256[] memory before = _settlement.weights(_pack(values), 4);
        int256[] memory later = _settlement.weights(_pack(swapped), 4);
        require(before[0] == later[1] && before[1] == later[0], "weights did not follow the players");
        require(before[2] == later[2] && before[3] == later[3], "others were touched");
    }

    /// @notice Null player: who never changes a coalition's value has weight 0.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_APlayerWhoChangesNothingHasNoWeight(int64[8] memory values, uint8 player) public view {
        uint256 bit = player % 4;
        int64[16] memory table;
        for (uint256 mask = 0; mask < 16; mask++) {
            uint256 low = mask & ((1 << bit) - 1);
            table[mask] = values[low | ((mask >> (bit + 1)) << bit)];
        }
        require(_settlement.weights(_pack(table), 4)[bit] == 0, "paid for nothing");
    }

    /// @notice Parts add up to the pot, keep the order of scores, and pay nothing for scores at or below zero.
    /// hardhat-config: fuzz.runs = 500
    function testFuzz_PartsAddUpAndKeepTheOrder(uint128 pot, int120[7] memory raw) public view {
        int256[] memory scores = new int256[](7);
        for (uint256 i = 0; i < 7; i++) {
            scores[i] = raw[i];
        }
        uint128[] memory parts = _settlement.split(pot, scores);
        uint256 sum;
        for (uint256 i = 0; i < 7; i++) {
            sum += parts[i];
            require(scores[i] > 0 || parts[i] == 0, "paid without a score");
            for (uint256 j = 0; j < 7; j++) {
                require(scores[i] <= scores[j] || parts[i] >= parts[j], "a larger score got a smaller part");
            }
        }
        require(sum == (_settlement.total(scores) == 0 ? 0 : pot), "the parts do not add up");
    }

    function _pack(int64[16] memory values) private pure returns (bytes memory table) {
        for (uint256 mask = 0; mask < 16; mask++) {
            table = bytes.concat(table, bytes8(uint64(values[mask])));
        }
    }
}
