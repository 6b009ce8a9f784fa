// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Constitution} from "../../../contracts/governance/Constitution.sol";
import {IConstitution} from "../../../contracts/governance/IConstitution.sol";
import {IRuleBook} from "../../../contracts/governance/IRuleBook.sol";
import {PrivacyLedger} from "../../../contracts/ledger/PrivacyLedger.sol";
import {vm} from "../invariants/Cheats.sol";
import {Refusals} from "./Refusals.sol";

/// @notice What no vote may change, a vote from the proposal to its effect, and rules that change forward in time only.
contract GovernanceTest is Refusals {
    uint48 private constant VOTING_DELAY = 1 hours;
    uint32 private constant VOTING_PERIOD = 1 days;
    uint32 private constant DELAY = 2 days;
    uint64 private constant OTHER_ROLE = 77;
    address private constant KEY = address(0xCE1);

    Constitution private _constitution;

    function setUp() public {
        _constitution = new Constitution(
            address(_manager), _incentive, IConstitution.Settings(VOTING_DELAY, VOTING_PERIOD, 1000e18, 4, DELAY)
        );
        _manager.grantRole(0, address(_constitution), DELAY);
        _incentive.delegate(address(this));
        vm.warp(block.timestamp + 1);
    }

    function test_WhatNoVoteMayAskOfTheAccessManager() public {
        _forbidden(abi.encodeCall(AccessManager.grantRole, (0, KEY, DELAY)));
        _forbidden(abi.encodeCall(AccessManager.grantRole, (0, address(_rules), DELAY - 1)));
        _forbidden(abi.encodeCall(AccessManager.revokeRole, (0, address(_constitution))));
        _forbidden(abi.encodeCall(AccessManager.setTargetClosed, (address(_manager), true)));
        _forbidden(abi.encodeCall(AccessManager.updateAuthority, (address(_privacy), KEY)));
        _forbidden(_reroute(address(_manager), AccessManager.labelRole.selector));
        _forbidden(_reroute(address(_privacy), PrivacyLedger.setWriter.selector));
        _forbidden(_reroute(address(_incentive), _incentive.setMinter.selector));
        _forbidden(_reroute(address(_stable), _stable.setProtocolContract.selector));
        _forbidden(_reroute(address(_rules), _rules.publish.selector));
        _forbidden(_reroute(address(_rules), _rules.retire.selector));
        _forbidden(_reroute(address(_assets), _assets.unpause.selector));
        _forbidden("");
        _forbidden(hex"1234");
    }

    function test_WhatAVoteMayAskOfTheAccessManager() public view {
        _allowed(abi.encodeCall(AccessManager.grantRole, (0, address(_rules), DELAY)));
        _allowed(abi.encodeCall(AccessManager.grantRole, (1, KEY, 0)));
        _allowed(abi.encodeCall(AccessManager.revokeRole, (0, address(this))));
        _allowed(abi.encodeCall(AccessManager.revokeRole, (1, address(_constitution))));
        _allowed(abi.encodeCall(AccessManager.setTargetClosed, (address(_assets), true)));
        _allowed(_reroute(address(_assets), _assets.pause.selector));
        bytes4[] memory own = new bytes4[](1);
        own[0] = PrivacyLedger.setWriter.selector;
        _allowed(abi.encodeCall(AccessManager.setTargetFunctionRole, (address(_privacy), own, 0)));
        _allowed(abi.encodeCall(AccessManager.labelRole, (7, "auditor")));
        _allowed(abi.encodeCall(AccessManager.setGrantDelay, (1, 3600)));
        _allowed(abi.encodeCall(AccessManager.setRoleGuardian, (1, 3)));
        _allowed(abi.encodeCall(AccessManager.setRoleAdmin, (1, 2)));
        _constitution.requireAllowed(address(_privacy), abi.encodeCall(PrivacyLedger.setWriter, (KEY, true)));
    }

    function test_ItsOwnSettingsStayAboveTheirFloors() public {
        _setting(_constitution.setVotingDelay.selector, VOTING_DELAY);
        _setting(_constitution.setVotingPeriod.selector, VOTING_PERIOD);
        _setting(_constitution.updateQuorumNumerator.selector, 4);
        _setting(_constitution.setBaseDelaySeconds.selector, DELAY);
        address own = address(_constitution);
        _constitution.requireAllowed(own, abi.encodeCall(_constitution.setProposalThreshold, (0)));
        _forbiddenOf(own, abi.encodeCall(_constitution.relay, (address(_manager), 0, "")));
        _forbiddenOf(own, abi.encodePacked(_constitution.relay.selector, uint256(1)));
    }

    function test_AForbiddenCallAmongOthersStopsTheProposal() public {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _calls(2);
        (targets[0], calls[0]) = (address(_privacy), abi.encodeCall(PrivacyLedger.setWriter, (KEY, true)));
        (targets[1], calls[1]) = (address(_manager), abi.encodeCall(AccessManager.grantRole, (0, KEY, 0)));
        bytes memory refusal = abi.encodeWithSelector(
            IConstitution.Constitution_Forbidden.selector, address(_manager), AccessManager.grantRole.selector
        );
        bytes memory propose = abi.encodeCall(Constitution.propose, (targets, values, calls, "both"));
        _expect(address(this), address(_constitution), propose, refusal);
        require(_constitution.proposalThreshold() == 1000e18, "another threshold");
        (targets, values, calls) = _writerCall();
        propose = abi.encodeCall(Constitution.propose, (targets, values, calls, "without votes"));
        bytes memory poor = abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, KEY, 0, 1000e18);
        _expect(KEY, address(_constitution), propose, poor);
    }

    function test_AVoteTakesEffectAfterTheDelayAndNotBefore() public {
        _manager.revokeRole(0, address(this));
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _writerCall();
        uint256 id = _constitution.propose(targets, values, calls, "a writer");
        require(_constitution.proposalNeedsQueuing(id), "it would wait for nothing");
        vm.warp(block.timestamp + VOTING_DELAY + 1);
        _constitution.castVote(id, 1);
        vm.warp(block.timestamp + VOTING_PERIOD + 1);
        _constitution.queue(targets, values, calls, keccak256("a writer"));
        uint256 eta = _constitution.proposalEta(id);
        require(eta == block.timestamp + DELAY, "another delay");
        bytes memory execute = abi.encodeCall(IGovernor.execute, (targets, values, calls, keccak256("a writer")));
        (bool done,) = address(_constitution).call(execute);
        require(!done && !_privacy.isWriter(KEY), "before its delay");
        vm.warp(eta);
        (done,) = address(_constitution).call(execute);
        require(done && _privacy.isWriter(KEY), "not carried out");
    }

    function test_AProposalIsTakenBackBeforeTheVote() public {
        (address[] memory targets, uint256[] memory values, bytes[] memory calls) = _writerCall();
        uint256 id = _constitution.propose(targets, values, calls, "a writer");
        _constitution.cancel(targets, values, calls, keccak256("a writer"));
        require(_constitution.state(id) == IGovernor.ProposalState.Canceled, "not cancelled");
    }

    function test_RulesChangeForwardInTimeOnly() public {
        uint64 now_ = uint64(block.timestamp);
        _book(abi.encodeCall(IRuleBook.publish, (0, "", 0)), abi.encodeWithSelector(IRuleBook.RuleBook_BadHash.selector));
        bytes memory past = abi.encodeWithSelector(IRuleBook.RuleBook_InThePast.selector, now_ - 1, now_);
        _book(abi.encodeCall(IRuleBook.publish, ("rules", "", now_ - 1)), past);
        require(_rules.publish("rules 2", "board:rules 2", now_ + 100) == 2, "another number");
        require(!_rules.isValid(2) && _rules.isValid(1) && !_rules.isValid(9), "valid before its time");
        bytes memory notValid = abi.encodeWithSelector(IRuleBook.RuleBook_NotValid.selector, 2, now_ + 100, 0);
        _book(abi.encodeCall(IRuleBook.validUntil, (2)), notValid);
        _book(abi.encodeCall(IRuleBook.retire, (9, now_)), abi.encodeWithSelector(IRuleBook.RuleBook_UnknownVersion.selector, 9));
        bytes memory early = abi.encodeWithSelector(IRuleBook.RuleBook_InThePast.selector, now_ + 99, now_ + 100);
        _book(abi.encodeCall(IRuleBook.retire, (2, now_ + 99)), early);
        _rules.retire(2, now_ + 200);
        _rules.retire(2, now_ + 300);
        require(_rules.ruleOf(2).retiresAt == now_ + 300, "an end that has not come moves");
        vm.warp(now_ + 300 + RULES_GRACE);
        _rules.validUntil(2);
        vm.warp(now_ + 301 + RULES_GRACE);
        require(!_rules.isValid(2), "valid beyond its grace");
        bytes memory retired = abi.encodeWithSelector(IRuleBook.RuleBook_AlreadyRetired.selector, 2, now_ + 300);
        _book(abi.encodeCall(IRuleBook.retire, (2, now_ + 1e6)), retired);
    }

    function _book(bytes memory call, bytes memory refusal) private {
        _expect(address(this), address(_rules), call, refusal);
    }

    function _setting(bytes4 selector, uint256 floor) private {
        _constitution.requireAllowed(address(_constitution), abi.encodePacked(selector, floor));
        _forbiddenOf(address(_constitution), abi.encodePacked(selector, floor - 1));
    }

    function _forbidden(bytes memory data) private {
        _forbiddenOf(address(_manager), data);
    }

    function _forbiddenOf(address target, bytes memory data) private {
        bytes memory refusal =
            abi.encodeWithSelector(IConstitution.Constitution_Forbidden.selector, target, bytes4(data));
        _expect(address(this), address(_constitution), abi.encodeCall(IConstitution.requireAllowed, (target, data)), refusal);
    }

    function _allowed(bytes memory data) private view {
        _constitution.requireAllowed(address(_manager), data);
    }

    function _reroute(address target, bytes4 selector) private pure returns (bytes memory) {
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (hex"12345678", selector);
        return abi.encodeCall(AccessManager.setTargetFunctionRole, (target, selectors, OTHER_ROLE));
    }

    function _writerCall() private view returns (address[] memory targets, uint256[] memory values, bytes[] memory calls) {
        (targets, values, calls) = _calls(1);
        (targets[0], calls[0]) = (address(_privacy), abi.encodeCall(PrivacyLedger.setWriter, (KEY, true)));
    }

    function _calls(uint256 count) private pure returns (address[] memory, uint256[] memory, bytes[] memory) {
        return (new address[](count), new uint256[](count), new bytes[](count));
    }
}
