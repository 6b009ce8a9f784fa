// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IEarnedToken} from "../../../contracts/market/IEarnedToken.sol";

/// @notice Token that anyone mints: stands for either token of the escrow.
contract PlainToken is ERC20, IEarnedToken {
    constructor() ERC20("Plain", "PLN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function mintEarned(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
