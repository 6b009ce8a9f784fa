// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EscrowHandler} from "../harness/EscrowHandler.sol";
import {BrokenEscrow, EscrowHarness} from "../harness/EscrowHarness.sol";
import {PlainToken} from "../harness/PlainToken.sol";

contract EscrowConservationTest {
    EscrowHandler private _handler;

    function setUp() public {
        (PlainToken stable, PlainToken incentive) = (new PlainToken(), new PlainToken());
        _handler = new EscrowHandler(new EscrowHarness(stable, incentive), stable, incentive);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.runs = 32
    /// hardhat-config: invariant.depth = 100
    function invariant_TheEscrowHoldsWhatItOwes() public view {
        require(_handler.holds(), "the escrow's tokens are not its credits and what jobs hold");
    }

    function test_TheHandlerGetsCallsThrough() public {
        _run(_handler);
        require(_handler.accepted() > 100, "hardly any call went through");
        require(_handler.holds(), "the invariant broke");
    }

    function test_TheInvariantCatchesThePlantedBug() public {
        (PlainToken stable, PlainToken incentive) = (new PlainToken(), new PlainToken());
        EscrowHandler broken = new EscrowHandler(new BrokenEscrow(stable, incentive), stable, incentive);
        _run(broken);
        require(!broken.holds(), "the planted bug went unseen");
    }

    function _run(EscrowHandler handler) private {
        for (uint256 i = 0; i < 300; i++) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            (uint256 who, uint128 amount) = (random >> 200, uint128(random >> 8) % 1e6);
            if (i % 5 == 0) handler.deposit(who, 1e8);
            else if (i % 5 == 1) handler.lock(who, amount);
            else if (i % 5 == 2) handler.pay(who, amount, uint128(random >> 90));
            else if (i % 5 == 3) handler.withdraw(who, amount, uint128(random >> 90) % 1e4);
            else if (i % 50 == 4) handler.withdrawAll(who);
        }
    }
}
