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
    function append(JobFacts calldata job, AssetFacts[] calldata assets) external returns (uint64 first) {
        if (!isWriter[msg.sender]) revert UsageLedger_NotWriter(msg.sender);
        first = size;
        UsageProof memory proof = _proofOf(job);
        // Peaks of this call wait in memory: a height that two leaves pass is written once.
        bytes32[64] memory fresh;
        uint256 written;
        uint256 n = first;
        for (uint256 i = 0; i < assets.length; i++) {
            (proof.assetId, proof.version) = (assets[i].assetId, assets[i].version);
            (proof.datasetRoot, proof.institution) = (assets[i].datasetRoot, assets[i].institution);
            bytes32 node = keccak256(bytes.concat(hex"00", abi.encode(proof)));
            uint256 height = 0;
            for (; (n >> height) & 1 == 1; height++) {
                node = _node((written >> height) & 1 == 1 ? fresh[height] : _peaks[height], node);
            }
            fresh[height] = node;
            written |= 1 << height;
            n++;
        }
        for (uint256 height = 0; written >> height != 0; height++) {
            if ((written & n) >> height & 1 == 1) _peaks[height] = fresh[height];
        }
        size = uint64(n);
        emit UsageAppended(job.jobId, first, job, assets);
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

    /// @dev The leaf of a job, its asset's fields still 0.
    function _proofOf(JobFacts calldata job) private pure returns (UsageProof memory proof) {
        (proof.jobId, proof.buyer, proof.termsHash) = (job.jobId, job.buyer, job.termsHash);
        (proof.purpose, proof.legalBasis, proof.codeHash) = (job.purpose, job.legalBasis, job.codeHash);
        (proof.rulesVersion, proof.aggregation, proof.rhoNano) = (job.rulesVersion, job.aggregation, job.rhoNano);
        (proof.roundsDigest, proof.modelRoot) = (job.roundsDigest, job.modelRoot);
        (proof.outcome, proof.time) = (job.outcome, job.time);
    }
}
