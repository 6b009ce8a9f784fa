// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {IJobMarket} from "../market/IJobMarket.sol";
import {IJobTypes} from "../market/IJobTypes.sol";
import {IBeacon} from "./IBeacon.sol";
import {ICommitRevealBeacon} from "./ICommitRevealBeacon.sol";
import {IStakes} from "./IStakes.sol";

/// @title CommitRevealBeacon
/// @dev One slot a round: openedAt (48 bits) | revealed (32) | expected (32) | exclusive or of the parts (144). 144 bits of a hash are a
///      seed as good as 256: nobody looks for two rounds with one value.
contract CommitRevealBeacon is ICommitRevealBeacon, AccessManaged {
    /// @notice Rounds that one chain serves at most.
    uint32 public constant MAXIMUM_LENGTH = 1 << 20;
    uint256 private constant PART_BITS = 144;

    /// @dev Part of its stake that a participant loses for a part that it owed: that of a silent seat (protocol, section 8).
    uint16 private constant SILENCE_BPS = 1000;

    IParticipantRegistry public immutable registry;
    IStakes public immutable stakes;
    /// @notice Seconds from the opening of a round until those who did not reveal are left out.
    uint32 public immutable revealSeconds;
    /// @notice Gets what is slashed beyond the reporter's part.
    address public immutable treasury;
    /// @notice Participants that a round needs: with fewer, one that withholds chooses among too few others' parts.
    uint32 public immutable minimumParticipants;

    uint64 private _round;
    uint32 private _participants;
    mapping(uint64 round => uint256) private _rounds;
    /// @dev Participants whose chain ends before this round.
    mapping(uint64 round => uint32) private _ending;
    mapping(address account => Participant) private _held;
    /// @dev Who revealed, by number: 256 participants a word.
    mapping(uint64 round => mapping(uint256 word => uint256)) private _revealers;
    uint32 private _numbers;
    /// @dev By the hash of market, job and state: a job is drawn for twice at most, its committee and the one of a dispute.
    mapping(bytes32 draw => bool) private _used;
    mapping(address market => bool) public isMarket;

    constructor(
        address authority,
        IParticipantRegistry registry_,
        IStakes stakes_,
        address treasury_,
        uint32 revealSeconds_,
        uint32 minimumParticipants_
    ) AccessManaged(authority) {
        if (revealSeconds_ == 0 || revealSeconds_ > 1 days) revert Beacon_BadParameter("revealSeconds");
        if (minimumParticipants_ < 2) revert Beacon_BadParameter("minimumParticipants");
        if (treasury_ == address(0)) revert Beacon_BadParameter("treasury");
        (registry, stakes, treasury) = (registry_, stakes_, treasury_);
        (revealSeconds, minimumParticipants) = (revealSeconds_, minimumParticipants_);
    }

    /// @inheritdoc ICommitRevealBeacon
    function commit(bytes32 head, uint32 length) external {
        address account = _oracleOf(msg.sender);
        if (length == 0 || length > MAXIMUM_LENGTH) revert Beacon_BadLength(length, MAXIMUM_LENGTH);
        Participant storage held = _held[account];
        uint64 round = _round;
        if (_owes(held, round)) revert Beacon_Owes(account, round);

        if (held.endRound > round) _ending[held.endRound + 1]--;
        else _participants++;
        (held.last, held.lastRound, held.endRound) = (head, round, round + length);
        if (held.commits == 0) held.number = _numbers++;
        held.commits++;
        _ending[round + length + 1]++;
        emit BeaconCommitted(account, head, round, round + length);
    }

    /// @inheritdoc ICommitRevealBeacon
    function open(address market, bytes32 jobId) external returns (uint64 round) {
        if (!isMarket[market]) revert Beacon_NotMarket(market);
        (IJobTypes.State state,,) = IJobMarket(market).jobOf(jobId);
        if (state != IJobTypes.State.Seating && state != IJobTypes.State.Disputed) revert Beacon_NotSeating(jobId);
        bytes32 draw = keccak256(abi.encode(market, jobId, state));
        if (_used[draw]) revert Beacon_JobUsed(jobId);
        round = _round;
        if (round != 0) _requireClosed(round);

        _used[draw] = true;
        round++;
        uint32 expected = _participants;
        if (expected < minimumParticipants) revert Beacon_TooFewParticipants(expected, minimumParticipants);
        _round = round;
        // Who has a preimage for this round and none for the one after is no participant of the next.
        _participants = expected - _ending[round + 1];
        _rounds[round] = block.timestamp << 208 | uint256(expected) << PART_BITS;
        emit BeaconOpened(round, jobId, expected, uint64(block.timestamp) + revealSeconds);
    }

    /// @inheritdoc ICommitRevealBeacon
    function reveal(uint64 round, address account, bytes32 preimage) external {
        if (round != _round || round == 0) revert Beacon_WrongRound(round, _round);
        uint256 word = _rounds[round];
        if (_isClosed(word)) revert Beacon_Closed(round);
        Participant storage held = _held[account];
        if (!_owes(held, round)) revert Beacon_NotOwed(account, round);
        if (held.lastRound + 1 != round) revert Beacon_Missed(account, held.lastRound + 1);
        if (keccak256(abi.encode(preimage)) != held.last) revert Beacon_WrongPreimage(account, round);

        (held.last, held.lastRound) = (preimage, round);
        uint256 number = held.number;
        _revealers[round][number >> 8] |= 1 << (number & 255);
        uint256 part = uint256(keccak256(abi.encode(round, account, preimage))) >> (256 - PART_BITS);
        _rounds[round] = (word ^ part) + (1 << 176);
        emit BeaconRevealed(round, account, preimage);
    }

    /// @inheritdoc ICommitRevealBeacon
    function punish(address account) external {
        uint64 round = _round;
        if (round != 0) _requireClosed(round);
        Participant storage held = _held[account];
        if (!_owes(held, round)) revert Beacon_NotOwed(account, round);
        _end(held, round);
        emit BeaconPunished(round, account, msg.sender);
        (address[] memory accounts, address[] memory reporters) = (new address[](1), new address[](1));
        (accounts[0], reporters[0]) = (account, msg.sender);
        stakes.slash(accounts, SILENCE_BPS, reporters, treasury);
    }

    /// @inheritdoc ICommitRevealBeacon
    function drop(address account) external {
        Participant storage held = _held[account];
        uint64 round = _round;
        if (_owes(held, round)) revert Beacon_Owes(account, round);
        if (held.endRound <= round) revert Beacon_NoParticipant(account);
        if (_isStaked(account)) revert Beacon_StillStaked(account);
        _end(held, round);
        emit BeaconDropped(account);
    }

    /// @inheritdoc ICommitRevealBeacon
    function setMarket(address market, bool allowed) external restricted {
        isMarket[market] = allowed;
        emit MarketSet(market, allowed);
    }

    /// @inheritdoc IBeacon
    /// @dev A value stays: there is nothing to keep.
    function record(uint64 round) external view returns (bytes32) {
        return valueOf(round);
    }

    /// @inheritdoc IBeacon
    function next() external view returns (uint64) {
        return _round + 1;
    }

    /// @inheritdoc IBeacon
    function seedOf(uint64 round) external view returns (bytes32 seed, bool complete) {
        uint256 word = _rounds[round];
        return (_valueOf(round, word), _revealed(word) == _expected(word));
    }

    /// @inheritdoc IBeacon
    function hasRevealed(uint64 round, address account) external view returns (bool) {
        Participant storage held = _held[account];
        uint256 number = held.number;
        return held.commits != 0 && (_revealers[round][number >> 8] >> (number & 255)) & 1 == 1;
    }

    /// @inheritdoc ICommitRevealBeacon
    function participantOf(address account) external view returns (Participant memory) {
        return _held[account];
    }

    /// @inheritdoc ICommitRevealBeacon
    function owes(address account) external view returns (bool) {
        return _owes(_held[account], _round);
    }

    /// @inheritdoc ICommitRevealBeacon
    function current() external view returns (RoundView memory) {
        uint256 word = _rounds[_round];
        return RoundView(_round, uint64(_closesAt(word)), _revealed(word), _expected(word), _isClosed(word));
    }

    /// @inheritdoc ICommitRevealBeacon
    function participants() external view returns (uint256) {
        return _participants;
    }

    /// @inheritdoc IBeacon
    function valueOf(uint64 round) public view returns (bytes32) {
        return _valueOf(round, _rounds[round]);
    }

    function _valueOf(uint64 round, uint256 word) private view returns (bytes32) {
        if (word == 0 || !_isClosed(word)) revert Beacon_NotReady(round);
        if (2 * uint256(_revealed(word)) <= _expected(word)) revert Beacon_Lost(round);
        return keccak256(abi.encode(round, word << (256 - PART_BITS)));
    }

    /// @dev Takes a participant out of the rounds after this one.
    function _end(Participant storage held, uint64 round) private {
        if (held.endRound > round) {
            _participants--;
            _ending[held.endRound + 1]--;
        }
        held.endRound = 0;
    }

    /// @dev True while a part is missing of `round`, the last one opened, or of one before: it owes every round after `lastRound`.
    function _owes(Participant storage held, uint64 round) private view returns (bool) {
        uint64 done = held.lastRound;
        return done < round && done < held.endRound;
    }

    function _requireClosed(uint64 round) private view {
        uint256 word = _rounds[round];
        if (!_isClosed(word)) revert Beacon_StillOpen(round, uint64(_closesAt(word)));
    }

    function _oracleOf(address caller) private view returns (address account) {
        account = registry.accountOf(caller);
        if (account == address(0)) account = caller;
        if (!_isStaked(account)) revert Beacon_NotOracle(caller);
    }

    function _isStaked(address account) private view returns (bool) {
        return registry.isActive(account) && stakes.stakeOf(account) >= stakes.minimumStake();
    }

    function _isClosed(uint256 word) private view returns (bool) {
        return _revealed(word) == _expected(word) || block.timestamp > _closesAt(word);
    }

    function _closesAt(uint256 word) private view returns (uint256) {
        return (word >> 208) + revealSeconds;
    }

    function _revealed(uint256 word) private pure returns (uint32) {
        return uint32(word >> 176);
    }

    function _expected(uint256 word) private pure returns (uint32) {
        return uint32(word >> PART_BITS);
    }
}
