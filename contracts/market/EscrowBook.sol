// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {IEscrow} from "./IEscrow.sol";

/// @title EscrowBook
/// @notice The balances themselves, and how many jobs each account has open: one slot an account, moved by whoever inherits.
/// @dev A job is counted where its buyer's balance is written anyhow: when its escrow is taken, and when what is left comes back.
abstract contract EscrowBook {
    uint256 private constant STABLE_BITS = 128;
    uint256 private constant STABLE = (1 << STABLE_BITS) - 1;
    /// @dev 5e15 incentive tokens of 18 decimals: more than any cap.
    uint256 private constant INCENTIVE_BITS = 112;
    uint256 private constant INCENTIVE = (1 << INCENTIVE_BITS) - 1;
    uint256 private constant ONE_JOB = 1 << 240;

    /// @dev open jobs (16 bits from 240) | incentive (112 from 128) | stable (128 from 0)
    mapping(address account => uint256) private _credits;

    function _creditOf(address account) internal view returns (IEscrow.Credit memory) {
        uint256 word = _credits[account];
        return IEscrow.Credit(uint128((word & STABLE) + _owedTo(account)), uint128(word >> STABLE_BITS & INCENTIVE));
    }

    /// @dev Stable minor units of the account's that wait elsewhere until it asks for them.
    function _owedTo(address) internal view virtual returns (uint256) {
        return 0;
    }

    /// @dev Moves what waits for the account to its credit.
    function _collect(address) internal virtual {}

    function _openJobsOf(address account) internal view returns (uint256) {
        return _credits[account] / ONE_JOB;
    }

    function _credit(address account, uint256 stable) internal {
        _credit(account, stable, 0);
    }

    /// @dev `stable` and `incentive` below 2^128; the sums are checked. One read and one write of the slot, whole: settlement does
    ///      this for every party of a job.
    function _credit(address account, uint256 stable, uint256 incentive) internal {
        if (stable | incentive == 0) return;
        uint256 word = _credits[account];
        unchecked {
            stable += word & STABLE;
            incentive += word >> STABLE_BITS & INCENTIVE;
        }
        if (stable >> STABLE_BITS | incentive >> INCENTIVE_BITS != 0) Panic.panic(Panic.UNDER_OVERFLOW);
        _credits[account] = (word >> 240) << 240 | incentive << STABLE_BITS | stable;
    }

    /// @dev Takes `stable` for a job of an account that has fewer than `most` open.
    function _openJob(address account, uint256 stable, uint256 most) internal {
        uint256 word = _credits[account];
        uint256 held = word & STABLE;
        if (held < stable) revert IEscrow.Escrow_BalanceTooSmall(account, held, stable);
        if (word / ONE_JOB >= most) revert IEscrow.Escrow_TooManyOpenJobs(account, word / ONE_JOB, most);
        unchecked {
            _credits[account] = word - stable + ONE_JOB;
        }
    }

    /// @dev Gives back what a job leaves, below 2^128, which is open no more.
    function _closeJob(address account, uint256 stable) internal {
        uint256 word = _credits[account];
        stable += word & STABLE;
        if (stable >> STABLE_BITS != 0) Panic.panic(Panic.UNDER_OVERFLOW);
        _credits[account] = (word - ONE_JOB & ~STABLE) | stable;
    }

    function _debit(address account, uint256 stable) internal {
        if (!_tryDebit(account, stable)) {
            revert IEscrow.Escrow_BalanceTooSmall(account, _credits[account] & STABLE, stable);
        }
    }

    /// @dev Takes both amounts out of an account that holds them.
    function _debit(address account, uint128 stable, uint128 incentive) internal {
        _collect(account);
        IEscrow.Credit memory held = _creditOf(account);
        if (stable > held.stable) revert IEscrow.Escrow_BalanceTooSmall(account, held.stable, stable);
        if (incentive > held.incentive) revert IEscrow.Escrow_BalanceTooSmall(account, held.incentive, incentive);
        _credits[account] -= uint256(incentive) << STABLE_BITS | stable;
    }

    /// @dev Takes `stable` from an account that has it; false, and nothing taken, from one that has less.
    function _tryDebit(address account, uint256 stable) internal returns (bool) {
        uint256 word = _credits[account];
        if (word & STABLE < stable) return false;
        unchecked {
            _credits[account] = word - stable;
        }
        return true;
    }
}
