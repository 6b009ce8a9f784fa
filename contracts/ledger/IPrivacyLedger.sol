// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IPrivacyLedger
/// @notice Privacy budget per population, in nano-rho (1e-9 of zCDP rho, rounded up). Always: spent + reserved <= cap.
interface IPrivacyLedger {
    struct Budget {
        uint64 cap;
        uint64 spent;
        uint64 reserved;
    }

    event PopulationOpened(bytes32 indexed populationId, address indexed holder, uint64 cap);
    event BudgetReserved(bytes32 indexed populationId, uint64 rhoNano);
    event BudgetClosed(bytes32 indexed populationId, uint64 reserved, uint64 spent);

    error PrivacyLedger_NotWriter(address caller);
    error PrivacyLedger_UnknownPopulation(bytes32 populationId);
    error PrivacyLedger_Exhausted(bytes32 populationId, uint64 left, uint64 needed);
    error PrivacyLedger_NotReserved(bytes32 populationId, uint64 had, uint64 needed);

    function open(bytes32 populationId, address holder, uint64 cap) external;
    /// @notice Reserves `rhoNano[i]` of population i; entries of 0 are skipped.
    function reserve(bytes32[] calldata populationIds, uint64[] calldata rhoNano) external;
    /// @notice Closes a reservation: `spent[i]` <= `reserved[i]` is spent, the rest is free again.
    function close(bytes32[] calldata populationIds, uint64[] calldata reserved, uint64[] calldata spent) external;
    function budgetOf(bytes32 populationId) external view returns (Budget memory);
    function holderOf(bytes32 populationId) external view returns (address);
}
