// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Escrow} from "../../../contracts/market/Escrow.sol";
import {IEarnedToken} from "../../../contracts/market/IEarnedToken.sol";

/// @notice Escrow with the moves that jobs make, open to anyone: money leaves a balance for a job and comes back to a balance.
contract EscrowHarness is Escrow {
    /// @notice Stable tokens that open jobs hold.
    uint256 public held;

    constructor(IERC20 stable, IEarnedToken incentive) Escrow(stable, incentive) {}

    function lock(address account, uint128 stable) external {
        _debit(account, stable);
        held += stable;
    }

    function lockJob(address account, uint128 stable, uint256 most) external {
        _openJob(account, stable, most);
        held += stable;
    }

    function returnJob(address account, uint128 stable) external {
        held -= stable;
        _closeJob(account, stable);
    }

    function openJobsOf(address account) external view returns (uint256) {
        return _openJobsOf(account);
    }

    function pay(address account, uint128 stable, uint128 incentive) external virtual {
        held -= stable;
        _credit(account, stable, incentive);
    }
}

/// @notice Planted bugs: what the guards of Escrow prevent.
contract BrokenEscrow is EscrowHarness {
    using SafeERC20 for IERC20;

    constructor(IERC20 stable, IEarnedToken incentive) EscrowHarness(stable, incentive) {}

    /// @notice Credits what was announced, not what came in.
    function depositUnmeasured(uint128 amount) external {
        stableToken.safeTransferFrom(msg.sender, address(this), amount);
        _credit(msg.sender, amount);
    }

    /// @notice Pays first and takes the credit after it, by the balance read before.
    function withdrawPayingFirst(uint128 amount) external {
        uint128 before = _creditOf(msg.sender).stable;
        require(before >= amount, "too small");
        stableToken.safeTransfer(msg.sender, amount);
        _debit(msg.sender, _creditOf(msg.sender).stable);
        _credit(msg.sender, before - amount);
    }

    /// @notice Credits a unit that no job held.
    function pay(address account, uint128 stable, uint128 incentive) external override {
        held -= stable;
        _credit(account, uint256(stable) + 1, incentive);
    }
}
