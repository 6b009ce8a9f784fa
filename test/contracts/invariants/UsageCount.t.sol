// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {UsageLedger} from "../../../contracts/ledger/UsageLedger.sol";
import {BrokenUsageLedger} from "../harness/BrokenUsageLedger.sol";
import {MountainRangeCheck} from "../harness/MountainRangeCheck.sol";
import {OpenAuthority} from "../harness/OpenAuthority.sol";
import {UsageHandler} from "../harness/UsageHandler.sol";

contract UsageCountTest {
    UsageHandler private _handler;

    function setUp() public {
        UsageLedger ledger = new UsageLedger(address(new OpenAuthority()));
        _handler = new UsageHandler(ledger);
        ledger.setWriter(address(_handler), true);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// hardhat-config: invariant.runs = 8
    /// hardhat-config: invariant.depth = 50
    function invariant_TheRangeIsThatOfAllLeavesAppended() public view {
        require(_handler.holds(), "size or mountains are not those of the leaves");
    }

    function test_TheHandlerGetsCallsThrough() public {
        for (uint256 i = 0; i < 60; i++) {
            _handler.append(i, i);
        }
        require(_handler.count() == 90 && _handler.holds(), "90 leaves of 60 calls");
    }

    /// @dev One carry is not enough from the fourth leaf on; with three leaves the bug cannot be seen.
    function test_TheInvariantCatchesThePlantedBug() public {
        require(_rightWith(3), "a range of three needs one carry");
        require(!_rightWith(4), "the planted bug went unseen");
    }

    function _rightWith(uint256 size) private returns (bool) {
        BrokenUsageLedger broken = new BrokenUsageLedger();
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; i++) {
            leaves[i] = keccak256(abi.encode(i));
            broken.appendLeaf(leaves[i]);
        }
        return MountainRangeCheck.equal(broken.peaks(), MountainRangeCheck.peaks(leaves));
    }
}
