// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Payout} from "../../../contracts/settlement/Payout.sol";
import {Shapley} from "../../../contracts/settlement/Shapley.sol";
import {Words} from "../../../contracts/settlement/Words.sol";

/// @notice Opens both libraries to tests and to the gas benchmark.
contract SettlementHarness {
    using Words for uint256[];

    error Shapley_TooManyPlayers(uint256 had, uint256 limit);
    error Shapley_BadTable(uint256 had, uint256 needed);

    function weights(bytes calldata table, uint256 players) external pure returns (int256[] memory) {
        return Shapley.weights(table, players);
    }

    function weightsOfMany(bytes[] calldata tables, uint256 players) external pure returns (int256[][] memory results) {
        results = new int256[][](tables.length);
        for (uint256 i = 0; i < tables.length; i++) {
            results[i] = Shapley.weights(tables[i], players);
        }
    }

    function valueOf(bytes calldata table, uint256 mask) external pure returns (int64) {
        return Shapley.valueOf(table, mask);
    }

    function split(uint256 pot, int256[] memory scores) public pure returns (uint128[] memory) {
        return Payout.splitBy(pot, scores, Payout.total(scores)).narrow();
    }

    function splitMany(uint256[] calldata pots, int256[][] calldata scores) external pure returns (uint128[][] memory parts) {
        parts = new uint128[][](pots.length);
        for (uint256 i = 0; i < pots.length; i++) {
            parts[i] = split(pots[i], scores[i]);
        }
    }

    function shares(int256[] calldata scores) external pure returns (uint128[] memory) {
        return split(Payout.PARTS_PER_BILLION, scores);
    }

    function total(int256[] calldata scores) external pure returns (uint256) {
        return Payout.total(scores);
    }

    /// @return used gas of `Shapley.weights` alone, the transaction's base and calldata not counted
    function gasOfWeights(bytes calldata table, uint256 players) external view returns (uint256 used) {
        uint256 before = gasleft();
        Shapley.weights(table, players);
        used = before - gasleft();
    }

    /// @return used gas of a split alone
    function gasOfSplit(uint256 pot, int256[] memory scores) external view returns (uint256 used) {
        uint256 before = gasleft();
        split(pot, scores);
        used = before - gasleft();
    }
}
