// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice Planted bug: a new leaf merges with one mountain at most, where a carry may run through several.
contract BrokenUsageLedger {
    uint64 public size;
    mapping(uint256 height => bytes32) public peakAt;

    function appendLeaf(bytes32 leaf) external {
        uint256 height = 0;
        bytes32 node = leaf;
        if (size & 1 == 1) {
            node = keccak256(abi.encodePacked(hex"01", peakAt[0], node));
            height = 1;
        }
        peakAt[height] = node;
        size++;
    }

    function peaks() external view returns (bytes32[] memory list) {
        uint256 count;
        for (uint256 bits = size; bits != 0; bits &= bits - 1) {
            count++;
        }
        list = new bytes32[](count);
        uint256 at;
        for (uint256 height = 64; height > 0; height--) {
            if ((uint256(size) >> (height - 1)) & 1 == 1) list[at++] = peakAt[height - 1];
        }
    }
}
