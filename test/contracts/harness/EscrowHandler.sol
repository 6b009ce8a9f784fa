// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EscrowHarness} from "./EscrowHarness.sol";
import {PlainToken} from "./PlainToken.sol";

/// @notice One holder of a balance.
contract EscrowActor {
    constructor(EscrowHarness escrow, PlainToken stable) {
        stable.approve(address(escrow), type(uint256).max);
    }

    function deposit(EscrowHarness escrow, uint128 amount) external {
        escrow.deposit(amount);
    }

    function withdraw(EscrowHarness escrow, uint128 stable, uint128 incentive) external {
        escrow.withdraw(stable, incentive);
    }
}

/// @notice Random deposits, withdrawals and moves of jobs between four holders.
contract EscrowHandler {
    EscrowHarness public immutable escrow;
    PlainToken public immutable stable;
    PlainToken public immutable incentive;
    EscrowActor[4] public actors;
    uint256 public credited;
    uint256 public accepted;

    constructor(EscrowHarness escrow_, PlainToken stable_, PlainToken incentive_) {
        (escrow, stable, incentive) = (escrow_, stable_, incentive_);
        for (uint256 i = 0; i < 4; i++) {
            actors[i] = new EscrowActor(escrow, stable);
            stable.mint(address(actors[i]), 1e12);
        }
    }

    function deposit(uint256 who, uint128 amount) external {
        try actors[who % 4].deposit(escrow, amount % 1e9) {
            accepted++;
        } catch {}
    }

    function withdraw(uint256 who, uint128 amount, uint128 earned) external {
        try actors[who % 4].withdraw(escrow, amount % 1e9, earned % 1e9) {
            accepted++;
        } catch {}
    }

    function withdrawAll(uint256 who) external {
        try actors[who % 4].withdraw(escrow, type(uint128).max, type(uint128).max) {
            accepted++;
        } catch {}
    }

    function lock(uint256 who, uint128 amount) external {
        try escrow.lock(address(actors[who % 4]), amount % 1e9) {
            accepted++;
        } catch {}
    }

    function pay(uint256 who, uint128 amount, uint128 earned) external {
        try escrow.pay(address(actors[who % 4]), amount % 1e9, earned % 1e9) {
            credited += earned % 1e9;
            accepted++;
        } catch {}
    }

    /// @notice Invariant 2.
    function holds() external view returns (bool) {
        (uint256 stableCredits, uint256 incentiveCredits) = (0, 0);
        for (uint256 i = 0; i < 4; i++) {
            stableCredits += escrow.creditOf(address(actors[i])).stable;
            incentiveCredits += escrow.creditOf(address(actors[i])).incentive;
        }
        bool conserved = stable.balanceOf(address(escrow)) == stableCredits + escrow.held();
        return conserved && incentive.totalSupply() + incentiveCredits == credited;
    }
}
