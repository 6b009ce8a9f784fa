// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IIncentiveToken} from "../tokens/IIncentiveToken.sol";
import {IStableToken} from "../tokens/IStableToken.sol";
import {IRuleBook} from "./IRuleBook.sol";

/// @notice What every ledger and registry of the house has.
interface IWrittenTo {
    function setWriter(address writer, bool allowed) external;
}

/// @title Entrenched
/// @notice What a vote may ask of the AccessManager, and which functions stay with governance for ever.
library Entrenched {
    /// @dev AccessManager's own: its administrator.
    uint64 private constant ADMIN_ROLE = 0;

    /// @notice Whether a call of `manager` may be proposed by `self`.
    /// @dev The manager's own functions keep their role and are never closed: a governor that may not call them any more could
    ///      neither grant nor revoke again.
    /// @param delayFloor seconds that an administrator waits at least
    function allows(address self, address manager, uint256 delayFloor, bytes4 selector, bytes memory arguments)
        internal
        view
        returns (bool)
    {
        if (selector == IAccessManager.grantRole.selector) {
            (uint64 role, address account, uint32 delay) = abi.decode(arguments, (uint64, address, uint32));
            return role != ADMIN_ROLE || (account.code.length > 0 && delay >= delayFloor);
        }
        if (selector == IAccessManager.revokeRole.selector) {
            (uint64 role, address account) = abi.decode(arguments, (uint64, address));
            return role != ADMIN_ROLE || account != self;
        }
        if (selector == IAccessManager.setTargetFunctionRole.selector) {
            (address target, bytes4[] memory functions, uint64 role) = abi.decode(arguments, (address, bytes4[], uint64));
            return role == ADMIN_ROLE || (target != manager && !_anyEntrenched(functions));
        }
        if (selector == IAccessManager.setTargetClosed.selector) {
            (address target,) = abi.decode(arguments, (address, bool));
            return target != manager;
        }
        return selector == IAccessManager.labelRole.selector || selector == IAccessManager.setGrantDelay.selector
            || selector == IAccessManager.setRoleGuardian.selector || selector == IAccessManager.setRoleAdmin.selector;
    }

    function _anyEntrenched(bytes4[] memory functions) private pure returns (bool) {
        for (uint256 i = 0; i < functions.length; i++) {
            if (isEntrenched(functions[i])) return true;
        }
        return false;
    }

    /// @notice Whether a function is governance's through its delay, on whichever contract.
    function isEntrenched(bytes4 selector) internal pure returns (bool) {
        return selector == IWrittenTo.setWriter.selector || selector == IIncentiveToken.setMinter.selector
            || selector == IStableToken.setProtocolContract.selector || selector == IRuleBook.publish.selector
            || selector == IRuleBook.retire.selector || selector == IAssetRegistry.unpause.selector;
    }
}
