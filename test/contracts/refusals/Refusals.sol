// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {vm} from "../invariants/Cheats.sol";
import {Offers} from "./world/Offers.sol";

/// @notice Calls that must be refused, and with which error, to the last argument.
abstract contract Refusals is Offers {
    function _expect(address caller, address target, bytes memory data, bytes memory refusal) internal {
        vm.prank(caller);
        (bool done, bytes memory answer) = target.call(data);
        require(!done, string.concat("not refused: ", _name(refusal)));
        require(keccak256(answer) == keccak256(refusal), string.concat("refused otherwise than by ", _name(refusal)));
    }

    function _badTerms(string memory field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobTypes.JobMarket_BadTerms.selector, field);
    }

    function _badResult(string memory field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobTypes.JobMarket_BadResult.selector, field);
    }

    /// @dev The first word behind the selector as a number, for whoever reads a failure.
    function _name(bytes memory refusal) private pure returns (string memory) {
        if (refusal.length < 4) return "nothing";
        if (refusal.length < 100) return vm.toString(uint32(bytes4(refusal)));
        bytes memory arguments = new bytes(refusal.length - 4);
        for (uint256 i = 0; i < arguments.length; i++) {
            arguments[i] = refusal[i + 4];
        }
        return uint256(bytes32(arguments)) == 0x20 ? abi.decode(arguments, (string)) : vm.toString(uint32(bytes4(refusal)));
    }
}
