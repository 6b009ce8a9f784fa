// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Lei} from "../../../contracts/identity/Lei.sol";

/// @notice Opens the library to a test.
contract LeiHarness {
    function isValid(bytes20 lei) external pure returns (bool) {
        return Lei.isValid(lei);
    }
}
