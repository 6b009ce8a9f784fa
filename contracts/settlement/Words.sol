// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Words
/// @notice Arrays in memory without the check of the index: for loops that stop at the array's length.
library Words {
    /// @notice `array[index]`; the caller answers for `index < array.length`.
    function at(uint256[] memory array, uint256 index) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(array, 0x20), shl(5, index)))
        }
    }

    /// @notice `array[index]`; the caller answers for `index < array.length`.
    function at(int256[] memory array, uint256 index) internal pure returns (int256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(array, 0x20), shl(5, index)))
        }
    }

    /// @notice `array[index] = value`; the caller answers for `index < array.length`.
    function put(uint256[] memory array, uint256 index, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(array, 0x20), shl(5, index)), value)
        }
    }

    /// @notice `array[index] = value`; the caller answers for `index < array.length`.
    function put(int256[] memory array, uint256 index, int256 value) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(array, 0x20), shl(5, index)), value)
        }
    }

    /// @notice The same array, of amounts that all lie below 2^128: elements take one word in memory whatever their type.
    function narrow(uint256[] memory array) internal pure returns (uint128[] memory amounts) {
        assembly ("memory-safe") {
            amounts := array
        }
    }
}
