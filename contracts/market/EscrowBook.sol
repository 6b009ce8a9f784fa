// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {IEscrow} from "./IEscrow.sol";

/// @title EscrowBook
/// @notice The balances themselves: one slot an account, moved by whoever inherits.
abstract contract EscrowBook {
    mapping(address account => IEscrow.Credit) private _credits;

    function _creditOf(address account) internal view returns (IEscrow.Credit memory) {
        return _credits[account];
    }

    function _credit(address account, uint256 stable) internal {
        _credit(account, stable, 0);
    }

    /// @dev `stable` and `incentive` below 2^128; the sums are checked. One read and one write of the slot, whole: settlement does
    ///      this for every party of a job.
    function _credit(address account, uint256 stable, uint256 incentive) internal {
        if (stable | incentive == 0) return;
        IEscrow.Credit storage held = _credits[account];
        uint256 word;
        assembly ("memory-safe") {
            word := sload(held.slot)
        }
        uint256 incentiveHeld;
        unchecked {
            (stable, incentiveHeld) = (uint128(word) + stable, (word >> 128) + incentive);
        }
        if ((stable | incentiveHeld) >> 128 != 0) Panic.panic(Panic.UNDER_OVERFLOW);
        assembly ("memory-safe") {
            sstore(held.slot, or(shl(128, incentiveHeld), stable))
        }
    }

    function _debit(address account, uint256 stable) internal {
        uint256 held = _credits[account].stable;
        if (held < stable) revert IEscrow.Escrow_BalanceTooSmall(account, held, stable);
        _credits[account].stable = uint128(held - stable);
    }

    /// @dev Takes both amounts out of an account that holds them.
    function _debit(address account, uint128 stable, uint128 incentive) internal {
        IEscrow.Credit memory held = _credits[account];
        if (stable > held.stable) revert IEscrow.Escrow_BalanceTooSmall(account, held.stable, stable);
        if (incentive > held.incentive) revert IEscrow.Escrow_BalanceTooSmall(account, held.incentive, incentive);
        _credits[account] = IEscrow.Credit(held.stable - stable, held.incentive - incentive);
    }

    /// @dev Takes `stable` from an account that has it; false, and nothing taken, from one that has less.
    function _tryDebit(address account, uint128 stable) internal returns (bool) {
        uint128 held = _credits[account].stable;
        if (held < stable) return false;
        unchecked {
            _credits[account].stable = held - stable;
        }
        return true;
    }
}
