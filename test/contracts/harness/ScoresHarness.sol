// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ScoreGuards} from "../../../contracts/settlement/ScoreGuards.sol";
import {ShareReconstruction} from "../../../contracts/settlement/ShareReconstruction.sol";

/// @notice Opens both libraries to tests and to the gas benchmark.
contract ScoresHarness {
    error JobMarket_BadResult(string field);
    error JobMarket_InconsistentWords(uint256 seat, uint256 contributor);

    struct Sharing {
        bytes words;
        uint256 signers;
        uint256 t;
        uint256 players;
    }

    struct Game {
        int256[] scores;
        int256 limit;
        bytes groups;
    }

    struct Cap {
        uint256 weight;
        uint256 pot;
    }

    function reconstruct(bytes calldata words, uint256 signers, uint256 t, uint256 players)
        public
        view
        returns (int256[] memory)
    {
        return ShareReconstruction.reconstruct(words, signers, t, players);
    }

    function reconstructMany(Sharing[] calldata all) external view returns (int256[][] memory secrets) {
        secrets = new int256[][](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            secrets[i] = reconstruct(all[i].words, all[i].signers, all[i].t, all[i].players);
        }
    }

    function guardMany(Game[] calldata games) external pure returns (int256[][] memory paid) {
        paid = new int256[][](games.length);
        for (uint256 i = 0; i < games.length; i++) {
            paid[i] = games[i].scores;
            ScoreGuards.guard(paid[i], games[i].limit, games[i].groups);
        }
    }

    function capMany(Cap[] calldata all) external pure returns (uint256[] memory caps) {
        caps = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            caps[i] = ScoreGuards.capDown(all[i].weight, all[i].pot);
        }
    }

    /// @return used gas of `ShareReconstruction.reconstruct` alone, the transaction's base and calldata not counted
    function gasOfReconstruct(bytes calldata words, uint256 signers, uint256 t, uint256 players)
        external
        view
        returns (uint256 used)
    {
        uint256 before = gasleft();
        ShareReconstruction.reconstruct(words, signers, t, players);
        used = before - gasleft();
    }
}
