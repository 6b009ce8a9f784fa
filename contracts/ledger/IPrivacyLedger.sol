// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IPrivacyLedger
/// @notice Privacy budget per population, in nano-rho (1e-9 of zCDP rho, rounded up). Always: spent + reserved <= cap.
/// @dev Releases on Poisson samples (q < 1) are accounted for as vectors of Rényi differential privacy at eleven orders: a single rho would
///      be useless or unsound for them. Whoever holds a population may cap the orders; from then on every release, sampled or not, is
///      admitted only while some order a still has a · (rho spent and reserved) + (eps of samples spent and reserved) <= cap(a). What then
///      holds for the population is (eps, delta)-privacy with eps = cap(a) + ln(1/delta)/(a − 1) for that order. Without caps no sampled
///      release is admitted.
interface IPrivacyLedger {
    struct Budget {
        uint64 cap;
        uint64 spent;
        uint64 reserved;
    }

    /// @notice By index of the order, in 1e-9; what is not sampled is not in `spent` and `reserved`. A cap of 0: the order is not used.
    struct OrderBudget {
        uint64[11] caps;
        uint64[11] spent;
        uint64[11] reserved;
    }

    /// @notice Sums of one job on Poisson samples.
    /// @param noiseMilli noise multiplier × 1000, from 10 to 1 000 000
    /// @param samplePpb sampling rate in parts per billion, from 1 to 999 999 999
    /// @param releases sums, at most 65 535
    struct Sampled {
        uint32 noiseMilli;
        uint32 samplePpb;
        uint32 releases;
    }

    event PopulationOpened(bytes32 indexed populationId, address indexed holder, uint64 cap);
    event BudgetReserved(bytes32 indexed populationId, uint64 rhoNano);
    /// @notice What a former writer closed stays reserved: a vote had taken its pen away.
    event CloseRefused(address indexed writer);
    event BudgetClosed(bytes32 indexed populationId, uint64 reserved, uint64 spent);

    event OrdersCapped(bytes32 indexed populationId, uint64[11] caps);
    event SampledReserved(bytes32 indexed populationId, Sampled sampled);
    event SampledClosed(bytes32 indexed populationId, Sampled reserved, uint32 spent);

    error PrivacyLedger_NotHolder(address caller, address holder);
    error PrivacyLedger_NoCaps();
    /// @dev Caps only ever fall.
    error PrivacyLedger_CapRaised(uint256 order, uint64 had, uint64 needed);
    error PrivacyLedger_OrdersNotCapped(bytes32 populationId);
    error PrivacyLedger_OrdersExhausted(bytes32 populationId);
    error PrivacyLedger_BadSampling(string field);
    error PrivacyLedger_NotWriter(address caller);
    error PrivacyLedger_UnknownPopulation(bytes32 populationId);
    error PrivacyLedger_Exhausted(bytes32 populationId, uint64 left, uint64 needed);
    error PrivacyLedger_NotReserved(bytes32 populationId, uint64 had, uint64 needed);

    function open(bytes32 populationId, address holder, uint64 cap) external;
    /// @notice Reserves `rhoNano[i]` of population i; entries of 0 are skipped.
    function reserve(bytes32[] calldata populationIds, uint64[] calldata rhoNano) external;
    /// @notice Closes a reservation: `spent[i]` <= `reserved[i]` is spent, the rest is free again. Of a former writer nothing is closed
    ///         and nothing refused: the money of its open jobs must come out, and what they reserved counts as used for ever.
    ///         Emits BudgetClosed for each, or CloseRefused. Requirements: `PrivacyLedger_NotWriter`.
    function close(bytes32[] calldata populationIds, uint64[] calldata reserved, uint64[] calldata spent) external;
    /// @notice Caps the orders of a population, or lowers its caps. Its holder only; at least one cap above 0.
    /// @param caps eps by index of the order, in 1e-9; 0 = the order is not used
    function capOrders(bytes32 populationId, uint64[11] calldata caps) external;
    /// @notice Reserves, for each of the populations, what the job's sampled releases cost as the contract computes it.
    function reserveSampled(bytes32[] calldata populationIds, Sampled calldata sampled) external;
    /// @notice Closes such reservations: what `spent` <= `reserved.releases` releases cost is spent, the rest is free again.
    function closeSampled(bytes32[] calldata populationIds, Sampled calldata reserved, uint32 spent) external;
    /// @notice eps of sampled releases by index of the order, in 1e-9, rounded up; 2^64 − 1 where it is that or more.
    function epsilonsOf(Sampled calldata sampled) external pure returns (uint64[11] memory);
    /// @notice The orders by index: 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64.
    function orders() external pure returns (uint8[11] memory);
    function orderBudgetOf(bytes32 populationId) external view returns (OrderBudget memory);
    /// @notice Budgets of several populations in one call.
    function budgetsOf(bytes32[] calldata populationIds) external view returns (Budget[] memory);
    function budgetOf(bytes32 populationId) external view returns (Budget memory);
    function holderOf(bytes32 populationId) external view returns (address);
}
