// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";
import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {PrivacyLedger} from "../../../contracts/ledger/PrivacyLedger.sol";
import {UsageLedger} from "../../../contracts/ledger/UsageLedger.sol";
import {OpenAuthority} from "../harness/OpenAuthority.sol";
import {RdpHarness} from "../harness/RdpHarness.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice Sampled releases against the caps of their orders, the arithmetic behind them, and who proves what to whom of the log.
contract LedgersTest {
    uint256 private constant ORDERS = 11;
    bytes32 private constant POPULATION = "customers";

    PrivacyLedger private _ledger;
    IPrivacyLedger.Sampled private _sampled;
    uint64[11] private _cost;

    function setUp() public {
        _ledger = new PrivacyLedger(address(new OpenAuthority()));
        _ledger.setWriter(address(this), true);
        _ledger.open(POPULATION, address(this), 1e9);
        _sampled = IPrivacyLedger.Sampled(1000, 1e7, 1000);
        _cost = _ledger.epsilonsOf(_sampled);
    }

    function test_SamplingBeyondItsRanges() public {
        _badSampling(IPrivacyLedger.Sampled(9, 1, 1), "noiseMilli");
        _badSampling(IPrivacyLedger.Sampled(1_000_001, 1, 1), "noiseMilli");
        _badSampling(IPrivacyLedger.Sampled(10, 0, 1), "samplePpb");
        _badSampling(IPrivacyLedger.Sampled(10, 1e9, 1), "samplePpb");
        _badSampling(IPrivacyLedger.Sampled(10, 1, 65_536), "releases");
        uint8[11] memory orders = _ledger.orders();
        require(orders[0] == 2 && orders[10] == 64, "other orders");
    }

    function test_OrdersAreCappedByTheHolderAndOnlyLowered() public {
        _refused(_capCall(2), IPrivacyLedger.PrivacyLedger_NotHolder.selector, abi.encode(address(1), address(this)), address(1));
        uint64[11] memory none;
        bytes memory call = abi.encodeCall(IPrivacyLedger.capOrders, (POPULATION, none));
        _refused(call, IPrivacyLedger.PrivacyLedger_NoCaps.selector, "", address(this));
        bytes memory reserve = abi.encodeCall(IPrivacyLedger.reserveSampled, (_one(), _sampled));
        _refused(reserve, IPrivacyLedger.PrivacyLedger_OrdersNotCapped.selector, abi.encode(POPULATION), address(this));
        _ledger.capOrders(POPULATION, _caps(2));
        bytes memory raised = abi.encode(2, _cost[0] * 3, _cost[0] * 2);
        _refused(_capCall(3), IPrivacyLedger.PrivacyLedger_CapRaised.selector, raised, address(this));
        _ledger.capOrders(POPULATION, _caps(1));
    }

    function test_SampledReleasesAreReservedAndClosedWhileSomeOrderIsWithinItsCap() public {
        _ledger.capOrders(POPULATION, _caps(2));
        _ledger.reserveSampled(_one(), _sampled);
        _ledger.reserveSampled(_one(), _sampled);
        bytes memory reserve = abi.encodeCall(IPrivacyLedger.reserveSampled, (_one(), _sampled));
        _refused(reserve, IPrivacyLedger.PrivacyLedger_OrdersExhausted.selector, abi.encode(POPULATION), address(this));
        bytes memory close = abi.encodeCall(IPrivacyLedger.closeSampled, (_one(), _sampled, 1001));
        _refused(close, IPrivacyLedger.PrivacyLedger_NotReserved.selector, abi.encode(0, 1000, 1001), address(this));
        _ledger.closeSampled(_one(), _sampled, 0);
        _ledger.closeSampled(_one(), _sampled, 500);
        IPrivacyLedger.OrderBudget memory held = _ledger.orderBudgetOf(POPULATION);
        require(held.reserved[5] == 0 && held.spent[5] != 0 && held.spent[5] < _cost[5], "not what was spent");
        close = abi.encodeCall(IPrivacyLedger.closeSampled, (_one(), _sampled, 1));
        bytes memory none = abi.encode(POPULATION, 0, _cost[0]);
        _refused(close, IPrivacyLedger.PrivacyLedger_NotReserved.selector, none, address(this));
    }

    /// @dev Rho of full batches counts at every order, a times.
    function test_FullBatchesCountAgainstTheOrdersToo() public {
        uint64[11] memory caps;
        caps[0] = 200;
        _ledger.capOrders(POPULATION, caps);
        (bytes32[] memory ids, uint64[] memory amounts) = (_one(), new uint64[](1));
        amounts[0] = 100;
        _ledger.reserve(ids, amounts);
        amounts[0] = 1;
        bytes memory reserve = abi.encodeCall(IPrivacyLedger.reserve, (ids, amounts));
        _refused(reserve, IPrivacyLedger.PrivacyLedger_OrdersExhausted.selector, abi.encode(POPULATION), address(this));
        IPrivacyLedger.Budget[] memory budgets = _ledger.budgetsOf(ids);
        require(budgets.length == 1 && budgets[0].reserved == 100, "another budget");
    }

    /// @dev Hardly any noise: the largest orders are beyond counting, and stay so whatever is given back.
    function test_AnOrderThatIsBeyondCountingStaysThere() public {
        IPrivacyLedger.Sampled memory loud = IPrivacyLedger.Sampled(10, 999_999_999, 65_535);
        uint64[11] memory caps = _ledger.epsilonsOf(loud);
        require(caps[10] == type(uint64).max, "counted");
        _ledger.capOrders(POPULATION, caps);
        _ledger.reserveSampled(_one(), loud);
        _ledger.closeSampled(_one(), loud, 0);
        IPrivacyLedger.OrderBudget memory held = _ledger.orderBudgetOf(POPULATION);
        require(held.reserved[10] == type(uint64).max, "given back though nobody knows how much it was");
        require(caps[0] == type(uint64).max || held.reserved[0] == 0, "kept though it was counted");
    }

    /// @dev e^0 = 1 and ln e = 1, both rounded up by less than 2^-120.
    function test_TheArithmeticRoundsUpAndByLittle() public {
        RdpHarness math = new RdpHarness();
        (uint256 m, int256 e) = math.exp(0);
        require(e == 0 && m >= 1 << 127 && m - (1 << 127) < 128, "e^0");
        (m, e) = math.exp(1 << 127);
        uint256 one = math.ln(m, e);
        require(one >= 1 << 127 && one - (1 << 127) < 1 << 10, "ln e");
        // Just below ln 2: the sum is carried into the next power of two by rounding up.
        (m, e) = math.exp(117932881612756647068972071382077242198);
        require(e == 1 && m >> 127 == 1, "2");
    }

    function test_ALightClientNeedsTheRootAndTheSizeAlone() public {
        UsageLedger log = new UsageLedger(address(new OpenAuthority()));
        log.setWriter(address(this), true);
        IUsageLedger.UsageProof[3] memory proofs;
        for (uint256 i = 0; i < 3; i++) {
            IUsageLedger.JobFacts memory job;
            IUsageLedger.AssetFacts[] memory assets = new IUsageLedger.AssetFacts[](1);
            (job.jobId, assets[0].assetId) = (bytes32(i), i + 1);
            (proofs[i].jobId, proofs[i].assetId) = (bytes32(i), i + 1);
            log.append(job, assets);
        }
        (bytes32 root, bytes32[] memory peaks, bytes32[] memory path) = (log.root(), log.peaks(), new bytes32[](1));
        path[0] = log.leafHash(proofs[1]);
        require(log.verify(proofs[0], 0, path) && log.includes(root, 3, peaks, proofs[0], 0, path), "not proven");
        path[0] = log.leafHash(proofs[0]);
        require(log.includes(root, 3, peaks, proofs[1], 1, path), "not proven");
        bytes32[] memory none = new bytes32[](0);
        require(log.includes(root, 3, peaks, proofs[2], 2, none), "the last one stands alone");
        require(!log.includes(root, 3, peaks, proofs[2], 3, none), "a leaf beyond the size");
        require(!log.includes(root, 3, peaks, proofs[2], 2, path), "a path that is too long");
        require(!log.includes(root, 4, peaks, proofs[2], 2, none), "another size");
        require(!log.includes("root", 3, peaks, proofs[2], 2, none), "another root");
        require(!log.verify(proofs[2], 3, none), "a leaf beyond the size");
    }

    function test_AFormerWriterWritesNothingAndIsNotRefused() public {
        UsageLedger log = new UsageLedger(address(new OpenAuthority()));
        log.setWriter(address(this), true);
        log.setWriter(address(1), true);
        log.setWriter(address(1), false);
        IUsageLedger.JobFacts memory job;
        IUsageLedger.AssetFacts[] memory none = new IUsageLedger.AssetFacts[](0);
        log.append(job, none);
        log.setWriter(address(this), false);
        require(log.append(job, new IUsageLedger.AssetFacts[](1)) == type(uint64).max && log.size() == 0, "written");
        vm.prank(address(1));
        require(log.append(job, new IUsageLedger.AssetFacts[](1)) == type(uint64).max && log.size() == 0, "written");
        vm.prank(address(2));
        vm.expectRevert(abi.encodeWithSelector(IUsageLedger.UsageLedger_NotWriter.selector, address(2)));
        log.append(job, none);
        log.setWriter(address(this), true);
        require(log.append(job, new IUsageLedger.AssetFacts[](1)) == 0 && log.size() == 1, "its pen is back");
    }

    function test_WhatAFormerWriterClosesStaysReserved() public {
        _ledger.capOrders(POPULATION, _caps(2));
        (bytes32[] memory ids, uint64[] memory amounts) = (_one(), new uint64[](1));
        amounts[0] = 100;
        _ledger.reserve(ids, amounts);
        _ledger.reserveSampled(ids, _sampled);
        _ledger.setWriter(address(this), false);
        _ledger.close(ids, amounts, amounts);
        _ledger.closeSampled(ids, _sampled, 0);
        require(_ledger.budgetOf(POPULATION).reserved == 100 && _ledger.budgetOf(POPULATION).spent == 0, "closed");
        require(_ledger.orderBudgetOf(POPULATION).reserved[0] == _cost[0], "given back");
        bytes memory close = abi.encodeCall(IPrivacyLedger.close, (ids, amounts, amounts));
        _refused(close, IPrivacyLedger.PrivacyLedger_NotWriter.selector, abi.encode(address(1)), address(1));
        bytes memory reserve = abi.encodeCall(IPrivacyLedger.reserve, (ids, amounts));
        _refused(reserve, IPrivacyLedger.PrivacyLedger_NotWriter.selector, abi.encode(address(this)), address(this));
    }

    function _badSampling(IPrivacyLedger.Sampled memory sampled, string memory field) private {
        vm.expectRevert(abi.encodeWithSelector(IPrivacyLedger.PrivacyLedger_BadSampling.selector, field));
        _ledger.epsilonsOf(sampled);
    }

    function _refused(bytes memory call, bytes4 selector, bytes memory arguments, address by) private {
        vm.prank(by);
        (bool done, bytes memory answer) = address(_ledger).call(call);
        require(!done && keccak256(answer) == keccak256(bytes.concat(selector, arguments)), "refused otherwise, or not");
    }

    function _capCall(uint64 times) private view returns (bytes memory) {
        return abi.encodeCall(IPrivacyLedger.capOrders, (POPULATION, _caps(times)));
    }

    function _caps(uint64 times) private view returns (uint64[11] memory caps) {
        for (uint256 i = 0; i < ORDERS; i++) caps[i] = _cost[i] * times;
    }

    function _one() private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](1);
        ids[0] = POPULATION;
    }
}
