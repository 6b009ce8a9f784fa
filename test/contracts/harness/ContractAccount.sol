// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice A participant whose account is a contract: its keeper acts and signs for it (ERC-1271).
contract ContractAccount is IERC1271 {
    address public immutable keeper;

    constructor(address keeper_) {
        keeper = keeper_;
    }

    function act(address target, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == keeper, "not the keeper");
        (bool done, bytes memory answer) = target.call(data);
        require(done, "the call was refused");
        return answer;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(digest, signature);
        return signer == keeper ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}
