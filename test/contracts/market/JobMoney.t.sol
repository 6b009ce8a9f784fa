// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {HeadWords} from "../../../contracts/market/HeadWords.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {RoundsWord} from "../../../contracts/market/RoundsWord.sol";
import {MarketArithmetic} from "../harness/MarketArithmetic.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice Bounds that hold of a job's amounts whatever its terms say.
contract JobMoneyTest {
    MarketArithmetic private _market = new MarketArithmetic();

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_TheEscrowIsTheSumOfItsParts(uint128 base, uint128 performance, uint128 fee, uint128[5] calldata prices)
        public
        view
    {
        IJobTypes.JobTerms memory terms;
        (terms.base, terms.performance, terms.oracleFee) = (base, performance, fee);
        terms.assets = new IAssetRegistry.AssetUse[](5);
        uint256 sum = uint256(base) + performance + fee;
        for (uint256 i = 0; i < 5; i++) {
            terms.assets[i].price = prices[i];
            sum += prices[i];
        }
        require(_market.escrowOf(terms) == sum, "another sum");
    }

    /// @notice The seats' bonds together reach the factor, by less than one unit a seat.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_BondsTogetherReachTheFactor(uint128 escrow, uint32 factor, uint8 k) public view {
        vm.assume(k > 0);
        IJobTypes.Head memory head;
        head.shape = HeadWords.packShape(address(1), 2, 3, k, 1, 1, true);
        head.limits = HeadWords.packLimits(escrow, 1, 1, 1);
        uint256 bonds = _market.seatBondUp(head, factor) * k;
        uint256 needed = uint256(escrow) * factor;
        require(bonds * 10_000 >= needed, "bonds that do not reach");
        require((bonds == 0 ? 0 : (bonds - k) * 10_000) <= needed, "bonds beyond the rounding");
    }

    /// @notice A part of an amount never exceeds it, grows with the part, and the parts of a whole lose less than one unit each.
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_PartsOfAnAmount(uint128 amount, uint16 part, uint16 whole) public view {
        vm.assume(whole > 0 && part <= whole);
        uint256 paid = _market.scaleDown(amount, part, whole);
        uint256 rest = _market.scaleDown(amount, whole - part, whole);
        require(paid + rest <= amount && uint256(amount) - paid - rest <= 1, "the parts are not the amount");
        require(part == 0 || _market.scaleDown(amount, part - 1, whole) <= paid, "a larger part is less");
        require(paid * whole <= uint256(amount) * part, "rounded up");
    }

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_PerformanceGrowsWithUtility(uint128 performance, int64 target, int64 start, int64 end, int64 better)
        public
        view
    {
        vm.assume(target <= 0 && end <= better);
        IJobTypes.JobTerms memory terms;
        (terms.performance, terms.utilityTarget) = (performance, target);
        uint256 paid = _market.performanceDown(terms, start, end);
        require(paid <= performance, "more than was promised");
        require(paid <= _market.performanceDown(terms, start, better), "less for more");
        if (end <= start) require(paid == 0, "paid without a gain");
        else if (end >= target) require(paid == performance, "the target was reached");
        else require(paid == uint256(performance) * uint256(int256(end) - start) / uint256(int256(target) - start), "another part");
    }

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_PaidRoundsAreAllUnlessSomebodyWasAbsent(uint16 completed, uint16 all, uint8 reason) public view {
        uint256 paid = _market.paidRounds(RoundsWord.packProgress(0, 0, 0, completed, reason % 3), all);
        require(paid == (reason % 3 == 2 ? completed : all), "other rounds");
    }

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_WhoIsNotInTheCohortHasNoWeight(uint32[6] calldata weights, uint256 cohort) public view {
        IJobTypes.JobTerms memory terms;
        terms.assets = new IAssetRegistry.AssetUse[](6);
        for (uint256 i = 0; i < 6; i++) {
            terms.assets[i].weight = weights[i];
        }
        int256[] memory found = _market.weightsOf(terms, cohort);
        for (uint256 i = 0; i < 6; i++) {
            require(found[i] == ((cohort >> i) & 1 == 1 ? int256(uint256(weights[i])) : int256(0)), "another weight");
        }
    }
}
