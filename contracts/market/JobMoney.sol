// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Words} from "../settlement/Words.sol";
import {IJobTypes} from "./IJobTypes.sol";
import {Progress} from "./RoundsWord.sol";

/// @title JobMoney
/// @notice Amounts that follow from a job's terms, in stable minor units. Divisions round down; what is lost goes back to the buyer.
library JobMoney {
    using Words for int256[];

    /// @notice What a job holds for its parties: base, performance, oracle fee and prices (not the deposit).
    function escrowOf(IJobTypes.JobTerms memory terms) internal pure returns (uint256 sum) {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        // Unchecked: amounts below 2^128, and fewer of them than calldata has words.
        unchecked {
            sum = uint256(terms.base) + terms.performance + terms.oracleFee;
            uint256 n = assets.length;
            for (uint256 i = 0; i < n; i++) {
                sum += assets[i].price;
            }
        }
    }

    /// @notice ceil(bondFactorBps · escrow / 10 000 / k): the seats' bonds together reach the factor.
    function seatBondUp(IJobTypes.Head calldata head, uint256 bondFactorBps) internal pure returns (uint256) {
        uint256 divisor = 10_000 * head.shape.k();
        return (head.limits.escrow() * bondFactorBps + divisor - 1) / divisor;
    }

    /// @notice Rounds that are paid for: all of them, unless training ended because a party was absent.
    function paidRounds(Progress progress, uint256 all) internal pure returns (uint256) {
        return progress.reason() == uint256(IJobTypes.FinishReason.Absent) ? progress.completed() : all;
    }

    /// @notice amount · part / whole, rounded down.
    function scaleDown(uint256 amount, uint256 part, uint256 whole) internal pure returns (uint256) {
        return part == whole ? amount : amount * part / whole;
    }

    /// @notice The treasury's part of `amount`, rounded down; taken before anything is divided, so that the parts add up to the rest.
    /// @param feeBps basis points; amount below 2^128
    function feeDown(uint256 amount, uint256 feeBps) internal pure returns (uint256) {
        unchecked {
            return amount * feeBps / 10_000;
        }
    }

    /// @notice performance · clamp((U_T − U_0)/(U_target − U_0), 0, 1), rounded down (protocol, section 6).
    /// @dev A target that the start already meets leaves no distance to cover: any gain then earns all, no gain nothing.
    function performanceDown(IJobTypes.JobTerms memory terms, int256 utilityStart, int256 utilityEnd)
        internal
        pure
        returns (uint256)
    {
        int256 gain = utilityEnd - utilityStart;
        int256 distance = int256(terms.utilityTarget) - utilityStart;
        if (gain <= 0) return 0;
        if (gain >= distance) return terms.performance;
        return uint256(terms.performance) * uint256(gain) / uint256(distance);
    }

    /// @notice Weights p_i of the contributors in `cohort`, 0 for the others.
    function weightsOf(IJobTypes.JobTerms memory terms, uint256 cohort) internal pure returns (int256[] memory weights) {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        uint256 n = assets.length;
        weights = new int256[](n);
        unchecked {
            for (uint256 i = 0; i < n; i++) {
                if ((cohort >> i) & 1 == 1) weights.put(i, int256(uint256(assets[i].weight)));
            }
        }
    }
}
