// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {ROLE_ORACLE} from "../identity/Roles.sol";
import {CommitteeDraw} from "./CommitteeDraw.sol";
import {IOracleCommittee} from "./IOracleCommittee.sol";

/// @title OracleCommittee
/// @notice Stakes, bonds and the roster of compute oracles; draws committees for the markets that administration allowed.
/// @dev An oracle is on the roster while it is active, has the role and holds the minimum stake. The registry does not call
///      here: after a suspension or a change of keys anyone brings the entry in line with `refresh`. An oracle sees the seed of
///      a draw before `seat` is called and may still take its free bond away: it then gives up a seat and can win none.
contract OracleCommittee is IOracleCommittee, AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    /// @dev One slot. Bonds in 72 bits: up to 4.7e15 stable tokens. `place` = index on the roster + 1, 0 = not on it.
    struct Account {
        uint96 stake;
        uint72 freeBond;
        uint72 lockedBond;
        uint16 place;
    }

    IParticipantRegistry public immutable registry;
    IERC20 public immutable stableToken;
    IERC20 public immutable incentiveToken;
    /// @notice Incentive tokens, 18 decimals, that an oracle stakes at least.
    uint96 public immutable minimumStake;
    /// @notice Seconds from `requestExit` to `completeExit`; longer than any window in which a result can be disputed.
    uint64 public immutable exitDelaySeconds;

    bytes32 public rosterHash;
    Candidate[] private _roster;
    mapping(address account => Account) private _accounts;
    mapping(address account => Exit) private _exits;
    mapping(address caller => bool) public isWriter;

    modifier onlyWriter() {
        if (!isWriter[msg.sender]) revert OracleCommittee_NotWriter(msg.sender);
        _;
    }

    constructor(
        address authority,
        IParticipantRegistry registry_,
        IERC20 stableToken_,
        IERC20 incentiveToken_,
        uint96 minimumStake_,
        uint64 exitDelaySeconds_
    ) AccessManaged(authority) {
        if (minimumStake_ == 0) revert OracleCommittee_BadParameter("minimumStake");
        if (exitDelaySeconds_ == 0 || exitDelaySeconds_ > 365 days) {
            revert OracleCommittee_BadParameter("exitDelaySeconds");
        }
        (registry, stableToken, incentiveToken) = (registry_, stableToken_, incentiveToken_);
        (minimumStake, exitDelaySeconds) = (minimumStake_, exitDelaySeconds_);
        rosterHash = _hashRoster();
    }

    /// @notice Allows or stops a market. Administration only; a stopped market cannot unlock bonds either.
    function setWriter(address writer, bool allowed) external restricted {
        isWriter[writer] = allowed;
        emit WriterSet(writer, allowed);
    }

    /// @inheritdoc IOracleCommittee
    function stake(uint96 amount) external {
        _requireOracle(msg.sender);
        Account storage account = _accounts[msg.sender];
        uint96 total = account.stake + amount;
        if (total < minimumStake) revert OracleCommittee_StakeTooSmall(msg.sender, total, minimumStake);
        account.stake = total;
        _list(msg.sender);
        emit Staked(msg.sender, total);
        incentiveToken.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOracleCommittee
    function bond(uint80 amount) external {
        _requireOracle(msg.sender);
        Account storage account = _accounts[msg.sender];
        account.freeBond += uint256(amount).toUint72();
        emit Bonded(msg.sender, account.freeBond);
        stableToken.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IOracleCommittee
    function requestExit(uint96 stakeAmount, uint80 bondAmount) external {
        Account storage account = _accounts[msg.sender];
        if (_exits[msg.sender].availableAt != 0) revert OracleCommittee_ExitPending(msg.sender);
        if (account.stake < stakeAmount) {
            revert OracleCommittee_StakeTooSmall(msg.sender, account.stake, stakeAmount);
        }
        if (account.freeBond < bondAmount) revert OracleCommittee_BondTooSmall(msg.sender, account.freeBond, bondAmount);
        uint64 availableAt = uint64(block.timestamp) + exitDelaySeconds;
        account.stake -= stakeAmount;
        account.freeBond -= uint72(bondAmount);
        _exits[msg.sender] = Exit(stakeAmount, bondAmount, availableAt);
        if (stakeAmount > 0) _list(msg.sender);
        emit ExitRequested(msg.sender, stakeAmount, bondAmount, availableAt);
    }

    /// @inheritdoc IOracleCommittee
    function completeExit() external {
        Exit memory exit = _exits[msg.sender];
        if (exit.availableAt == 0 || block.timestamp < exit.availableAt) {
            revert OracleCommittee_ExitNotReady(msg.sender, exit.availableAt);
        }
        delete _exits[msg.sender];
        emit ExitCompleted(msg.sender, exit.stake, exit.bond);
        if (exit.stake > 0) incentiveToken.safeTransfer(msg.sender, exit.stake);
        if (exit.bond > 0) stableToken.safeTransfer(msg.sender, exit.bond);
    }

    /// @inheritdoc IOracleCommittee
    function refresh(address account) external {
        _list(account);
    }

    /// @inheritdoc IOracleCommittee
    function draw(
        bytes32 jobId,
        bytes32 roster_,
        Candidate[] calldata candidates,
        bytes32 seed,
        DrawRules calldata rules
    ) external onlyWriter returns (Seat[] memory seats) {
        bytes32 brought = keccak256(abi.encode(candidates));
        if (brought != roster_) revert OracleCommittee_RosterMismatch(brought, roster_);
        uint256[] memory weights = _weights(candidates, rules);
        uint256[] memory picked = CommitteeDraw.draw(candidates, weights, jobId, seed, rules);
        seats = new Seat[](picked.length);
        for (uint256 i = 0; i < picked.length; i++) {
            Candidate calldata candidate = candidates[picked[i]];
            seats[i] = Seat(candidate.account, candidate.operator);
            Account storage account = _accounts[candidate.account];
            account.freeBond -= uint72(rules.seatBond);
            account.lockedBond += uint72(rules.seatBond);
        }
    }

    /// @inheritdoc IOracleCommittee
    function release(bytes32 jobId, address[] calldata accounts, uint80 seatBond, uint256 forfeit)
        external
        onlyWriter
        returns (uint256 forfeited)
    {
        for (uint256 i = 0; i < accounts.length; i++) {
            Account storage account = _accounts[accounts[i]];
            if (account.lockedBond < seatBond) {
                revert OracleCommittee_LockTooSmall(accounts[i], account.lockedBond, seatBond);
            }
            account.lockedBond -= uint72(seatBond);
            if ((forfeit >> i) & 1 == 0) {
                account.freeBond += uint72(seatBond);
            } else {
                forfeited += seatBond;
                emit BondForfeited(accounts[i], jobId, seatBond);
            }
        }
        if (forfeited > 0) stableToken.safeTransfer(msg.sender, forfeited);
    }

    /// @inheritdoc IOracleCommittee
    function roster() external view returns (Candidate[] memory) {
        return _roster;
    }

    /// @inheritdoc IOracleCommittee
    function holdingOf(address account) external view returns (Holding memory) {
        Account storage held = _accounts[account];
        return Holding(held.stake, held.freeBond, held.lockedBond);
    }

    /// @inheritdoc IOracleCommittee
    function exitOf(address account) external view returns (Exit memory) {
        return _exits[account];
    }

    /// @dev Who left the roster or lost stake since the job started has no weight, nor who cannot lock the bond.
    function _weights(Candidate[] calldata candidates, DrawRules calldata rules)
        private
        view
        returns (uint256[] memory weights)
    {
        weights = new uint256[](candidates.length);
        for (uint256 i = 0; i < candidates.length; i++) {
            uint256 weight = CommitteeDraw.weightOf(candidates[i], rules);
            if (weight == 0) continue;
            Account memory account = _accounts[candidates[i].account];
            if (account.place == 0 || account.freeBond < rules.seatBond || account.stake < weight) continue;
            weights[i] = weight;
        }
    }

    /// @dev Puts the account's entry on the roster, changes it or removes it, as registry and stake say now.
    function _list(address account) private {
        Account storage held = _accounts[account];
        IParticipantRegistry.Profile memory profile = registry.profileOf(account);
        bool belongs = _isOracle(profile) && held.stake >= minimumStake;
        if (belongs) _put(held, Candidate(account, profile.operator, profile.group, held.stake));
        else if (held.place != 0) _remove(held);
        else return;
        rosterHash = _hashRoster();
        emit RosterChanged(rosterHash, _roster);
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
