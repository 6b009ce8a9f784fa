// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IStableToken
/// @notice Settlement money, 6 decimals, minted and burned by its issuer against a fiat leg; held by admitted parties only.
interface IStableToken is IERC20 {
    event StableMinted(address indexed to, uint256 amount, bytes32 indexed fiatReference);
    event StableBurned(address indexed from, uint256 amount, bytes32 indexed fiatReference);
    event ProtocolContractSet(address indexed account, bool allowed);

    error StableToken_NotAdmitted(address account);

    /// @notice Mints `amount` minor units; `fiatReference` names the payment behind it. Issuer only.
    function mint(address to, uint256 amount, bytes32 fiatReference) external;
    /// @notice Burns the issuer's own `amount` against a pay-out. Issuer only.
    function burn(uint256 amount, bytes32 fiatReference) external;
    /// @notice Lets a contract of the protocol hold the token.
    function setProtocolContract(address account, bool allowed) external;
    function isProtocolContract(address account) external view returns (bool);
}
