// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {IStableToken} from "./IStableToken.sol";

/// @title StableToken
contract StableToken is IStableToken, ERC20, ERC20Permit, AccessManaged {
    IParticipantRegistry public immutable registry;
    mapping(address account => bool) public isProtocolContract;

    constructor(address authority, IParticipantRegistry registry_)
        ERC20("Farshore Stable", "FSD")
        ERC20Permit("Farshore Stable")
        AccessManaged(authority)
    {
        registry = registry_;
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc IStableToken
    function mint(address to, uint256 amount, bytes32 fiatReference) external restricted {
        _mint(to, amount);
        emit StableMinted(to, amount, fiatReference);
    }

    /// @inheritdoc IStableToken
    function burn(uint256 amount, bytes32 fiatReference) external restricted {
        _burn(msg.sender, amount);
        emit StableBurned(msg.sender, amount, fiatReference);
    }

    /// @inheritdoc IStableToken
    function setProtocolContract(address account, bool allowed) external restricted {
        isProtocolContract[account] = allowed;
        emit ProtocolContractSet(account, allowed);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0)) _expectAdmitted(from);
        if (to != address(0)) _expectAdmitted(to);
        super._update(from, to, value);
    }

    function _expectAdmitted(address account) private view {
        if (!isProtocolContract[account] && !registry.isActive(account)) revert StableToken_NotAdmitted(account);
    }
}
