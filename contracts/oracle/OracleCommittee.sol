// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {ROLE_ORACLE} from "../identity/Roles.sol";
import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title OracleCommittee
/// @notice Stakes and the roster of compute oracles.
/// @dev An oracle is on the roster while it is active, has the role and holds the minimum stake. The registry does not call
///      here: after a suspension or a change of keys anyone brings the entry in line with `refresh`. A job draws from the roster
///      of its start. An oracle sees the seed before `seat` is called and may still empty its balance in the market: it then gives
///      up a seat and can win none.
contract OracleCommittee is IOracleCommittee, AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev One slot. `place` = index on the roster + 1, 0 = not on it.
    struct Account {
        uint96 stake;
        uint16 place;
    }

    IParticipantRegistry public immutable registry;
    IERC20 public immutable incentiveToken;
    /// @inheritdoc IOracleCommittee
    uint96 public immutable minimumStake;
    /// @notice Seconds from `requestExit` to `completeExit`; longer than a dispute from the proposal on, where the deployment checks it.
    uint64 public immutable exitDelaySeconds;

    bytes32 public rosterHash;
    Candidate[] private _roster;
    mapping(address account => Account) private _accounts;
    mapping(address account => Exit) private _exits;
    /// @dev Never forgotten, and the first one stays: statements bind who had the key when they were signed.
    mapping(address operator => address account) private _operators;
    mapping(address slasher => bool) private _slashers;
    mapping(address slasher => bool) private _formerSlashers;
    mapping(address account => uint256) private _rewards;

    /// @dev Part of what is taken that goes to whoever showed the fault: enough to pay for looking, and for a colluder that reports
    ///      itself or its own far from all.
    uint256 private constant REWARD_BPS = 3000;

    constructor(
        address authority,
        IParticipantRegistry registry_,
        IERC20 incentiveToken_,
        uint96 minimumStake_,
        uint64 exitDelaySeconds_
    ) AccessManaged(authority) {
        if (minimumStake_ == 0) revert OracleCommittee_BadParameter("minimumStake");
        if (exitDelaySeconds_ == 0 || exitDelaySeconds_ > 365 days) {
            revert OracleCommittee_BadParameter("exitDelaySeconds");
        }
        (registry, incentiveToken) = (registry_, incentiveToken_);
        (minimumStake, exitDelaySeconds) = (minimumStake_, exitDelaySeconds_);
        rosterHash = _hashRoster();
    }

    /// @inheritdoc IOracleCommittee
    function stake(uint96 amount) external {
        _requireOracle(msg.sender);
        Account storage account = _accounts[msg.sender];
        address operator = registry.profileOf(msg.sender).operator;
        address holder = _operators[operator];
        if (holder != address(0) && holder != msg.sender) revert OracleCommittee_OperatorTaken(operator, holder);
        uint96 total = account.stake + amount;
        if (total < minimumStake) revert OracleCommittee_StakeTooSmall(msg.sender, total, minimumStake);
        account.stake = total;
        _list(msg.sender);
        emit Staked(msg.sender, total);
        incentiveToken.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOracleCommittee
    function requestExit(uint96 stakeAmount) external {
        Account storage account = _accounts[msg.sender];
        if (_exits[msg.sender].availableAt != 0) revert OracleCommittee_ExitPending(msg.sender);
        if (stakeAmount == 0 || account.stake < stakeAmount) {
            revert OracleCommittee_StakeTooSmall(msg.sender, account.stake, stakeAmount);
        }
        uint64 availableAt = uint64(block.timestamp) + exitDelaySeconds;
        account.stake -= stakeAmount;
        _exits[msg.sender] = Exit(stakeAmount, availableAt);
        _list(msg.sender);
        emit ExitRequested(msg.sender, stakeAmount, availableAt);
    }

    /// @inheritdoc IOracleCommittee
    function completeExit() external {
        Exit memory exit = _exits[msg.sender];
        if (exit.availableAt == 0 || block.timestamp < exit.availableAt) {
            revert OracleCommittee_ExitNotReady(msg.sender, exit.availableAt);
        }
        delete _exits[msg.sender];
        emit ExitCompleted(msg.sender, exit.stake);
        incentiveToken.safeTransfer(msg.sender, exit.stake);
    }

    /// @inheritdoc IOracleCommittee
    function refresh(address account) external {
        _list(account);
    }

    /// @inheritdoc IOracleCommittee
    function setSlasher(address slasher, bool allowed) external restricted {
        if (_slashers[slasher]) _formerSlashers[slasher] = true;
        _slashers[slasher] = allowed;
        emit SlasherSet(slasher, allowed);
    }

    /// @inheritdoc IOracleCommittee
    function slash(address[] calldata accounts, uint16 bps, address[] calldata beneficiaries, address remainderTo)
        external
        returns (uint256 taken)
    {
        if (!_slashers[msg.sender]) {
            if (!_formerSlashers[msg.sender]) revert OracleCommittee_NotSlasher(msg.sender);
            emit SlashRefused(msg.sender);
            return 0;
        }
        if (bps > 10_000) revert OracleCommittee_BadParameter("bps");
        for (uint256 i = 0; i < accounts.length; i++) {
            taken += _take(accounts[i], bps);
            _relist(accounts[i]);
        }
        rosterHash = _hashRoster();
        emit RosterChanged(rosterHash, _roster);
        uint256 each = beneficiaries.length == 0 ? 0 : taken * REWARD_BPS / 10_000 / beneficiaries.length;
        for (uint256 i = 0; i < beneficiaries.length; i++) {
            _reward(beneficiaries[i], each);
        }
        _reward(remainderTo, taken - each * beneficiaries.length);
    }

    /// @inheritdoc IOracleCommittee
    function claimReward() external {
        uint256 amount = _rewards[msg.sender];
        if (amount == 0) revert OracleCommittee_NoReward(msg.sender);
        delete _rewards[msg.sender];
        emit RewardClaimed(msg.sender, amount);
        incentiveToken.safeTransfer(msg.sender, amount);
    }

    /// @inheritdoc IOracleCommittee
    function rewardOf(address account) external view returns (uint256) {
        return _rewards[account];
    }

    /// @inheritdoc IOracleCommittee
    function accountOfOperator(address operator) external view returns (address) {
        return _operators[operator];
    }

    /// @inheritdoc IOracleCommittee
    function isSlasher(address account) external view returns (bool) {
        return _slashers[account];
    }

    /// @inheritdoc IOracleCommittee
    function roster() external view returns (Candidate[] memory) {
        return _roster;
    }

    /// @inheritdoc IOracleCommittee
    function stakeOf(address account) external view returns (uint96) {
        return _accounts[account].stake;
    }

    /// @inheritdoc IOracleCommittee
    function exitOf(address account) external view returns (Exit memory) {
        return _exits[account];
    }

    /// @dev Puts the account's entry on the roster, changes it or removes it, as registry and stake say now.
    function _list(address account) private {
        if (!_relist(account)) return;
        rosterHash = _hashRoster();
        emit RosterChanged(rosterHash, _roster);
    }

    /// @dev Without the roster's hash; false when nothing was to be done.
    function _relist(address account) private returns (bool) {
        Account storage held = _accounts[account];
        IParticipantRegistry.Profile memory profile = registry.profileOf(account);
        address holder = _operators[profile.operator];
        bool ownKey = holder == address(0) || holder == account;
        if (_isOracle(profile) && held.stake >= minimumStake && ownKey) {
            _operators[profile.operator] = account;
            _put(held, Candidate(account, profile.operator, profile.group, held.stake));
        } else if (held.place != 0) {
            _remove(held);
        } else {
            return false;
        }
        return true;
    }

    function _take(address account, uint256 bps) private returns (uint256) {
        Account storage held = _accounts[account];
        Exit storage exit = _exits[account];
        uint96 fromStake = uint96((held.stake * bps + 9999) / 10_000);
        uint96 fromExit = uint96((exit.stake * bps + 9999) / 10_000);
        (held.stake, exit.stake) = (held.stake - fromStake, exit.stake - fromExit);
        emit Slashed(account, fromStake, fromExit, msg.sender);
        return uint256(fromStake) + fromExit;
    }

    function _reward(address account, uint256 amount) private {
        if (amount == 0) return;
        _rewards[account] += amount;
        emit Rewarded(account, amount);
    }

    function _put(Account storage held, Candidate memory candidate) private {
        if (held.place == 0) {
            _roster.push(candidate);
            held.place = _roster.length.toUint16();
        } else {
            _roster[held.place - 1] = candidate;
        }
    }

    function _remove(Account storage held) private {
        Candidate memory last = _roster[_roster.length - 1];
        _accounts[last.account].place = held.place;
        _roster[held.place - 1] = last;
        _roster.pop();
        held.place = 0;
    }

    function _hashRoster() private view returns (bytes32) {
        return keccak256(abi.encode(_roster));
    }

    function _requireOracle(address account) private view {
        if (!_isOracle(registry.profileOf(account))) revert OracleCommittee_NotOracle(account);
    }

    function _isOracle(IParticipantRegistry.Profile memory profile) private pure returns (bool) {
        return profile.status == IParticipantRegistry.Status.Active && profile.roles & ROLE_ORACLE != 0;
    }
}
