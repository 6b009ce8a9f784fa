// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IOracleCommittee
/// @notice Stakes of compute oracles and the roster that committees are drawn from. A seat's bond is stable tokens of the
///         oracle's balance in the market, which draws and holds it (CommitteeDraw, JobOpening).
interface IOracleCommittee {
    /// @notice One entry of the roster; the chain stores the roster's hash, callers bring it.
    /// @param stake incentive token, 18 decimals: the weight in the draw
    struct Candidate {
        address account;
        address operator;
        uint32 group;
        uint96 stake;
    }

    struct Exit {
        uint96 stake;
        uint64 availableAt;
    }

    /// @param t seats of contributors' groups at most
    /// @param buyerGroup group that gets no seat
    /// @param evaluatorGroup group that gets no seat; 0 = the buyer delivers the validation rows
    /// @param contributorGroups groups of the contributors
    struct DrawRules {
        uint8 k;
        uint8 t;
        uint32 buyerGroup;
        uint32 evaluatorGroup;
        uint32[] contributorGroups;
    }

    event Staked(address indexed account, uint96 stake);
    event ExitRequested(address indexed account, uint96 stake, uint64 availableAt);
    event ExitCompleted(address indexed account, uint96 stake);
    event RosterChanged(bytes32 indexed roster, Candidate[] candidates);

    error OracleCommittee_BadParameter(string field);
    error OracleCommittee_NotOracle(address account);
    error OracleCommittee_StakeTooSmall(address account, uint96 had, uint96 needed);
    error OracleCommittee_ExitNotReady(address account, uint64 availableAt);
    error OracleCommittee_ExitPending(address account);
    error OracleCommittee_RosterMismatch(bytes32 had, bytes32 needed);
    error OracleCommittee_TooFewEligible(uint256 had, uint256 needed);

    function stake(uint96 amount) external;
    function requestExit(uint96 stakeAmount) external;
    function completeExit() external;
    /// @notice Brings an entry in line with the registry: new operator, or removal of a suspended oracle. Anyone may call.
    function refresh(address account) external;

    function rosterHash() external view returns (bytes32);
    function roster() external view returns (Candidate[] memory);
    function stakeOf(address account) external view returns (uint96);
    function exitOf(address account) external view returns (Exit memory);
}
