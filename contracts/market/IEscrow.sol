// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IEscrow
/// @notice Balances inside the market. Every operation is O(1), whatever is open.
/// @dev What parties owe each other is netted as it arises: every job moves amounts between balances, one for each account, so that
///      whoever is buyer in one job and contributor or oracle in others holds the net of all of them, and one `withdraw` is one
///      transfer however many jobs led to it. No debt stands outside a balance (a job's whole escrow is taken at `post`), so a
///      ledger of obligations would have nothing to hold; one between parties, for what they owe each other elsewhere, would bring
///      credit risk into a market that has none. Payouts to others on call are left out too: who could empty an oracle's balance
///      into its wallet would take its seat from it, because the draw needs its bond.
interface IEscrow {
    /// @notice One slot per account. stable: minor units (6 decimals); incentive: 18 decimals, minted at withdrawal.
    struct Credit {
        uint128 stable;
        uint128 incentive;
    }

    event Deposited(address indexed account, uint128 stable);
    event Withdrawn(address indexed account, uint128 stable, uint128 incentive);

    error Escrow_BalanceTooSmall(address account, uint256 had, uint256 needed);
    /// @dev An account's tier says how many jobs it may have open at once.
    error Escrow_TooManyOpenJobs(address account, uint256 had, uint256 most);
    error Escrow_ZeroAmount();
    error Escrow_AmountNotReceived(uint256 had, uint256 needed);

    function deposit(uint128 amount) external;
    function depositWithPermit(uint128 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;
    /// @notice Pays out to the caller; `type(uint128).max` stands for the whole balance of that token.
    function withdraw(uint128 stable, uint128 incentive) external;
    /// @notice The treasury's holds what settlements owe it too: it can withdraw that, and use it inside the market once it withdrew.
    function creditOf(address account) external view returns (Credit memory);
}
