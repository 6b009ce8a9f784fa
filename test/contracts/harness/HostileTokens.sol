// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice Keeps one unit of every transfer.
contract FeeToken is ERC20 {
    constructor(address holder, uint256 amount) ERC20("Fee", "FEE") {
        _mint(holder, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) super._update(to, address(0), 1);
    }
}

/// @notice Calls back once in the middle of the next transfer; it is itself a holder that can call others.
contract HookToken is ERC20 {
    address private _target;
    bytes private _data;

    constructor(uint256 own, address holder, uint256 amount) ERC20("Hook", "HOOK") {
        _mint(address(this), own);
        _mint(holder, amount);
    }

    /// @notice What the token does during the next transfer.
    function hook(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    /// @notice Calls `target` as this contract.
    function act(address target, bytes calldata data) public {
        (bool done, bytes memory answer) = target.call(data);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function allow(address spender) external {
        _approve(address(this), spender, type(uint256).max);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_target == address(0)) return;
        (address target, bytes memory data) = (_target, _data);
        _target = address(0);
        (bool done,) = target.call(data);
        require(done, "the call back was refused");
    }
}
