// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IConstitution
/// @notice Who decides on the marketplace: holders of incentive tokens, by vote, through the AccessManager's delay.
/// @dev A proposal is checked when it is made, before anybody votes. What may never change:
///      - the cap and the schedule of the incentive token, the key of a ledger, the tiers: no function changes them, so no call can;
///      - who may write to ledgers and registries, mint, hold stable tokens, publish rules or end a pause stays for governance
///        through its delay: `setTargetFunctionRole` moves none of those functions to another role;
///      - an administrator is a contract, under a delay of `delayFloor` at least: never a single key; the Constitution does not
///        give up its own seat (a successor takes it away);
///      - nothing takes effect that was not queued and then waited for, its own settings neither (`GovernorNotQueuedProposal`);
///      - contracts keep their authority, and nothing goes around it: of the AccessManager's functions only those that set roles
///        are open to proposals, of its own only its settings, none of them below its floor.
///      Floors are the values at genesis.
interface IConstitution {
    /// @param votingDelay seconds from a proposal to the count of votes
    /// @param votingPeriod seconds of the vote
    /// @param proposalThreshold votes (18 decimals) that a proposer needs
    /// @param quorumPercent of all votes at the snapshot that have to take part
    /// @param delay seconds from the vote to the execution
    struct Settings {
        uint48 votingDelay;
        uint32 votingPeriod;
        uint256 proposalThreshold;
        uint256 quorumPercent;
        uint32 delay;
    }

    error Constitution_Forbidden(address target, bytes4 selector);

    /// @notice Reverts with `Constitution_Forbidden` for a call that no vote can make.
    function requireAllowed(address target, bytes calldata data) external view;
    function votingDelayFloor() external view returns (uint256);
    function votingPeriodFloor() external view returns (uint256);
    function quorumFloor() external view returns (uint256);
    function delayFloor() external view returns (uint256);
}
