// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";

/// @notice Planted bug: a reservation is checked against what is spent and forgets what is reserved.
contract BrokenPrivacyLedger {
    mapping(bytes32 populationId => IPrivacyLedger.Budget) private _budgets;

    function open(bytes32 populationId, address, uint64 cap) external {
        _budgets[populationId].cap = cap;
    }

    function reserve(bytes32[] calldata populationIds, uint64[] calldata rhoNano) external {
        for (uint256 i = 0; i < populationIds.length; i++) {
            IPrivacyLedger.Budget storage budget = _budgets[populationIds[i]];
            uint64 left = budget.cap > budget.spent ? budget.cap - budget.spent : 0;
            if (rhoNano[i] > left) revert IPrivacyLedger.PrivacyLedger_Exhausted(populationIds[i], left, rhoNano[i]);
            budget.reserved += rhoNano[i];
        }
    }

    function close(bytes32[] calldata populationIds, uint64[] calldata reserved, uint64[] calldata spent) external {
        for (uint256 i = 0; i < populationIds.length; i++) {
            IPrivacyLedger.Budget storage budget = _budgets[populationIds[i]];
            if (reserved[i] > budget.reserved || spent[i] > reserved[i]) {
                revert IPrivacyLedger.PrivacyLedger_NotReserved(populationIds[i], budget.reserved, reserved[i]);
            }
            budget.reserved -= reserved[i];
            budget.spent += spent[i];
        }
    }

    function budgetOf(bytes32 populationId) external view returns (IPrivacyLedger.Budget memory) {
        return _budgets[populationId];
    }

    function holderOf(bytes32) external view returns (address) {
        return address(this);
    }
}
