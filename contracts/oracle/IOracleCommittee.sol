// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IOracleCommittee
/// @notice Stakes and bonds of compute oracles, and the weighted draw of a job's committee.
interface IOracleCommittee {
    /// @notice One entry of the roster; the chain stores the roster's hash, callers bring it.
    /// @param stake incentive token, 18 decimals: the weight in the draw
    struct Candidate {
        address account;
        address operator;
        uint32 group;
        uint96 stake;
    }

    /// @notice One seat of a committee. `operator` signs, `account` is paid.
    struct Seat {
        address account;
        address operator;
    }

    /// @notice stake: 18 decimals; free and locked bond: stable token minor units
    struct Holding {
        uint96 stake;
        uint80 freeBond;
        uint80 lockedBond;
    }

    struct Exit {
        uint96 stake;
        uint80 bond;
        uint64 availableAt;
    }

    /// @param t seats of contributors' groups at most
    /// @param buyerGroup group that gets no seat
    /// @param evaluatorGroup group that gets no seat; 0 = the buyer delivers the validation rows
    /// @param contributorGroups groups of the contributors
    /// @param seatBond stable token minor units that each seat locks
    struct DrawRules {
        uint8 k;
        uint8 t;
        uint32 buyerGroup;
        uint32 evaluatorGroup;
        uint32[] contributorGroups;
        uint80 seatBond;
    }

    event Staked(address indexed account, uint96 stake);
    event Bonded(address indexed account, uint80 freeBond);
    event ExitRequested(address indexed account, uint96 stake, uint80 bond, uint64 availableAt);
    event ExitCompleted(address indexed account, uint96 stake, uint80 bond);
    event WriterSet(address indexed writer, bool allowed);
    event RosterChanged(bytes32 indexed roster, Candidate[] candidates);
    event BondForfeited(address indexed account, bytes32 indexed jobId, uint80 amount);

    error OracleCommittee_BadParameter(string field);
    error OracleCommittee_NotWriter(address caller);
    error OracleCommittee_NotOracle(address account);
    error OracleCommittee_StakeTooSmall(address account, uint96 had, uint96 needed);
    error OracleCommittee_BondTooSmall(address account, uint80 had, uint80 needed);
    error OracleCommittee_ExitNotReady(address account, uint64 availableAt);
    error OracleCommittee_ExitPending(address account);
    error OracleCommittee_LockTooSmall(address account, uint80 had, uint80 needed);
    error OracleCommittee_RosterMismatch(bytes32 had, bytes32 needed);
    error OracleCommittee_TooFewEligible(uint256 had, uint256 needed);

    function stake(uint96 amount) external;
    function bond(uint80 amount) external;
    function requestExit(uint96 stakeAmount, uint80 bondAmount) external;
    function completeExit() external;
    /// @notice Brings an entry in line with the registry: new operator, or removal of a suspended oracle. Anyone may call.
    function refresh(address account) external;

    /// @notice Draws k seats with weight = stake, without replacement, and locks each seat's bond. Only a writer.
    /// @dev Skipped: the buyer's group, groups already seated, contributors' groups beyond t seats, too small a free bond.
    function draw(bytes32 jobId, bytes32 roster, Candidate[] calldata candidates, bytes32 seed, DrawRules calldata rules)
        external
        returns (Seat[] memory seats);
    /// @notice Unlocks the seats' bonds; those in `forfeit` (bitmap of seats) are sent to the calling market. Only a writer.
    /// @return forfeited stable token minor units sent
    function release(bytes32 jobId, address[] calldata accounts, uint80 seatBond, uint256 forfeit)
        external
        returns (uint256 forfeited);

    function rosterHash() external view returns (bytes32);
    function roster() external view returns (Candidate[] memory);
    function holdingOf(address account) external view returns (Holding memory);
    function exitOf(address account) external view returns (Exit memory);
}
