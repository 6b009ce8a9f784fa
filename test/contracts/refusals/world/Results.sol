// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {Chance} from "../../invariants/world/Chance.sol";

/// @notice Valuations that a committee might attest, and the words behind them.
abstract contract Results is Chance {
    uint256 private constant PRIME = 2 ** 61 - 1;

    /// @notice A table of all coalitions; the gain is that of the grand one.
    function _exact(uint256 n) internal returns (int64 gain, bytes memory table) {
        table = new bytes(8);
        for (uint256 mask = 1; mask < 1 << n; mask++) {
            gain = int64(int256(_draw(300_000_000)) - 60_000_000);
            table = bytes.concat(table, bytes8(uint64(gain)));
        }
    }

    /// @notice Scores of n contributors in 1e-9 nat, a ridge term, and the secrets that give them:
    ///         1e9 · score · 2^58 / 1e9 = 1e9 · R − weight · kappa, rounded down.
    function _secrets(IJobTypes.JobTerms memory terms) internal returns (int64 total, int64 kappa, uint256[] memory secrets) {
        uint256 n = terms.assets.length;
        secrets = new uint256[](n);
        kappa = _once(3) ? int64(0) : int64(int256(_draw(1e12)));
        for (uint256 i = 0; i < n; i++) {
            int256 score = int256(_draw(90_000_000)) - 15_000_000;
            total += int64(score);
            int256 sum = (score << 58) + int256(uint256(terms.assets[i].weight)) * kappa;
            int256 value = sum >= 0 ? sum / 1e9 : -((1e9 - 1 - sum) / 1e9);
            secrets[i] = value >= 0 ? uint256(value) % PRIME : PRIME - uint256(-value) % PRIME;
        }
    }

    /// @notice Words of one seat: the value at its place of a polynomial of degree t through each secret.
    function _wordsOf(uint256[] memory secrets, uint256 seat, uint256 t, bytes32 salt)
        internal
        pure
        returns (bytes memory words)
    {
        for (uint256 i = 0; i < secrets.length; i++) {
            (uint256 value, uint256 power) = (secrets[i], 1);
            for (uint256 degree = 1; degree <= t; degree++) {
                power = power * (seat + 1) % PRIME;
                uint256 coefficient = uint256(keccak256(abi.encode(salt, i, degree))) % PRIME;
                value = addmod(value, mulmod(coefficient, power, PRIME), PRIME);
            }
            words = bytes.concat(words, bytes8(uint64(value)));
        }
    }
}
