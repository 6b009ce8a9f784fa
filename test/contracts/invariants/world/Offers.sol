// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {People} from "./People.sol";
import {RuleKeeping} from "./RuleKeeping.sol";

/// @notice Terms of jobs that buyers might post.
abstract contract Offers is RuleKeeping {
    uint256 private _offers;

    /// @notice Without noise always the same three banks, with noise two or three of four.
    function _offer() internal returns (IJobTypes.JobTerms memory terms, uint8[] memory banks) {
        bool noisy = _once(2);
        banks = _cohort(noisy);
        (terms.specHash, terms.codeHash, terms.validationRoot) = ("spec", "code", keccak256(abi.encode(_offers++)));
        terms.legalBasis = 5;
        terms.aggregation = uint8(_draw(3));
        terms.rounds = uint16(2 + _draw(2));
        (terms.noiseMilli, terms.k, terms.m, terms.t, terms.f) = (noisy ? 1000 : 0, 4, 3, 1, 1);
        if (_once(6)) (terms.k, terms.m, terms.t) = (5, 4, uint8(1 + _draw(2)));
        terms.base = uint128(_amount(1e9));
        terms.performance = uint128(_amount(5e9));
        terms.oracleFee = uint128(_amount(25e7));
        terms.utilityTarget = -350_000_000;
        (terms.startSeconds, terms.roundSeconds, terms.proposeSeconds) = (STEP_SECONDS, STEP_SECONDS, STEP_SECONDS);
        (terms.challengeSeconds, terms.retentionDays, terms.rulesVersion) = (CHALLENGE_SECONDS, 3650, _validRules());
        (terms.validationRows, terms.parameters) = (2000, 24);
        if (_once(3)) terms.evaluator = _accounts[People.EVALUATOR];
        terms.assets = _uses(banks, noisy ? _rho(terms.rounds) : 0);
    }

    /// @dev ceil(releases · 5e14 / 1000²).
    function _rho(uint256 releases) internal pure returns (uint64) {
        return uint64(releases * 5e8);
    }

    function _cohort(bool noisy) private returns (uint8[] memory banks) {
        uint256 left = noisy ? _draw(People.BANKS + 1) : People.BANKS - 1;
        uint256 n = noisy && _once(3) ? 2 : 3;
        banks = new uint8[](n);
        uint256 at;
        for (uint256 bank = 0; at < n && bank < People.BANKS; bank++) {
            // As many banks as are still needed come in any case.
            if (bank == left && People.BANKS - bank > n - at) continue;
            banks[at++] = uint8(bank);
        }
    }

    function _uses(uint8[] memory banks, uint64 rho) internal view returns (IAssetRegistry.AssetUse[] memory uses) {
        uint256 n = banks.length;
        uses = new IAssetRegistry.AssetUse[](n);
        (uint256 sum, uint256 left) = (0, 1e9);
        for (uint256 i = 0; i < n; i++) {
            sum += _rowsOf(banks[i]);
        }
        for (uint256 i = 0; i < n; i++) {
            Holding storage holding = _holdings[banks[i]][0];
            uint256 weight = _rowsOf(banks[i]) * 1e9 / sum;
            uses[i] = IAssetRegistry.AssetUse(holding.assetId, holding.version, uint32(weight), rho, uint128(1e6 + i));
            left -= weight;
        }
        for (uint256 i = 0; left > 0; i++) {
            if (_rowsOf(banks[i]) * 1e9 % sum == 0) continue;
            uses[i].weight++;
            left--;
        }
    }

    function _rowsOf(uint256 bank) private view returns (uint256) {
        return abi.decode(_holdings[bank][0].listing, (IAssetRegistry.Listing)).version.rows;
    }
}
