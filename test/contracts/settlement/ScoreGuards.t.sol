// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ScoresHarness} from "../harness/ScoresHarness.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice What the guards leave of scores, whatever they are.
contract ScoreGuardsTest {
    uint256 private constant PLAYERS = 5;

    ScoresHarness private _scores = new ScoresHarness();

    /// @notice Nothing below 0 or beyond the limit is left, nobody gains by the guards, and no group has more than its net.
    /// hardhat-config: fuzz.runs = 500
    function testFuzz_NobodyIsLeftWithMoreThanItHad(int112[5] calldata raw, int112 limit, uint8[5] calldata owners) public view {
        int256[] memory left = _guarded(raw, limit, _places(owners));
        for (uint256 i = 0; i < PLAYERS; i++) {
            require(left[i] >= 0 && (left[i] == 0 || left[i] <= raw[i]), "less than nothing, or more than it had");
            require(left[i] == 0 || raw[i] <= limit, "an explosion is paid");
            (int256 net, int256 sum) = (0, 0);
            for (uint256 j = 0; j < PLAYERS; j++) {
                if (owners[j] % 3 != owners[i] % 3) continue;
                net += raw[j];
                sum += left[j];
            }
            require(sum <= (net > 0 ? net : int256(0)), "a group has more than its net");
        }
    }

    /// @notice Groups that all differ are guarded one by one: by the list as by none.
    /// hardhat-config: fuzz.runs = 200
    function testFuzz_GroupsThatDifferAreGuardedOneByOne(int112[5] calldata raw, int112 limit) public view {
        int256[] memory left = _guarded(raw, limit, hex"");
        int256[] memory listed = _guarded(raw, limit, hex"0001020304");
        for (uint256 i = 0; i < PLAYERS; i++) {
            require(left[i] == listed[i], "the list changed something");
            require(left[i] == (raw[i] > 0 && raw[i] <= limit ? raw[i] : int256(0)), "another score");
        }
    }

    /// @notice Within a group a larger score stays at least as large.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_OneOwnersScoresKeepTheirOrder(int112[5] calldata raw, int112 limit) public view {
        int256[] memory left = _guarded(raw, limit, hex"0000000000");
        for (uint256 i = 0; i < PLAYERS; i++) {
            for (uint256 j = 0; j < PLAYERS; j++) {
                if (raw[i] > limit || raw[i] < raw[j]) continue;
                require(left[i] >= left[j], "a larger score is left with less");
            }
        }
    }

    /// @notice The cap is 3.5 times the weight's part of the pot, rounded down.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_TheCapIsThreeAndAHalfTimesTheWeight(uint32 weight, uint128 pot) public view {
        ScoresHarness.Cap[] memory caps = new ScoresHarness.Cap[](1);
        caps[0] = ScoresHarness.Cap(weight, pot);
        uint256 cap = _scores.capMany(caps)[0];
        uint256 exact = 7 * uint256(weight) * pot;
        require(cap * 2e9 <= exact && exact - cap * 2e9 < 2e9, "another cap");
    }

    function _guarded(int112[5] calldata raw, int112 limit, bytes memory places) private view returns (int256[] memory) {
        ScoresHarness.Game[] memory games = new ScoresHarness.Game[](1);
        games[0].scores = new int256[](PLAYERS);
        for (uint256 i = 0; i < PLAYERS; i++) {
            games[0].scores[i] = raw[i];
        }
        (games[0].limit, games[0].groups) = (limit, places);
        return _scores.guardMany(games)[0];
    }

    /// @dev Three owners; one byte for each, the place of the first of its group.
    function _places(uint8[5] calldata owners) private pure returns (bytes memory places) {
        places = new bytes(PLAYERS);
        for (uint256 i = 0; i < PLAYERS; i++) {
            uint256 j = 0;
            while (owners[j] % 3 != owners[i] % 3) j++;
            places[i] = bytes1(uint8(j));
        }
    }
}
