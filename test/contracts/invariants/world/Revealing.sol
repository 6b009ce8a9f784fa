// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ICommitRevealBeacon} from "../../../../contracts/oracle/ICommitRevealBeacon.sol";
import {vm} from "../Cheats.sol";
import {Chance} from "./Chance.sol";
import {Job} from "./Books.sol";
import {People} from "./People.sol";
import {Residents} from "./Residents.sol";

/// @notice The oracles' chains of hashes and the rounds of the beacon that they reveal for, counted beside the contract.
abstract contract Revealing is Residents, Chance {
    /// @dev Preimages for the rounds after `from` up to `end`; end = 0: takes no part. done: the last round it revealed for.
    struct Chain {
        uint64 from;
        uint64 end;
        uint64 done;
        uint32 number;
    }

    /// @dev parts: exclusive or of what was revealed.
    struct Round {
        uint256 openedAt;
        uint256 expected;
        uint256 revealed;
        uint256 parts;
        uint256 revealers;
    }

    uint256 internal constant PART_BITS = 144;
    mapping(uint256 who => Chain) internal _chains;
    /// Round r stands at r − 1.
    Round[] internal _drawn;

    constructor() {
        for (uint256 i = 0; i < People.ORACLES; i++) {
            _commit(People.FIRST_ORACLE + i, 10 + i, false);
        }
    }

    function _commit(uint256 who, uint256 length, bool byOperator) internal {
        Chain storage chain = _chains[who];
        bytes32 head = _preimage(who, chain.number + 1, length);
        vm.prank(byOperator ? _registry.profileOf(_accounts[who]).operator : _accounts[who]);
        _beacon.commit(head, uint32(length));
        uint64 round = uint64(_drawn.length);
        if (_owes(who)) _found("16: who owes a part committed again");
        (chain.from, chain.end, chain.done) = (round, round + uint64(length), round);
        chain.number++;
        _count("CommitRevealBeacon.commit");
    }

    function _openRound(Job storage job) internal {
        uint256 expected = _participants();
        if (_drawn.length > 0 && !_isClosed(_drawn.length)) _mustClose();
        _beacon.open(address(_market), job.id);
        _drawn.push(Round(block.timestamp, expected, 0, 0, 0));
        _count("CommitRevealBeacon.open");
    }

    /// @dev Everybody reveals who owes a part of the last round, but for one sometimes; the round is closed afterwards.
    function _revealAll() internal {
        uint256 silent = _once(5) ? People.FIRST_ORACLE + _draw(People.ORACLES) : People.ALL;
        uint256 second = _once(5) ? People.FIRST_ORACLE + _draw(People.ORACLES) : silent;
        for (uint256 i = 0; i < People.ORACLES; i++) {
            uint256 who = People.FIRST_ORACLE + i;
            if (who != silent && who != second && _mayReveal(who)) _reveal(who);
        }
        _mustClose();
    }

    function _reveal(uint256 who) internal {
        uint64 number = uint64(_drawn.length);
        Chain storage chain = _chains[who];
        bytes32 preimage = _preimage(who, chain.number, chain.end - number);
        _beacon.reveal(number, _accounts[who], preimage);
        Round storage round = _drawn[number - 1];
        round.parts ^= uint256(keccak256(abi.encode(number, _accounts[who], preimage))) >> (256 - PART_BITS);
        round.revealed++;
        round.revealers |= 1 << who;
        chain.done = number;
        _count("CommitRevealBeacon.reveal");
    }

    /// @dev The clock goes on until the last round is over.
    function _mustClose() internal {
        uint256 closesAt = _drawn[_drawn.length - 1].openedAt + REVEAL_SECONDS;
        if (!_isClosed(_drawn.length) && block.timestamp <= closesAt) vm.warp(closesAt + 1);
    }

    function _mayReveal(uint256 who) internal view returns (bool) {
        Chain storage chain = _chains[who];
        return _owes(who) && chain.done + 1 == _drawn.length && !_isClosed(_drawn.length);
    }

    function _owes(uint256 who) internal view returns (bool) {
        Chain storage chain = _chains[who];
        return chain.done < _drawn.length && chain.done < chain.end;
    }

    /// @dev Of the next round.
    function _participants() internal view returns (uint256 count) {
        for (uint256 i = 0; i < People.ORACLES; i++) {
            if (_chains[People.FIRST_ORACLE + i].end > _drawn.length) count++;
        }
    }

    function _isClosed(uint256 number) internal view returns (bool) {
        Round storage round = _drawn[number - 1];
        return round.revealed == round.expected || block.timestamp > round.openedAt + REVEAL_SECONDS;
    }

    function _isLost(uint256 number) internal view returns (bool) {
        return 2 * _drawn[number - 1].revealed <= _drawn[number - 1].expected;
    }

    /// @notice 16. A round that is over keeps the value that follows from what was revealed; rounds are opened one after the other.
    function beaconRounds() public view returns (string memory) {
        uint256 opened = _drawn.length;
        ICommitRevealBeacon.RoundView memory last = _beacon.current();
        if (last.round != opened || _beacon.next() != opened + 1) return "16: a round that nobody opened";
        if (_beacon.participants() != _participants()) return "16: other participants than those who committed";
        if (opened == 0) return "";
        if (last.revealed != _drawn[opened - 1].revealed) return "16: a part that nobody revealed";
        for (uint256 number = 1; number <= opened; number++) {
            if (!_isClosed(number)) continue;
            try _beacon.seedOf(uint64(number)) returns (bytes32 seed, bool complete) {
                Round storage round = _drawn[number - 1];
                bytes32 needed = keccak256(abi.encode(number, round.parts << (256 - PART_BITS)));
                if (_isLost(number) || seed != needed) return "16: a round has another value";
                if (complete != (round.revealed == round.expected)) return "16: a round is complete and is not";
            } catch {
                if (!_isLost(number)) return "16: the value of a round is gone";
            }
        }
        return "";
    }

    /// @dev The preimage that is `steps` hashes before the end of the chain: 0 = its last.
    function _preimage(uint256 who, uint256 number, uint256 steps) internal pure returns (bytes32 value) {
        value = keccak256(abi.encode("chain", who, number));
        for (; steps > 0; steps--) {
            value = keccak256(abi.encode(value));
        }
    }
}
