// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IUsageLedger} from "./IUsageLedger.sol";

/// @title UsageLedger
/// @dev Stored: the size, and one hash per height; the mountain of height h exists where bit h of the size is set. The writer that
///      was allowed last stands beside the size, in the slot that every append writes: whether it may costs no slot of its own.
contract UsageLedger is IUsageLedger, AccessManaged {
    uint64 public size;
    address private _latestWriter;
    mapping(uint256 height => bytes32) private _peaks;
    mapping(address account => bool) public isWriter;
    mapping(address account => bool) public wasWriter;

    event WriterSet(address indexed writer, bool allowed);

    /// @dev A slot that was never written costs four times one that was: what a settlement pays for its proofs must not depend on how
    ///      many there are, so the slots of the first 2^32 leaves are paid for here. Nobody reads a peak whose bit is not in the size.
    constructor(address authority) AccessManaged(authority) {
        for (uint256 height = 0; height < 32; height++) {
            _peaks[height] = bytes32(type(uint256).max);
        }
    }

    function setWriter(address writer, bool allowed) external restricted {
        if (isWriter[writer]) wasWriter[writer] = true;
        isWriter[writer] = allowed;
        if (allowed) _latestWriter = writer;
        else if (writer == _latestWriter) _latestWriter = address(0);
        emit WriterSet(writer, allowed);
    }

    /// @inheritdoc IUsageLedger
    function append(JobFacts calldata job, AssetFacts[] calldata assets) external returns (uint64 first) {
        if (msg.sender != _latestWriter && !isWriter[msg.sender]) return _refuse(job.jobId);
        first = size;
        // Peaks of this call wait in memory, which nobody read before it was written: a height that two leaves pass is written once.
        uint256 fresh = _unread(64);
        uint256 written;
        uint256 n = first;
        for (uint256 i = 0; i < assets.length; i++) {
            if (assets[i].assetId >> 64 != 0) revert UsageLedger_BadAsset(assets[i].assetId);
            bytes32 node = _leaf(job, assets[i]);
            uint256 height = 0;
            for (; (n >> height) & 1 == 1; height++) {
                node = _node((written >> height) & 1 == 1 ? _word(fresh, height) : _peaks[height], node);
            }
            _put(fresh, height, node);
            written |= 1 << height;
            n++;
        }
        for (uint256 height = 0; written >> height != 0; height++) {
            if ((written & n) >> height & 1 == 1) _peaks[height] = _word(fresh, height);
        }
        size = uint64(n);
        _announce(first, job, assets);
    }

    /// @dev Who wrote once is told that nothing was written; a stranger is turned away.
    function _refuse(bytes32 jobId) private returns (uint64) {
        if (!wasWriter[msg.sender]) revert UsageLedger_NotWriter(msg.sender);
        emit UsageRefused(msg.sender, jobId);
        return type(uint64).max;
    }

    /// @notice keccak256(0x00 ‖ abi.encode(proof))
    function leafHash(UsageProof calldata proof) public pure returns (bytes32) {
        return keccak256(bytes.concat(hex"00", abi.encode(proof)));
    }

    /// @inheritdoc IUsageLedger
    function peaks() public view returns (bytes32[] memory list) {
        uint256 n = size;
        list = new bytes32[](_mountains(n));
        uint256 at;
        for (uint256 height = 64; height > 0; height--) {
            if ((n >> (height - 1)) & 1 == 1) list[at++] = _peaks[height - 1];
        }
    }

    /// @inheritdoc IUsageLedger
    function root() external view returns (bytes32) {
        return _bagged(size, peaks());
    }

    /// @inheritdoc IUsageLedger
    function verify(UsageProof calldata proof, uint64 index, bytes32[] calldata path) external view returns (bool) {
        uint256 n = size;
        if (index >= n) return false;
        (uint256 height, uint256 offset,) = _mountainOf(n, index);
        return path.length == height && _climb(leafHash(proof), offset, path) == _peaks[height];
    }

    /// @inheritdoc IUsageLedger
    function includes(
        bytes32 root_,
        uint64 size_,
        bytes32[] calldata peaks_,
        UsageProof calldata proof,
        uint64 index,
        bytes32[] calldata path
    ) external pure returns (bool) {
        // As many peaks as mountains: else two of them, bagged, would pass for one, and a leaf for one of another index.
        if (index >= size_ || peaks_.length != _mountains(size_) || _bagged(size_, peaks_) != root_) return false;
        (uint256 height, uint256 offset, uint256 place) = _mountainOf(size_, index);
        if (path.length != height) return false;
        return _climb(leafHash(proof), offset, path) == peaks_[place];
    }

    /// @dev The mountain that a leaf stands in, and its place there; `place` of the mountain, from the highest. index < size.
    function _mountainOf(uint256 size_, uint256 index)
        private
        pure
        returns (uint256 height, uint256 offset, uint256 place)
    {
        offset = index;
        for (height = 63;; height--) {
            uint256 width = 1 << height;
            if (size_ & width == 0) continue;
            if (offset < width) return (height, offset, place);
            offset -= width;
            place++;
        }
    }

    function _mountains(uint256 size_) private pure returns (uint256 count) {
        for (uint256 bits = size_; bits != 0; bits &= bits - 1) count++;
    }

    function _bagged(uint64 size_, bytes32[] memory list) private pure returns (bytes32) {
        bytes32 bag;
        for (uint256 i = list.length; i > 0; i--) {
            bag = i == list.length ? list[i - 1] : _node(list[i - 1], bag);
        }
        return keccak256(abi.encodePacked(hex"02", size_, bag));
    }

    function _climb(bytes32 node, uint256 offset, bytes32[] calldata path) private pure returns (bytes32) {
        for (uint256 i = 0; i < path.length; i++) {
            node = (offset >> i) & 1 == 0 ? _node(node, path[i]) : _node(path[i], node);
        }
        return node;
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            result := keccak256(free, 0x41)
        }
    }

    /// @dev Words of memory that are not set to 0 first.
    function _unread(uint256 words) private pure returns (uint256 place) {
        assembly ("memory-safe") {
            place := mload(0x40)
            mstore(0x40, add(place, shl(5, words)))
        }
    }

    function _word(uint256 place, uint256 index) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(place, shl(5, index)))
        }
    }

    function _put(uint256 place, uint256 index, bytes32 word) private pure {
        assembly ("memory-safe") {
            mstore(add(place, shl(5, index)), word)
        }
    }

    /// @dev Hash of the leaf from the words as they came: the job's first, the asset's four, the job's other twelve, which is the
    ///      order of `UsageProof`. The writer is a contract of the house and encodes clean words.
    function _leaf(JobFacts calldata job, AssetFacts calldata asset) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 0)
            calldatacopy(add(free, 0x01), job, 0x20)
            calldatacopy(add(free, 0x21), asset, 0x80)
            calldatacopy(add(free, 0xa1), add(job, 0x20), 0x180)
            result := keccak256(free, 0x221)
        }
    }

    /// @dev UsageAppended: eight words and for each asset two.
    function _announce(uint256 first, JobFacts calldata job, AssetFacts[] calldata assets) private {
        bytes32 topic = UsageAppended.selector;
        assembly ("memory-safe") {
            // The writer's words are clean: outcome, aggregation, purpose, legalBasis, rulesVersion, rhoNano, time.
            let facts := or(shl(200, calldataload(add(job, 0x160))), shl(192, calldataload(add(job, 0xe0))))
            facts := or(facts, or(shl(176, calldataload(add(job, 0x40))), shl(160, calldataload(add(job, 0x60)))))
            facts := or(facts, or(shl(128, calldataload(add(job, 0xc0))), shl(64, calldataload(add(job, 0x100)))))
            facts := or(facts, calldataload(add(job, 0x180)))
            let free := mload(0x40)
            mstore(free, first)
            mstore(add(free, 0x20), facts)
            calldatacopy(add(free, 0x40), add(job, 0x20), 0x20)
            calldatacopy(add(free, 0x60), add(job, 0x80), 0x40)
            calldatacopy(add(free, 0xa0), add(job, 0x120), 0x40)
            mstore(add(free, 0xe0), 0x100)
            mstore(add(free, 0x100), assets.length)
            let to := add(free, 0x120)
            let end := add(to, shl(6, assets.length))
            for { let asset := assets.offset } lt(to, end) { asset := add(asset, 0x80) } {
                let version := calldataload(add(asset, 0x20))
                mstore(to, or(or(shl(192, calldataload(asset)), shl(160, version)), calldataload(add(asset, 0x60))))
                mstore(add(to, 0x20), calldataload(add(asset, 0x40)))
                to := add(to, 0x40)
            }
            log2(free, sub(end, free), topic, calldataload(job))
        }
    }
}
