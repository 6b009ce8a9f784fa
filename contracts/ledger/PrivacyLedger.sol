// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IPrivacyLedger} from "./IPrivacyLedger.sol";

/// @title PrivacyLedger
contract PrivacyLedger is IPrivacyLedger, AccessManaged {
    mapping(bytes32 populationId => Budget) private _budgets;
    mapping(bytes32 populationId => address) private _holders;
    mapping(address account => bool) public isWriter;

    event WriterSet(address indexed writer, bool allowed);

    error PrivacyLedger_AlreadyOpen(bytes32 populationId, address holder);

    constructor(address authority) AccessManaged(authority) {}

    modifier onlyWriter() {
        if (!isWriter[msg.sender]) revert PrivacyLedger_NotWriter(msg.sender);
        _;
    }

    function setWriter(address writer, bool allowed) external restricted {
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
        Budget memory budget = _budgets[populationId];
        uint64 left = budget.cap - budget.spent - budget.reserved;
        if (rhoNano > left) revert PrivacyLedger_Exhausted(populationId, left, rhoNano);
        budget.reserved += rhoNano;
        _budgets[populationId] = budget;
        emit BudgetReserved(populationId, rhoNano);
    }

    /// @inheritdoc IPrivacyLedger
    function close(bytes32[] calldata populationIds, uint64[] calldata reserved, uint64[] calldata spent)
        external
        onlyWriter
    {
        for (uint256 i = 0; i < populationIds.length; i++) {
            if (reserved[i] != 0) _close(populationIds[i], reserved[i], spent[i]);
        }
    }

    function _close(bytes32 populationId, uint64 reserved, uint64 spent) private {
        Budget memory budget = _budgets[populationId];
        if (reserved > budget.reserved) revert PrivacyLedger_NotReserved(populationId, budget.reserved, reserved);
        if (spent > reserved) revert PrivacyLedger_NotReserved(populationId, reserved, spent);
        budget.reserved -= reserved;
        budget.spent += spent;
        _budgets[populationId] = budget;
        emit BudgetClosed(populationId, reserved, spent);
    }

    /// @inheritdoc IPrivacyLedger
    function budgetOf(bytes32 populationId) external view returns (Budget memory) {
        return _budgets[populationId];
    }

    /// @inheritdoc IPrivacyLedger
    function holderOf(bytes32 populationId) external view returns (address) {
        return _holders[populationId];
    }
}
