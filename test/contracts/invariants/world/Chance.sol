// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Numbers drawn one after another from what the fuzzer brought.
abstract contract Chance {
    uint256 private _state;

    function _seed(uint256 random) internal {
        _state = uint256(keccak256(abi.encode(_state, random)));
    }

    /// @return 0 .. below − 1
    function _draw(uint256 below) internal returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return _state % below;
    }

    /// @notice True once in `times`.
    function _once(uint256 times) internal returns (bool) {
        return _draw(times) == 0;
    }

    /// @notice An amount of one of several sizes: nothing, dust, or anything below `most`.
    function _amount(uint256 most) internal returns (uint256) {
        uint256 size = _draw(8);
        if (size == 0) return 0;
        return size == 1 ? _draw(10) : _draw(most);
    }
}
