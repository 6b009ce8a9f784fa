// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice The mountains of a range computed from all its leaves, without carries: each mountain is hashed from scratch.
library MountainRangeCheck {
    function peaks(bytes32[] memory leaves) internal pure returns (bytes32[] memory list) {
        uint256 count;
        for (uint256 bits = leaves.length; bits != 0; bits &= bits - 1) {
            count++;
        }
        list = new bytes32[](count);
        (uint256 at, uint256 first) = (0, 0);
        for (uint256 width = 1 << 32; width > 0; width >>= 1) {
            if (leaves.length & width == 0) continue;
            list[at++] = mountain(leaves, first, width);
            first += width;
        }
    }

    function mountain(bytes32[] memory leaves, uint256 first, uint256 width) internal pure returns (bytes32) {
        if (width == 1) return leaves[first];
        (bytes32 left, bytes32 right) =
            (mountain(leaves, first, width / 2), mountain(leaves, first + width / 2, width / 2));
        return keccak256(bytes.concat(hex"01", left, right));
    }

    function equal(bytes32[] memory a, bytes32[] memory b) internal pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }
}
