// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IPrivacyLedger} from "./IPrivacyLedger.sol";
import {SubsampledRdp} from "./SubsampledRdp.sol";

/// @title PrivacyLedger
/// @dev A population's budget is one slot. Its fourth word says whether orders are capped: what is not pays nothing for them.
contract PrivacyLedger is IPrivacyLedger, AccessManaged {
    /// @dev That of SubsampledRdp; a length of an array has to be a literal of its own contract.
    uint256 private constant ORDERS = 11;
    uint256 private constant MINIMUM_NOISE_MILLI = 10;
    uint256 private constant MAXIMUM_NOISE_MILLI = 1e6;
    uint256 private constant PPB = 1e9;

    /// @dev One slot.
    struct Held {
        uint64 cap;
        uint64 spent;
        uint64 reserved;
        bool ordersCapped;
    }

    mapping(bytes32 populationId => Held) private _budgets;
    mapping(bytes32 populationId => OrderBudget) private _orders;
    mapping(bytes32 populationId => address) private _holders;
    mapping(address account => bool) public isWriter;
    mapping(address account => bool) public wasWriter;

    event WriterSet(address indexed writer, bool allowed);

    error PrivacyLedger_AlreadyOpen(bytes32 populationId, address holder);

    constructor(address authority) AccessManaged(authority) {}

    modifier onlyWriter() {
        if (!isWriter[msg.sender]) revert PrivacyLedger_NotWriter(msg.sender);
        _;
    }

    /// @dev Who wrote once closes nothing any more, and is not refused: the money of its open jobs must come out.
    modifier unlessRetired() {
        if (!isWriter[msg.sender]) {
            if (!wasWriter[msg.sender]) revert PrivacyLedger_NotWriter(msg.sender);
            emit CloseRefused(msg.sender);
            return;
        }
        _;
    }

    function setWriter(address writer, bool allowed) external restricted {
        if (isWriter[writer]) wasWriter[writer] = true;
        isWriter[writer] = allowed;
        emit WriterSet(writer, allowed);
    }

    /// @inheritdoc IPrivacyLedger
    function open(bytes32 populationId, address holder, uint64 cap) external onlyWriter {
        if (_holders[populationId] != address(0)) {
            revert PrivacyLedger_AlreadyOpen(populationId, _holders[populationId]);
        }
        _holders[populationId] = holder;
        _budgets[populationId].cap = cap;
        emit PopulationOpened(populationId, holder, cap);
    }

    /// @inheritdoc IPrivacyLedger
    function reserve(bytes32[] calldata populationIds, uint64[] calldata rhoNano) external onlyWriter {
        for (uint256 i = 0; i < populationIds.length; i++) {
            if (rhoNano[i] != 0) _reserve(populationIds[i], rhoNano[i]);
        }
    }

    function _reserve(bytes32 populationId, uint64 rhoNano) private {
        if (_holders[populationId] == address(0)) revert PrivacyLedger_UnknownPopulation(populationId);
        Held memory budget = _budgets[populationId];
        uint64 left = budget.cap - budget.spent - budget.reserved;
        if (rhoNano > left) revert PrivacyLedger_Exhausted(populationId, left, rhoNano);
        budget.reserved += rhoNano;
        _budgets[populationId] = budget;
        if (budget.ordersCapped) _requireOrder(populationId, budget);
        emit BudgetReserved(populationId, rhoNano);
    }

    /// @inheritdoc IPrivacyLedger
    function close(bytes32[] calldata populationIds, uint64[] calldata reserved, uint64[] calldata spent)
        external
        unlessRetired
    {
        for (uint256 i = 0; i < populationIds.length; i++) {
            if (reserved[i] != 0) _close(populationIds[i], reserved[i], spent[i]);
        }
    }

    function _close(bytes32 populationId, uint64 reserved, uint64 spent) private {
        Held memory budget = _budgets[populationId];
        if (reserved > budget.reserved) revert PrivacyLedger_NotReserved(populationId, budget.reserved, reserved);
        if (spent > reserved) revert PrivacyLedger_NotReserved(populationId, reserved, spent);
        budget.reserved -= reserved;
        budget.spent += spent;
        _budgets[populationId] = budget;
        emit BudgetClosed(populationId, reserved, spent);
    }

    /// @inheritdoc IPrivacyLedger
    function capOrders(bytes32 populationId, uint64[ORDERS] calldata caps) external {
        address holder = _holders[populationId];
        if (msg.sender != holder) revert PrivacyLedger_NotHolder(msg.sender, holder);
        OrderBudget storage budget = _orders[populationId];
        bool capped = _budgets[populationId].ordersCapped;
        uint256 highest;
        for (uint256 i = 0; i < ORDERS; i++) {
            if (capped && caps[i] > budget.caps[i]) {
                revert PrivacyLedger_CapRaised(SubsampledRdp.orderAt(i), caps[i], budget.caps[i]);
            }
            highest |= caps[i];
        }
        if (highest == 0) revert PrivacyLedger_NoCaps();
        budget.caps = caps;
        _budgets[populationId].ordersCapped = true;
        emit OrdersCapped(populationId, caps);
    }

    /// @inheritdoc IPrivacyLedger
    function reserveSampled(bytes32[] calldata populationIds, Sampled calldata sampled) external onlyWriter {
        uint64[ORDERS] memory epsilons = epsilonsOf(sampled);
        for (uint256 i = 0; i < populationIds.length; i++) {
            bytes32 populationId = populationIds[i];
            Held memory budget = _budgets[populationId];
            if (!budget.ordersCapped) revert PrivacyLedger_OrdersNotCapped(populationId);
            OrderBudget storage held = _orders[populationId];
            for (uint256 j = 0; j < ORDERS; j++) {
                held.reserved[j] = _saturating(uint256(held.reserved[j]) + epsilons[j]);
            }
            _requireOrder(populationId, budget);
            emit SampledReserved(populationId, sampled);
        }
    }

    /// @inheritdoc IPrivacyLedger
    function closeSampled(bytes32[] calldata populationIds, Sampled calldata reserved, uint32 spent)
        external
        unlessRetired
    {
        if (spent > reserved.releases) revert PrivacyLedger_NotReserved(0, reserved.releases, spent);
        uint64[ORDERS] memory before = epsilonsOf(reserved);
        uint64[ORDERS] memory after_ =
            epsilonsOf(Sampled(reserved.noiseMilli, reserved.samplePpb, spent));
        for (uint256 i = 0; i < populationIds.length; i++) {
            _closeOrders(populationIds[i], before, after_);
            emit SampledClosed(populationIds[i], reserved, spent);
        }
    }

    function _closeOrders(bytes32 populationId, uint64[ORDERS] memory before, uint64[ORDERS] memory after_) private {
        OrderBudget storage held = _orders[populationId];
        for (uint256 j = 0; j < ORDERS; j++) {
            uint64 had = held.reserved[j];
            // An order that once was beyond counting stays there: what is taken from it is not known.
            if (had == type(uint64).max) continue;
            if (before[j] > had) revert PrivacyLedger_NotReserved(populationId, had, before[j]);
            held.reserved[j] = had - before[j];
            held.spent[j] = _saturating(uint256(held.spent[j]) + after_[j]);
        }
    }

    /// @dev Reverts unless some order is within its cap, everything counted.
    function _requireOrder(bytes32 populationId, Held memory budget) private view {
        OrderBudget storage held = _orders[populationId];
        uint256 rho = uint256(budget.spent) + budget.reserved;
        for (uint256 i = 0; i < ORDERS; i++) {
            uint256 used = SubsampledRdp.orderAt(i) * rho + held.spent[i] + held.reserved[i];
            if (held.caps[i] != 0 && used <= held.caps[i]) return;
        }
        revert PrivacyLedger_OrdersExhausted(populationId);
    }

    function _saturating(uint256 value) private pure returns (uint64) {
        return value > type(uint64).max ? type(uint64).max : uint64(value);
    }

    /// @inheritdoc IPrivacyLedger
    function epsilonsOf(Sampled memory sampled) public pure returns (uint64[ORDERS] memory) {
        (uint256 noiseMilli, uint256 samplePpb) = (sampled.noiseMilli, sampled.samplePpb);
        if (noiseMilli < MINIMUM_NOISE_MILLI || noiseMilli > MAXIMUM_NOISE_MILLI) revert PrivacyLedger_BadSampling("noiseMilli");
        if (samplePpb == 0 || samplePpb >= PPB) revert PrivacyLedger_BadSampling("samplePpb");
        if (sampled.releases > type(uint16).max) revert PrivacyLedger_BadSampling("releases");
        return SubsampledRdp.epsilonsUp(noiseMilli, samplePpb, sampled.releases);
    }

    /// @inheritdoc IPrivacyLedger
    function orders() external pure returns (uint8[ORDERS] memory list) {
        for (uint256 i = 0; i < ORDERS; i++) {
            list[i] = uint8(SubsampledRdp.orderAt(i));
        }
    }

    /// @inheritdoc IPrivacyLedger
    function orderBudgetOf(bytes32 populationId) external view returns (OrderBudget memory) {
        return _orders[populationId];
    }

    /// @inheritdoc IPrivacyLedger
    function budgetsOf(bytes32[] calldata populationIds) external view returns (Budget[] memory budgets) {
        budgets = new Budget[](populationIds.length);
        for (uint256 i = 0; i < populationIds.length; i++) {
            budgets[i] = budgetOf(populationIds[i]);
        }
    }

    /// @inheritdoc IPrivacyLedger
    function budgetOf(bytes32 populationId) public view returns (Budget memory) {
        Held memory held = _budgets[populationId];
        return Budget(held.cap, held.spent, held.reserved);
    }

    /// @inheritdoc IPrivacyLedger
    function holderOf(bytes32 populationId) external view returns (address) {
        return _holders[populationId];
    }
}
