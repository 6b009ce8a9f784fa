// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Panic} from "@openzeppelin/contracts/utils/Panic.sol";
import {IEarnedToken} from "../../../contracts/market/IEarnedToken.sol";
import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {EscrowHarness} from "../harness/EscrowHarness.sol";
import {FeeToken} from "../harness/HostileTokens.sol";
import {PlainToken} from "../harness/PlainToken.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice The balances' slot: what does not fit it, what is not there, and who has too many jobs open.
contract BalancesTest {
    address private constant WHO = address(0xA11CE);
    uint128 private constant HALF = 1 << 127;

    EscrowHarness private _escrow;

    function setUp() public {
        _escrow = new EscrowHarness(new PlainToken(), IEarnedToken(address(1)));
        _give(HALF, 0);
    }

    function test_ACreditThatDoesNotFitIsRefusedAndNotCutOff() public {
        _setHeld(type(uint256).max);
        _panics(abi.encodeCall(EscrowHarness.pay, (WHO, HALF, 0)));
        _panics(abi.encodeCall(EscrowHarness.pay, (WHO, 0, 1 << 112)));
        _give(0, (1 << 112) - 1);
        _panics(abi.encodeCall(EscrowHarness.pay, (WHO, 0, 1)));
        require(_escrow.creditOf(WHO).stable == HALF, "another balance");
    }

    function test_AJobIsCountedWithTheMoneyItTakes() public {
        bytes memory poor = abi.encodeWithSelector(IEscrow.Escrow_BalanceTooSmall.selector, WHO, HALF, uint256(HALF) + 1);
        _refused(abi.encodeCall(EscrowHarness.lockJob, (WHO, HALF + 1, 2)), poor);
        _escrow.lockJob(WHO, 5, 2);
        _escrow.lockJob(WHO, 6, 2);
        bytes memory many = abi.encodeWithSelector(IEscrow.Escrow_TooManyOpenJobs.selector, WHO, 2, 2);
        _refused(abi.encodeCall(EscrowHarness.lockJob, (WHO, 0, 2)), many);
        require(_escrow.openJobsOf(WHO) == 2 && _escrow.creditOf(WHO).stable == HALF - 11, "not counted");
        _escrow.returnJob(WHO, 11);
        require(_escrow.openJobsOf(WHO) == 1 && _escrow.creditOf(WHO).stable == HALF, "not given back");
        _setHeld(type(uint256).max);
        _panics(abi.encodeCall(EscrowHarness.returnJob, (WHO, HALF)));
    }

    function test_WhatIsNotThereIsNotTaken() public {
        bytes memory poor = abi.encodeWithSelector(IEscrow.Escrow_BalanceTooSmall.selector, WHO, HALF, uint256(HALF) + 1);
        _refused(abi.encodeCall(EscrowHarness.lock, (WHO, HALF + 1)), poor);
    }

    /// @dev Of a token that keeps a part of each transfer less comes in than was announced.
    function test_ADepositCountsWhatCameIn() public {
        FeeToken token = new FeeToken(address(this), 100);
        _escrow = new EscrowHarness(token, IEarnedToken(address(1)));
        token.approve(address(_escrow), 100);
        bytes memory less = abi.encodeWithSelector(IEscrow.Escrow_AmountNotReceived.selector, 9, 10);
        _refused(abi.encodeCall(IEscrow.deposit, (10)), less);
    }

    /// @dev Credits as a job would pay them.
    function _give(uint128 stable, uint128 incentive) private {
        _setHeld(stable);
        _escrow.pay(WHO, stable, incentive);
    }

    /// @dev `held` is the harness's own second slot, behind the balances.
    function _setHeld(uint256 amount) private {
        vm.store(address(_escrow), bytes32(uint256(1)), bytes32(amount));
        require(_escrow.held() == amount, "another slot");
    }

    function _panics(bytes memory call) private {
        _refused(call, abi.encodeWithSignature("Panic(uint256)", Panic.UNDER_OVERFLOW));
    }

    function _refused(bytes memory call, bytes memory refusal) private {
        (bool done, bytes memory answer) = address(_escrow).call(call);
        require(!done && keccak256(answer) == keccak256(refusal), "refused otherwise, or not");
    }
}
