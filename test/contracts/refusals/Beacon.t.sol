// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {CommitRevealBeacon} from "../../../contracts/oracle/CommitRevealBeacon.sol";
import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";
import {ICommitRevealBeacon} from "../../../contracts/oracle/ICommitRevealBeacon.sol";
import {IStakes} from "../../../contracts/oracle/IStakes.sol";
import {BeaconWorld} from "../harness/BeaconWorld.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Rounds of the beacon of reveals: who may commit, open, reveal and punish, and what a round comes to.
contract BeaconTest is Refusals {
    uint32 private constant REVEAL_SECONDS = 60;
    uint32 private constant LENGTH = 5;

    BeaconWorld private _world;
    CommitRevealBeacon private _draws;

    function setUp() public {
        _world = new BeaconWorld();
        _draws = new CommitRevealBeacon(address(_manager), _registry, _world, address(0xFEE), REVEAL_SECONDS, 3);
        _draws.setMarket(address(_world), true);
        for (uint256 i = 0; i < 4; i++) {
            _world.setStake(_oracle(i), 10);
        }
    }

    function test_ParametersBeyondTheirRanges() public {
        _badParameter(address(0xFEE), 0, 2, "revealSeconds");
        _badParameter(address(0xFEE), 1 days + 1, 2, "revealSeconds");
        _badParameter(address(0xFEE), 1, 1, "minimumParticipants");
        _badParameter(address(0), 1, 2, "treasury");
    }

    function test_WhoMayCommitAndToWhat() public {
        bytes memory commit = _commitCall(0, LENGTH);
        address bank = _accounts[People.FIRST_BANK];
        _refused(bank, commit, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotOracle.selector, bank));
        _world.setStake(_oracle(0), 9);
        bytes memory poor = abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotOracle.selector, _oracle(0));
        _refused(_oracle(0), commit, poor);
        _world.setStake(_oracle(0), 10);
        bytes4 badLength = ICommitRevealBeacon.Beacon_BadLength.selector;
        _refused(_oracle(0), _commitCall(0, 0), abi.encodeWithSelector(badLength, 0, 1 << 20));
        _refused(_oracle(0), _commitCall(0, (1 << 20) + 1), abi.encodeWithSelector(badLength, (1 << 20) + 1, 1 << 20));
        // The node's hot key commits for its account, and a second time counts once.
        vm.prank(People.profileOf(People.FIRST_ORACLE).operator);
        _draws.commit("head", LENGTH);
        _commit(0);
        require(_draws.participants() == 1 && _draws.participantOf(_oracle(0)).commits == 2, "counted twice");
    }

    function test_WhatOpensARound() public {
        for (uint256 i = 0; i < 2; i++) _commit(i);
        _open(1, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotSeating.selector, bytes32(uint256(1))));
        _world.setState(bytes32(uint256(1)), IJobTypes.State.Seating);
        _open(1, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_TooFewParticipants.selector, 2, 3));
        bytes memory call = abi.encodeCall(ICommitRevealBeacon.open, (address(this), "job"));
        _refused(address(this), call, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotMarket.selector, address(this)));
        _commit(2);
        require(_draws.next() == 1 && _opened(1) == 1, "another round");
        _open(1, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_JobUsed.selector, bytes32(uint256(1))));
        _world.setState(bytes32(uint256(2)), IJobTypes.State.Disputed);
        uint64 closes = uint64(block.timestamp) + REVEAL_SECONDS;
        _open(2, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_StillOpen.selector, 1, closes));
        vm.warp(closes + 1);
        require(_opened(2) == 2, "a dispute opens none");
        _world.setState(bytes32(uint256(1)), IJobTypes.State.Disputed);
        vm.warp(closes + REVEAL_SECONDS + 2);
        require(_opened(1) == 3, "the second draw of a job is another");
    }

    function test_WhatMayBeRevealed() public {
        _reveal(0, 0, 0, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_WrongRound.selector, 0, 0));
        _roundOne();
        _reveal(2, 0, 0, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_WrongRound.selector, 2, 1));
        _reveal(1, 3, 0, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotOwed.selector, _oracle(3), 1));
        _reveal(1, 0, 1, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_WrongPreimage.selector, _oracle(0), 1));
        _draws.reveal(1, _oracle(0), _preimage(0, 0));
        _reveal(1, 0, 0, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotOwed.selector, _oracle(0), 1));
        require(_draws.hasRevealed(1, _oracle(0)) && !_draws.hasRevealed(1, _oracle(1)), "another revealed");
        require(_draws.owes(_oracle(1)) && !_draws.owes(_oracle(0)), "another owes");
        vm.warp(block.timestamp + REVEAL_SECONDS + 1);
        _reveal(1, 1, 0, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_Closed.selector, 1));
        _world.setState(bytes32(uint256(2)), IJobTypes.State.Seating);
        _opened(2);
        // Who left a round out goes on with none: its part of the first is missing for good.
        _reveal(2, 1, 1, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_Missed.selector, _oracle(1), 1));
    }

    function test_WhatARoundComesTo() public {
        _roundOne();
        bytes memory notReady = abi.encodeWithSelector(IBeacon.Beacon_NotReady.selector, 1);
        _refused(address(this), abi.encodeCall(IBeacon.valueOf, (1)), notReady);
        _refused(address(this), abi.encodeCall(IBeacon.seedOf, (7)), abi.encodeWithSelector(IBeacon.Beacon_NotReady.selector, 7));
        ICommitRevealBeacon.RoundView memory now_ = _draws.current();
        require(now_.round == 1 && now_.expected == 3 && now_.revealed == 0 && !now_.isClosed, "another round");
        for (uint256 i = 0; i < 3; i++) {
            _draws.reveal(1, _oracle(i), _preimage(i, 0));
        }
        // Complete before its time is over.
        (bytes32 seed, bool complete) = _draws.seedOf(1);
        require(complete && seed == _draws.valueOf(1) && seed == _draws.record(1) && seed != 0, "no value");
        require(_draws.current().isClosed, "still open");
    }

    function test_HalfOfThePartsGiveNoValue() public {
        _commit(3);
        _roundOne();
        for (uint256 i = 0; i < 2; i++) {
            _draws.reveal(1, _oracle(i), _preimage(i, 0));
        }
        vm.warp(block.timestamp + REVEAL_SECONDS + 1);
        _refused(address(this), abi.encodeCall(IBeacon.valueOf, (1)), abi.encodeWithSelector(IBeacon.Beacon_Lost.selector, 1));
    }

    function test_WhoOwesAPartIsPunishedOnceAndOutOfTheNextRound() public {
        _roundOne();
        bytes memory punish = abi.encodeCall(ICommitRevealBeacon.punish, (_oracle(0)));
        uint64 closes = uint64(block.timestamp) + REVEAL_SECONDS;
        _refused(address(this), punish, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_StillOpen.selector, 1, closes));
        bytes memory owes = abi.encodeWithSelector(ICommitRevealBeacon.Beacon_Owes.selector, _oracle(0), 1);
        _refused(_oracle(0), _commitCall(0, LENGTH), owes);
        _refused(address(this), abi.encodeCall(ICommitRevealBeacon.drop, (_oracle(0))), owes);
        vm.warp(closes + 1);
        _draws.punish(_oracle(0));
        require(_draws.participants() == 2, "it still takes part");
        _refused(address(this), punish, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NotOwed.selector, _oracle(0), 1));
        _commit(0);
        require(_draws.participants() == 3, "it may not come back");
    }

    function test_WhoseChainEndsIsNoParticipantOfTheRoundAfter() public {
        vm.prank(_oracle(0));
        _draws.commit(_chain(0, 1), 1);
        for (uint256 i = 1; i < 4; i++) _commit(i);
        _world.setState(bytes32(uint256(1)), IJobTypes.State.Seating);
        require(_opened(1) == 1 && _draws.current().expected == 4, "not all take part");
        require(_draws.participants() == 3, "a chain without a next part takes part in the next round");
        // It owed its last part, and is punished without being taken out of a count twice.
        vm.warp(block.timestamp + REVEAL_SECONDS + 1);
        _draws.punish(_oracle(0));
        require(_draws.participants() == 3, "taken out twice");
    }

    function test_WhoHasNoStakeAnyMoreIsDroppedByAnyone() public {
        for (uint256 i = 0; i < 3; i++) _commit(i);
        bytes memory drop = abi.encodeCall(ICommitRevealBeacon.drop, (_oracle(0)));
        _refused(address(this), drop, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_StillStaked.selector, _oracle(0)));
        bytes memory none = abi.encodeCall(ICommitRevealBeacon.drop, (_oracle(3)));
        _refused(address(this), none, abi.encodeWithSelector(ICommitRevealBeacon.Beacon_NoParticipant.selector, _oracle(3)));
        _world.setStake(_oracle(0), 0);
        _draws.drop(_oracle(0));
        require(_draws.participants() == 2, "it still takes part");
    }

    function _roundOne() private {
        for (uint256 i = 0; i < 3; i++) _commit(i);
        _world.setState(bytes32(uint256(1)), IJobTypes.State.Seating);
        _opened(1);
    }

    function _commit(uint256 i) private {
        vm.prank(_oracle(i));
        _draws.commit(_chain(i, LENGTH), LENGTH);
    }

    function _opened(uint256 job) private returns (uint64) {
        return _draws.open(address(_world), bytes32(job));
    }

    function _open(uint256 job, bytes memory refusal) private {
        _refused(address(this), abi.encodeCall(ICommitRevealBeacon.open, (address(_world), bytes32(job))), refusal);
    }

    function _reveal(uint64 round, uint256 i, uint256 index, bytes memory refusal) private {
        _refused(address(this), abi.encodeCall(ICommitRevealBeacon.reveal, (round, _oracle(i), _preimage(i, index))), refusal);
    }

    function _refused(address caller, bytes memory call, bytes memory refusal) private {
        _expect(caller, address(_draws), call, refusal);
    }

    function _badParameter(address treasury, uint32 revealSeconds, uint32 minimum, string memory field) private {
        bytes memory refusal = abi.encodeWithSelector(ICommitRevealBeacon.Beacon_BadParameter.selector, field);
        vm.expectRevert(refusal);
        new CommitRevealBeacon(address(_manager), _registry, IStakes(address(_world)), treasury, revealSeconds, minimum);
    }

    function _oracle(uint256 i) private view returns (address) {
        return _accounts[People.FIRST_ORACLE + i];
    }

    function _commitCall(uint256 i, uint32 length) private pure returns (bytes memory) {
        return abi.encodeCall(ICommitRevealBeacon.commit, (_chain(i, LENGTH), length));
    }

    function _preimage(uint256 i, uint256 index) private pure returns (bytes32) {
        return _chain(i, LENGTH - 1 - index);
    }

    /// @dev A seed of that oracle, hashed so many times.
    function _chain(uint256 i, uint256 times) private pure returns (bytes32 word) {
        word = keccak256(abi.encode("seed", i));
        for (; times > 0; times--) word = keccak256(abi.encode(word));
    }
}
