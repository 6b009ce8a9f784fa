// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";

/// @notice A planted bug: a population belongs to nobody, so that every listing opens a budget of its own.
contract ForgetfulLedger {
    mapping(bytes32 populationId => IPrivacyLedger.Budget) private _budgets;

    function open(bytes32 populationId, address, uint64 cap) external {
        _budgets[populationId] = IPrivacyLedger.Budget(cap, 0, 0);
    }

    function spend(bytes32 populationId, uint64 rhoNano) external {
        require(_budgets[populationId].spent + rhoNano <= _budgets[populationId].cap, "exhausted");
        _budgets[populationId].spent += rhoNano;
    }

    function holderOf(bytes32) external pure returns (address) {
        return address(0);
    }

    function budgetOf(bytes32 populationId) external view returns (IPrivacyLedger.Budget memory) {
        return _budgets[populationId];
    }
}
