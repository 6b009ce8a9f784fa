// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";

/// @notice Writes random reservations and closings of three populations, keeps its own account of them, and compares.
contract PrivacyHandler {
    IPrivacyLedger public immutable ledger;
    uint64 private constant CAP = 1000;
    uint256 private constant POPULATIONS = 3;
    uint256[3] public reserved;
    uint256[3] public spent;
    uint256 public accepted;

    constructor(IPrivacyLedger ledger_) {
        ledger = ledger_;
    }

    function open() external {
        for (uint256 p = 0; p < POPULATIONS; p++) {
            ledger.open(bytes32(p + 1), address(this), CAP);
        }
    }

    function reserve(uint256 population, uint64 amount) external {
        (uint256 p, uint64 rho) = (population % POPULATIONS, amount % (CAP + 2));
        try ledger.reserve(_ids(p), _one(rho)) {
            reserved[p] += rho;
            accepted++;
        } catch {}
    }

    function close(uint256 population, uint64 amount, uint64 used) external {
        (uint256 p, uint64 rho, uint64 spending) = (population % POPULATIONS, amount % (CAP + 2), used % (CAP + 2));
        try ledger.close(_ids(p), _one(rho), _one(spending)) {
            if (rho == 0) return;
            reserved[p] -= rho;
            spent[p] += spending;
            accepted++;
        } catch {}
    }

    /// @notice Invariant 1.
    function holds() external view returns (bool) {
        for (uint256 p = 0; p < POPULATIONS; p++) {
            IPrivacyLedger.Budget memory budget = ledger.budgetOf(bytes32(p + 1));
            if (uint256(budget.spent) + budget.reserved > budget.cap) return false;
            if (budget.spent != spent[p] || budget.reserved != reserved[p] || budget.cap != CAP) return false;
        }
        return true;
    }

    function _ids(uint256 population) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = bytes32(population + 1);
    }

    function _one(uint64 amount) private pure returns (uint64[] memory list) {
        list = new uint64[](1);
        list[0] = amount;
    }
}
