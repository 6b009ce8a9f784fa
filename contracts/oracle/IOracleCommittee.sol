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
    event SlasherSet(address indexed slasher, bool allowed);
    /// @param fromStake, fromExit incentive tokens taken, 18 decimals
    event Slashed(address indexed account, uint96 fromStake, uint96 fromExit, address indexed slasher);
    /// @notice Nothing was taken: a vote had taken the slasher's right away.
    event SlashRefused(address indexed slasher);
    event Rewarded(address indexed account, uint256 amount);
    event RewardClaimed(address indexed account, uint256 amount);
    event RosterChanged(bytes32 indexed roster, Candidate[] candidates);

    error OracleCommittee_BadParameter(string field);
    error OracleCommittee_NotOracle(address account);
    error OracleCommittee_NotSlasher(address caller);
    error OracleCommittee_NoReward(address account);
    /// @dev Another account had this key on the roster before: it answers for what the key signs.
    error OracleCommittee_OperatorTaken(address operator, address holder);
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

    /// @notice Who may slash: markets. A market that is replaced stays on until its last job is closed; one that a vote takes off before
    ///         closes its jobs all the same, and nobody is slashed.
    ///         Emits SlasherSet. Requirements: the administrator's role.
    function setSlasher(address slasher, bool allowed) external;
    /// @notice Takes `bps` of what each account has at stake, pending exits included, rounded up. Of it 30% is divided among the
    ///         beneficiaries (whoever showed the fault; never all: an oracle that reports itself would lose nothing), the rest is
    ///         `remainderTo`'s; without beneficiaries all of it is. Nothing of it returns to the stake. An account that holds less
    ///         than the minimum stake afterwards leaves the roster.
    ///         Emits Slashed for each account, Rewarded for each who got something, RosterChanged; SlashRefused alone for a former
    ///         slasher, of whom nothing is taken and nothing refused.
    ///         Requirements: `OracleCommittee_NotSlasher`, `OracleCommittee_BadParameter("bps")` above 10 000.
    /// @param accounts oracles, with or without stake
    /// @param bps basis points, 10 000 = all
    /// @return taken incentive tokens, 18 decimals
    function slash(address[] calldata accounts, uint16 bps, address[] calldata beneficiaries, address remainderTo)
        external
        returns (uint256 taken);
    /// @notice Pays out what slashing left to the caller.
    ///         Emits RewardClaimed. Requirements: `OracleCommittee_NoReward`.
    function claimReward() external;

    /// @notice Incentive tokens, 18 decimals, that slashing left to the account.
    function rewardOf(address account) external view returns (uint256);
    /// @notice Whose operator the key was when it came on the roster, for ever: a key that was rotated out still binds who had it.
    ///         0 for a key that never was on it.
    function accountOfOperator(address operator) external view returns (address);
    function isSlasher(address account) external view returns (bool);
    function rosterHash() external view returns (bytes32);
    function roster() external view returns (Candidate[] memory);
    function stakeOf(address account) external view returns (uint96);
    /// @notice Incentive tokens, 18 decimals, that an oracle stakes at least.
    function minimumStake() external view returns (uint96);
    function exitOf(address account) external view returns (Exit memory);
}
