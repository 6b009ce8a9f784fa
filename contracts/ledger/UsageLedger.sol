// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IUsageLedger} from "./IUsageLedger.sol";

/// @title UsageLedger
/// @dev Stored: the size, and one hash per height; the mountain of height h exists where bit h of the size is set.
contract UsageLedger is IUsageLedger, AccessManaged {
    uint64 public size;
    mapping(uint256 height => bytes32) private _peaks;
    mapping(address account => bool) public isWriter;

    event WriterSet(address indexed writer, bool allowed);

    constructor(address authority) AccessManaged(authority) {}

    function setWriter(address writer, bool allowed) external restricted {
        isWriter[writer] = allowed;
        emit WriterSet(writer, allowed);
    }

    /// @inheritdoc IUsageLedger
    function append(UsageProof[] calldata proofs) external returns (uint64 first) {
        if (!isWriter[msg.sender]) revert UsageLedger_NotWriter(msg.sender);
        first = size;
        uint256 n = first;
        for (uint256 i = 0; i < proofs.length; i++) {
            bytes32 node = leafHash(proofs[i]);
            uint256 height = 0;
            while ((n >> height) & 1 == 1) {
                node = _node(_peaks[height], node);
                height++;
            }
            _peaks[height] = node;
            n++;
        }
        size = uint64(n);
        emit UsageAppended(proofs.length == 0 ? bytes32(0) : proofs[0].jobId, first, proofs);
    }

    /// @notice keccak256(0x00 ‖ abi.encode(proof))
    function leafHash(UsageProof calldata proof) public pure returns (bytes32) {
        return keccak256(bytes.concat(hex"00", abi.encode(proof)));
    }

    /// @inheritdoc IUsageLedger
    function peaks() public view returns (bytes32[] memory list) {
        uint256 n = size;
        uint256 count;
        for (uint256 bits = n; bits != 0; bits &= bits - 1) count++;
        list = new bytes32[](count);
        uint256 at;
        for (uint256 height = 64; height > 0; height--) {
            if ((n >> (height - 1)) & 1 == 1) list[at++] = _peaks[height - 1];
        }
    }

    /// @inheritdoc IUsageLedger
    function root() external view returns (bytes32) {
        bytes32[] memory list = peaks();
        bytes32 bag;
        for (uint256 i = list.length; i > 0; i--) {
            bag = i == list.length ? list[i - 1] : _node(list[i - 1], bag);
        }
        return keccak256(abi.encodePacked(hex"02", size, bag));
    }

    /// @inheritdoc IUsageLedger
    function verify(UsageProof calldata proof, uint64 index, bytes32[] calldata path) external view returns (bool) {
        (uint256 n, uint256 offset) = (size, index);
        if (index >= n) return false;
        for (uint256 height = 64; height > 0; height--) {
            uint256 width = 1 << (height - 1);
            if (n & width == 0) continue;
            if (offset < width) return path.length == height - 1 && _climb(leafHash(proof), offset, path) == _peaks[height - 1];
            offset -= width;
        }
        return false;
    }

    function _climb(bytes32 node, uint256 offset, bytes32[] calldata path) private pure returns (bytes32) {
        for (uint256 i = 0; i < path.length; i++) {
            node = (offset >> i) & 1 == 0 ? _node(node, path[i]) : _node(path[i], node);
        }
        return node;
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"01", left, right));
    }
}
