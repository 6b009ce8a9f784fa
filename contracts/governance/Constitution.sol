// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockAccess} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockAccess.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Entrenched} from "./Entrenched.sol";
import {IConstitution} from "./IConstitution.sol";

/// @title Constitution
/// @dev The delay is the AccessManager's for what it guards, and the same seconds for what changes this contract's own settings.
contract Constitution is
    IConstitution,
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockAccess
{
    uint256 public immutable votingDelayFloor;
    uint256 public immutable votingPeriodFloor;
    uint256 public immutable quorumFloor;
    uint256 public immutable delayFloor;

    constructor(address manager, IVotes token, Settings memory settings)
        Governor("Farshore Constitution")
        GovernorSettings(settings.votingDelay, settings.votingPeriod, settings.proposalThreshold)
        GovernorVotes(token)
        GovernorVotesQuorumFraction(settings.quorumPercent)
        GovernorTimelockAccess(manager, settings.delay)
    {
        (votingDelayFloor, votingPeriodFloor) = (settings.votingDelay, settings.votingPeriod);
        (quorumFloor, delayFloor) = (settings.quorumPercent, settings.delay);
    }

    /// @inheritdoc GovernorTimelockAccess
    /// @dev Refuses what may never change, before anybody votes on it.
    function propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description
    ) public override(Governor, GovernorTimelockAccess) returns (uint256) {
        for (uint256 i = 0; i < targets.length && i < calldatas.length; i++) {
            _requireAllowed(targets[i], calldatas[i]);
        }
        return GovernorTimelockAccess.propose(targets, values, calldatas, description);
    }

    /// @inheritdoc IConstitution
    function requireAllowed(address target, bytes calldata data) external view {
        _requireAllowed(target, data);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return GovernorSettings.proposalThreshold();
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockAccess)
        returns (bool)
    {
        return GovernorTimelockAccess.proposalNeedsQueuing(proposalId);
    }

    function _requireAllowed(address target, bytes memory data) private view {
        bytes4 selector = bytes4(data);
        bool allowed = true;
        if (target == address(accessManager())) {
            allowed = Entrenched.allows(address(this), target, delayFloor, selector, _arguments(data));
        } else if (target == address(this)) {
            allowed = _allowsSetting(selector, _arguments(data));
        }
        if (!allowed) revert Constitution_Forbidden(target, selector);
    }

    /// @dev Its own settings, none below its floor; not `relay`, which would go around this check.
    function _allowsSetting(bytes4 selector, bytes memory arguments) private view returns (bool) {
        if (arguments.length != 32) return false;
        uint256 value = abi.decode(arguments, (uint256));
        if (selector == this.setVotingDelay.selector) return value >= votingDelayFloor;
        if (selector == this.setVotingPeriod.selector) return value >= votingPeriodFloor;
        if (selector == this.updateQuorumNumerator.selector) return value >= quorumFloor;
        if (selector == this.setBaseDelaySeconds.selector) return value >= delayFloor;
        return selector == this.setProposalThreshold.selector;
    }

    /// @dev What follows the selector.
    function _arguments(bytes memory data) private pure returns (bytes memory arguments) {
        if (data.length < 4) return arguments;
        arguments = new bytes(data.length - 4);
        for (uint256 i = 0; i < arguments.length; i++) {
            arguments[i] = data[i + 4];
        }
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockAccess) returns (uint48) {
        return GovernorTimelockAccess._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    /// @dev Refuses what was not queued. OpenZeppelin's counts its delay from the queue only: what the AccessManager does not schedule,
    ///      this contract's own settings, would take effect with the end of the vote.
    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockAccess) {
        if (proposalEta(proposalId) == 0) revert GovernorNotQueuedProposal(proposalId);
        GovernorTimelockAccess._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockAccess) returns (uint256) {
        return GovernorTimelockAccess._cancel(targets, values, calldatas, descriptionHash);
    }
}
