// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {SumsRules} from "../../../contracts/market/SumsRules.sol";
import {MarketArithmetic} from "../harness/MarketArithmetic.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice Privacy spend, weights by rows, consents.
contract RulesTest {
    MarketArithmetic private _market = new MarketArithmetic();

    /// @notice rho is the least integer that is not below releases · 5e14 / noise².
    /// hardhat-config: fuzz.runs = 500
    function testFuzz_RhoIsRoundedUpAndNoFurther(uint16 releases, uint32 noiseMilli) public view {
        uint256 noise = 10 + noiseMilli % 999_991;
        uint256 rho = _market.rhoNano(releases, noise);
        require(rho * noise * noise >= uint256(releases) * 5e14, "below");
        require(rho == 0 || (rho - 1) * noise * noise < uint256(releases) * 5e14, "too far");
        require(_market.rhoNano(releases, 0) == 0, "without noise");
    }

    /// @notice More rounds never cost less, more noise never more.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_RhoFollowsRoundsAndNoise(uint16 releases, uint16 more, uint32 noiseMilli, uint32 wider) public view {
        (uint256 noise, uint256 most) = (10 + noiseMilli % 500_000, 65_535);
        uint256 later = releases + uint256(more) > most ? most : releases + uint256(more);
        require(_market.rhoNano(later, noise) >= _market.rhoNano(releases, noise), "rounds for nothing");
        require(_market.rhoNano(releases, noise + wider % 500_000) <= _market.rhoNano(releases, noise), "noise that costs");
    }

    /// @notice Weights that follow the rows by rounding are taken, and none that is off by a whole part per billion.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_WeightsFollowRows(uint32[4] calldata rows, uint8 which) public view {
        IAssetRegistry.AssetUse[] memory uses = new IAssetRegistry.AssetUse[](4);
        (uint256[] memory counts, uint256 sum) = (new uint256[](4), 0);
        for (uint256 i = 0; i < 4; i++) {
            counts[i] = uint256(rows[i]) + 1;
            sum += counts[i];
        }
        for (uint256 i = 0; i < 4; i++) {
            // Down for some, up for others: every rounding of the exact part is less than one off.
            uint256 exact = counts[i] * 1e9;
            uses[i].weight = uint32((which >> i) & 1 == 1 ? (exact + sum - 1) / sum : exact / sum);
        }
        _market.checkWeights(uses, counts);
        uses[which % 4].weight += 2;
        (bool done,) = address(_market).staticcall(abi.encodeCall(MarketArithmetic.checkWeights, (uses, counts)));
        require(!done, "a weight that its rows do not give");
    }

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_RowsAndConsents(uint32 rows, uint24 parameters, uint8 consents, uint8 needed) public view {
        uint256 least = _market.leastRows(parameters);
        require(least == (uint256(parameters) * 20 > 1000 ? uint256(parameters) * 20 : 1000), "another minimum");
        bool fewRows = rows < least && consents & SumsRules.CONSENT_FEW_ROWS == 0;
        bytes memory asked = abi.encodeCall(MarketArithmetic.checkConsents, (3, rows, least, consents, needed));
        (bool done, bytes memory answer) = address(_market).staticcall(asked);
        require(done == (!fewRows && needed & ~consents == 0), "taken or refused against the rule");
        if (fewRows) require(bytes4(answer) == IJobTypes.JobMarket_TooFewRows.selector, "another error");
        else if (!done) require(bytes4(answer) == IJobTypes.JobMarket_MissingConsent.selector, "another error");
    }

    /// hardhat-config: fuzz.runs = 100
    function testFuzz_NoiseAsksForNothing(uint32 noiseMilli, uint8 aggregation, uint32 parameters) public view {
        IJobTypes.JobTerms memory terms;
        (terms.noiseMilli, terms.aggregation, terms.parameters) = (noiseMilli, aggregation % 3, parameters);
        uint256 consents = _market.neededConsents(terms);
        require(noiseMilli == 0 || (consents == 0 && _market.neededRows(terms) == 0), "noise, and more");
        if (noiseMilli == 0) require(consents == (aggregation % 3 == 0 ? 6 : 4), "other consents");
    }
}
