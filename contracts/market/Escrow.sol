// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EscrowBook} from "./EscrowBook.sol";
import {IEarnedToken} from "./IEarnedToken.sol";
import {IEscrow} from "./IEscrow.sol";

/// @title Escrow
/// @notice Balances of participants inside the market, one slot each; jobs move money between balances only.
/// @dev Invariant: the contract's stable balance = sum of all credits + what open jobs hold. `withdraw` takes the credit before it
///      calls a token. `deposit` measures what came in, so a call back into `deposit` or `withdraw` from a token breaks the
///      measure of the outer call, which reverts: no guard slot is needed on either.
abstract contract Escrow is IEscrow, EscrowBook {
    using SafeERC20 for IERC20;

    IERC20 public immutable stableToken;
    IEarnedToken public immutable incentiveToken;

    constructor(IERC20 stableToken_, IEarnedToken incentiveToken_) {
        (stableToken, incentiveToken) = (stableToken_, incentiveToken_);
    }

    /// @inheritdoc IEscrow
    function deposit(uint128 amount) public {
        if (amount == 0) revert Escrow_ZeroAmount();
        uint256 before = stableToken.balanceOf(address(this));
        stableToken.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = stableToken.balanceOf(address(this)) - before;
        if (received != amount) revert Escrow_AmountNotReceived(received, amount);
        _credit(msg.sender, amount);
        emit Deposited(msg.sender, amount);
    }

    /// @inheritdoc IEscrow
    /// @dev Anyone who saw the permit can use it up first; the allowance then stands and the deposit goes through.
    function depositWithPermit(uint128 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        try IERC20Permit(address(stableToken)).permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        deposit(amount);
    }

    /// @inheritdoc IEscrow
    function withdraw(uint128 stable, uint128 incentive) external {
        Credit memory held = _creditOf(msg.sender);
        if (stable == type(uint128).max) stable = held.stable;
        if (incentive == type(uint128).max) incentive = held.incentive;
        if (stable == 0 && incentive == 0) revert Escrow_ZeroAmount();
        _debit(msg.sender, stable, incentive);
        emit Withdrawn(msg.sender, stable, incentive);
        if (stable > 0) stableToken.safeTransfer(msg.sender, stable);
        if (incentive > 0) incentiveToken.mintEarned(msg.sender, incentive);
    }

    /// @inheritdoc IEscrow
    function creditOf(address account) external view returns (Credit memory) {
        return _creditOf(account);
    }
}
