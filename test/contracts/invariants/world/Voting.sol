// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {RuleBook} from "../../../../contracts/governance/RuleBook.sol";
import {CommitRevealBeacon} from "../../../../contracts/oracle/CommitRevealBeacon.sol";
import {vm} from "../Cheats.sol";
import {People} from "./People.sol";
import {SampledBudgets} from "./SampledBudgets.sol";

/// @notice One proposal to the Constitution at a time, from its making to its execution; this contract holds most votes.
abstract contract Voting is SampledBudgets {
    /// @dev Votes are counted here too.
    struct Motion {
        uint256 id;
        address target;
        bytes data;
        string description;
        uint256 snapshot;
        uint256 ends;
        uint256 eta;
        uint256 pro;
        uint256 contra;
        uint256 abstained;
        uint256 voted;
    }

    uint256 private constant FOUNDER = People.ALL;
    Motion internal _motion;
    uint256 private _motions;
    /// What the settings must be: delay, period, threshold, quorum, base delay.
    uint256[5] internal _settings;

    constructor() {
        _settings = [uint256(VOTING_DELAY), VOTING_PERIOD, PROPOSAL_THRESHOLD, QUORUM_PERCENT, GOVERNANCE_DELAY];
    }

    function proposeRules(uint256 random) external move(random) {
        _govern();
    }

    function vote(uint256 random) external move(random) {
        _govern();
    }

    function queue(uint256 random) external move(random) {
        _govern();
    }

    function execute(uint256 random) external move(random) {
        _govern();
    }

    /// @dev The next step of the proposal that is under way, or a new one.
    function _govern() private {
        if (_motion.id == 0) return _move();
        if (_motion.eta != 0) return _execute();
        if (_motion.voted == 0 && block.timestamp <= _motion.snapshot && _once(8)) return _cancelMotion();
        if (block.timestamp <= _motion.snapshot) vm.warp(_motion.snapshot + 1);
        bool over = block.timestamp > _motion.ends;
        if (!over && (_motion.voted == 0 || _once(3))) return _vote(_once(3) ? _draw(People.TREASURY) : FOUNDER);
        if (!over) vm.warp(_motion.ends + 1);
        _queue();
    }

    function delegate(uint256 random) external move(random) {
        uint256 who = _draw(People.TREASURY);
        address to = _once(2) ? _accounts[who] : _accounts[_draw(People.TREASURY)];
        vm.prank(_accounts[who]);
        _incentive.delegate(to);
        _count("IncentiveToken.delegate");
    }

    function rules(uint256 random) external move(random) {
        if (_ruleBook.length == 1 || _once(3)) return _publish(_once(2) ? 0 : _draw(2 days));
        uint256 version = 2 + _draw(_ruleBook.length - 1);
        uint64 starts = _ruleBook[version - 1].activatesAt;
        uint256 least = starts > block.timestamp ? starts : block.timestamp;
        _retire(version, uint64(least + _draw(2 days)));
    }

    function _move() private {
        (_motion.target, _motion.data) = _wish(_draw(8));
        _motion.description = string.concat("motion ", vm.toString(_motions++));
        // Votes are those of a moment before.
        vm.warp(block.timestamp + 1);
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _actions();
        _motion.id = _constitution.propose(targets, values, calls, _motion.description);
        _motion.snapshot = block.timestamp + _settings[0];
        _motion.ends = _motion.snapshot + _settings[1];
        _count("Constitution.propose");
    }

    /// @dev What a vote may ask for.
    function _wish(uint256 which) private returns (address target, bytes memory data) {
        if (which < 2) {
            data = abi.encodeCall(RuleBook.publish, (keccak256(abi.encode("voted", _motions)), "board:rules", 0));
            return (address(_rules), data);
        }
        if (which == 2) return (address(_beacon), abi.encodeCall(CommitRevealBeacon.setMarket, (address(0xFA), _once(2))));
        target = address(_constitution);
        if (which == 3) data = abi.encodeCall(_constitution.setVotingDelay, (uint48(VOTING_DELAY + _draw(60))));
        if (which == 4) data = abi.encodeCall(_constitution.setVotingPeriod, (uint32(VOTING_PERIOD + _draw(60))));
        if (which == 5) data = abi.encodeCall(_constitution.setProposalThreshold, (_draw(PROPOSAL_THRESHOLD)));
        if (which == 6) data = abi.encodeCall(_constitution.updateQuorumNumerator, (QUORUM_PERCENT + _draw(3)));
        if (which == 7) data = abi.encodeCall(_constitution.setBaseDelaySeconds, (uint32(GOVERNANCE_DELAY + _draw(60))));
    }

    /// @dev Whoever voted before, or has no votes, changes nothing.
    function _vote(uint256 who) private {
        if ((_motion.voted >> who) & 1 == 1) return;
        address voter = who == FOUNDER ? address(this) : _accounts[who];
        uint8 support = _once(4) ? uint8(_draw(3)) : 1;
        uint256 weight = _incentive.getPastVotes(voter, _motion.snapshot);
        uint256 way = _draw(who == FOUNDER ? 3 : 5);
        if (way < 3) vm.prank(voter);
        if (way == 0) _constitution.castVote(_motion.id, support);
        if (way == 1) _constitution.castVoteWithReason(_motion.id, support, "because");
        if (way == 2) _constitution.castVoteWithReasonAndParams(_motion.id, support, "because", "x");
        if (way > 2) _voteBySignature(who, support, way == 4);
        if (support == 0) _motion.contra += weight;
        else if (support == 1) _motion.pro += weight;
        else _motion.abstained += weight;
        _motion.voted |= 1 << who;
        string[3] memory ways = ["castVote", "castVoteWithReason", "castVoteWithReasonAndParams"];
        if (way < 3) _count(string.concat("Constitution.", ways[way]));
    }

    function _voteBySignature(uint256 who, uint8 support, bool reasoned) private {
        (uint256 id, address voter) = (_motion.id, _accounts[who]);
        bytes32 plain = keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)");
        bytes32 extended =
            keccak256("ExtendedBallot(uint256 proposalId,uint8 support,address voter,uint256 nonce,string reason,bytes params)");
        uint256 nonce = _constitution.nonces(voter);
        bytes32 ballot = reasoned
            ? keccak256(abi.encode(extended, id, support, voter, nonce, keccak256("because"), keccak256("x")))
            : keccak256(abi.encode(plain, id, support, voter, nonce));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _constitutionDomain(), ballot));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(People.accountKey(who), digest);
        bytes memory signature = bytes.concat(r, s, bytes1(v));
        if (reasoned) _constitution.castVoteWithReasonAndParamsBySig(id, support, voter, "because", "x", signature);
        else _constitution.castVoteBySig(id, support, voter, signature);
        _count(reasoned ? "Constitution.castVoteWithReasonAndParamsBySig" : "Constitution.castVoteBySig");
    }

    function _constitutionDomain() private view returns (bytes32) {
        bytes32 typeHash = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(
            abi.encode(typeHash, keccak256("Farshore Constitution"), keccak256("1"), block.chainid, address(_constitution))
        );
    }

    /// @dev Over: a majority of those who count, and enough of them.
    function _queue() private {
        uint256 quorum = _incentive.getPastTotalSupply(_motion.snapshot) * _constitution.quorumNumerator(_motion.snapshot) / 100;
        bool passed = _motion.pro > _motion.contra && _motion.pro + _motion.abstained >= quorum;
        IGovernor.ProposalState state = _constitution.state(_motion.id);
        if (passed != (state == IGovernor.ProposalState.Succeeded)) _found("18: a vote was counted otherwise");
        if (!passed) {
            delete _motion;
            return;
        }
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _actions();
        try _constitution.execute(targets, values, calls, keccak256(bytes(_motion.description))) {
            return _found("18: a vote took effect before its time");
        } catch {}
        _constitution.queue(targets, values, calls, keccak256(bytes(_motion.description)));
        _motion.eta = _constitution.proposalEta(_motion.id);
        if (_motion.eta < block.timestamp + GOVERNANCE_DELAY) _found("18: a vote takes effect before the delay");
        _count("Constitution.queue");
    }

    function _execute() private {
        if (block.timestamp < _motion.eta) vm.warp(_motion.eta);
        // What the AccessManager keeps for a week is forgotten after it.
        bool kept = _motion.target == address(_constitution) || block.timestamp < _motion.eta + _manager.expiration();
        if (!kept) {
            delete _motion;
            return;
        }
        _constitution.execute(_targets(), new uint256[](1), _calls(), keccak256(bytes(_motion.description)));
        _count("Constitution.execute");
        _effect(bytes4(_motion.data));
        delete _motion;
    }

    function _effect(bytes4 selector) private {
        bytes memory arguments = new bytes(_motion.data.length - 4);
        for (uint256 i = 0; i < arguments.length; i++) {
            arguments[i] = _motion.data[i + 4];
        }
        if (selector == RuleBook.publish.selector) return _published(abi.decode(arguments, (bytes32)), 0);
        if (selector == CommitRevealBeacon.setMarket.selector) return _count("CommitRevealBeacon.setMarket");
        bytes4[5] memory setters = [
            _constitution.setVotingDelay.selector,
            _constitution.setVotingPeriod.selector,
            _constitution.setProposalThreshold.selector,
            _constitution.updateQuorumNumerator.selector,
            _constitution.setBaseDelaySeconds.selector
        ];
        string[5] memory names =
            ["setVotingDelay", "setVotingPeriod", "setProposalThreshold", "updateQuorumNumerator", "setBaseDelaySeconds"];
        for (uint256 i = 0; i < 5; i++) {
            if (selector != setters[i]) continue;
            _settings[i] = abi.decode(arguments, (uint256));
            _count(string.concat("Constitution.", names[i]));
        }
    }

    function _cancelMotion() private {
        _constitution.cancel(_targets(), new uint256[](1), _calls(), keccak256(bytes(_motion.description)));
        delete _motion;
        _count("Constitution.cancel");
    }

    function _actions() private view returns (address[] memory, uint256[] memory, bytes[] memory) {
        return (_targets(), new uint256[](1), _calls());
    }

    function _targets() internal view returns (address[] memory list) {
        list = new address[](1);
        list[0] = _motion.target;
    }

    function _calls() internal view returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = _motion.data;
    }

    /// @notice 18. Settings are those that were voted, none below its floor; the Constitution stays administrator under its delay, and
    ///         who may write, mint and publish stays with it.
    function government() public view returns (string memory) {
        uint256[5] memory had = [
            _constitution.votingDelay(),
            _constitution.votingPeriod(),
            _constitution.proposalThreshold(),
            _constitution.quorumNumerator(),
            _constitution.baseDelaySeconds()
        ];
        if (keccak256(abi.encode(had)) != keccak256(abi.encode(_settings))) return "18: a setting that nobody voted";
        if (had[0] < VOTING_DELAY || had[1] < VOTING_PERIOD || had[3] < QUORUM_PERCENT || had[4] < GOVERNANCE_DELAY) {
            return "18: a setting below its floor";
        }
        (bool member, uint32 delay) = IAccessManager(address(_manager)).hasRole(0, address(_constitution));
        if (!member || delay < GOVERNANCE_DELAY) return "18: the Constitution lost its seat or its delay";
        bool kept = _manager.getTargetFunctionRole(address(_rules), RuleBook.publish.selector) == 0;
        return kept && _manager.getTargetFunctionRole(address(_incentive), _incentive.setMinter.selector) == 0
            ? ""
            : "18: a function of governance is another's";
    }
}
