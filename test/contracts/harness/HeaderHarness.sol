// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HeaderReader} from "../../../contracts/market/HeaderReader.sol";

/// @notice Opens the reader of headers to a test.
contract HeaderHarness {
    function read(bytes calldata header)
        external
        pure
        returns (bool well, bytes32 parentHash, uint256 number, uint256 time)
    {
        return HeaderReader.read(header);
    }
}
