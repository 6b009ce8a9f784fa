// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";
import {PrivacyLedger} from "../../../contracts/ledger/PrivacyLedger.sol";
import {BrokenPrivacyLedger} from "../harness/BrokenPrivacyLedger.sol";
import {OpenAuthority} from "../harness/OpenAuthority.sol";
import {PrivacyHandler} from "../harness/PrivacyHandler.sol";

contract PrivacyBudgetTest {
    PrivacyHandler private _handler;

    function setUp() public {
        PrivacyLedger ledger = new PrivacyLedger(address(new OpenAuthority()));
        _handler = new PrivacyHandler(ledger);
        ledger.setWriter(address(_handler), true);
        _handler.open();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.runs = 32
    /// hardhat-config: invariant.depth = 100
    function invariant_SpentAndReservedStayWithinTheCap() public view {
        require(_handler.holds(), "spent + reserved > cap, or not what was written");
    }

    /// @dev The calls of the handler are not all refused: else the invariant would hold of nothing.
    function test_TheHandlerGetsCallsThrough() public {
        _run(_handler);
        require(_handler.accepted() > 20, "hardly any call went through");
        require(_handler.holds(), "the invariant broke");
    }

    function test_TheInvariantCatchesThePlantedBug() public {
        PrivacyHandler broken = new PrivacyHandler(IPrivacyLedger(address(new BrokenPrivacyLedger())));
        broken.open();
        _run(broken);
        require(!broken.holds(), "the planted bug went unseen");
    }

    /// hardhat-config: fuzz.runs = 200
    function testFuzz_AReservationGoesThroughWhenItFits(uint64 cap, uint64 first, uint64 second) public {
        PrivacyLedger ledger = new PrivacyLedger(address(new OpenAuthority()));
        ledger.setWriter(address(this), true);
        ledger.open("p", address(this), cap);
        require(_reserves(ledger, first) == (first <= cap), "first");
        uint64 held = first <= cap ? first : 0;
        require(_reserves(ledger, second) == (second <= cap - held), "second");
    }

    function _reserves(PrivacyLedger ledger, uint64 amount) private returns (bool) {
        (bytes32[] memory ids, uint64[] memory amounts) = (new bytes32[](1), new uint64[](1));
        (ids[0], amounts[0]) = ("p", amount);
        try ledger.reserve(ids, amounts) {
            return true;
        } catch {
            return false;
        }
    }

    function _run(PrivacyHandler handler) private {
        for (uint256 i = 0; i < 200; i++) {
            uint256 random = uint256(keccak256(abi.encode(i)));
            uint64 amount = uint64(random >> 8) % 400;
            if (random & 1 == 0) handler.reserve(random >> 200, amount);
            else handler.close(random >> 200, amount, uint64(random >> 80) % (amount + 1));
        }
    }
}
