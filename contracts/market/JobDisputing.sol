// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "./IDisputeTypes.sol";
import {JobBase} from "./JobBase.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobDisputing
/// @notice Windows and bonds of a dispute, as both halves that handle one know them.
abstract contract JobDisputing is JobBase, IDisputeTypes {
    /// @dev Stands for a panel that cannot be seated.
    bytes32 internal constant NO_PANEL = bytes32(uint256(1));
    /// @dev Bond of a challenge in basis points of the escrow (protocol, section 8).
    uint256 private constant CHALLENGE_BOND_BPS = 500;

    uint128 private immutable _leastBond;
    uint32 internal immutable _panelSeconds;
    uint32 internal immutable _verdictSeconds;
    uint32 internal immutable _adjudicationSeconds;

    constructor(MarketParameters memory parameters) {
        (_leastBond, _panelSeconds) = (parameters.challengeBond, parameters.seatSeconds);
        (_verdictSeconds, _adjudicationSeconds) = (parameters.verdictSeconds, parameters.adjudicationSeconds);
    }

    /// @dev Stable minor units that each challenge of a job puts up.
    function _challengeBond(Head calldata head) internal view returns (uint256) {
        uint256 part = head.limits.escrow() * CHALLENGE_BOND_BPS / 10_000;
        return part > _leastBond ? part : _leastBond;
    }

    /// @dev End of the window for challenges, and of the one for the panel's seats and the evidence, both moved by halts.
    function _windowsOf(Dispute storage dispute, Head calldata head)
        internal
        view
        returns (uint256 openUntil, uint256 seatUntil)
    {
        uint256 window = head.limits.challengeSeconds();
        uint256 end = dispute.openUntil;
        return (_extended(end, window), _extended(end + _panelSeconds, window + _panelSeconds));
    }

    /// @dev That this is the second committee that was seated.
    function _requirePanel(bytes32 jobId, Panel calldata panel) internal view {
        bytes32 needed = _disputes[jobId].panel;
        if (needed == 0 || needed == NO_PANEL) revert JobMarket_NoPanel(jobId);
        bytes32 brought = keccak256(abi.encode(panel));
        if (brought != needed) revert JobMarket_PanelMismatch(brought, needed);
    }

    /// @dev When the window ends that the slot's deadline names: the panel's to be seated or to decide; none is left when there
    ///      cannot be one.
    function _panelUntil(Dispute storage dispute, Head calldata head, uint256 deadline) internal view returns (uint256 end) {
        if (dispute.panel == NO_PANEL) return deadline;
        if (dispute.panel != 0) return _extended(deadline, _verdictSeconds);
        (, end) = _windowsOf(dispute, head);
    }
}
