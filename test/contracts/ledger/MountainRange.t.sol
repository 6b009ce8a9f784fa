// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {UsageLedger} from "../../../contracts/ledger/UsageLedger.sol";
import {MountainRangeCheck} from "../harness/MountainRangeCheck.sol";
import {OpenAuthority} from "../harness/OpenAuthority.sol";

/// @notice Batches of any sizes make the range of all their leaves, and every leaf proves itself in it.
contract MountainRangeTest {
    bytes32[] private _leaves;
    IUsageLedger.UsageProof[] private _proofs;
    UsageLedger private _ledger;

    function setUp() public {
        _ledger = new UsageLedger(address(new OpenAuthority()));
        _ledger.setWriter(address(this), true);
    }

    /// hardhat-config: fuzz.runs = 60
    function testFuzz_EveryLeafProvesItself(uint8[6] calldata sizes, bytes32 seed) public {
        for (uint256 i = 0; i < 6; i++) {
            _append(sizes[i] % 6, keccak256(abi.encode(seed, i)));
        }
        require(_ledger.size() == _leaves.length, "another size");
        require(MountainRangeCheck.equal(_ledger.peaks(), MountainRangeCheck.peaks(_leaves)), "other mountains");
        for (uint256 i = 0; i < _leaves.length; i++) {
            bytes32[] memory path = _path(i);
            require(_ledger.verify(_proofs[i], uint64(i), path), "a leaf that is there was not found");
            IUsageLedger.UsageProof memory changed = _proofs[i];
            changed.rhoNano++;
            require(!_ledger.verify(changed, uint64(i), path), "a leaf that is not there was found");
            require(_leaves.length == 1 || !_ledger.verify(_proofs[i], uint64((i + 1) % _leaves.length), path), "at another place");
        }
        if (_leaves.length > 0) require(!_ledger.verify(_proofs[0], uint64(_leaves.length), new bytes32[](0)), "beyond the end");
    }

    function _append(uint256 count, bytes32 seed) private {
        IUsageLedger.JobFacts memory job;
        (job.jobId, job.buyer, job.rhoNano, job.roundsDigest) = (seed, msg.sender, uint64(uint256(seed)), keccak256(abi.encode(seed)));
        IUsageLedger.AssetFacts[] memory assets = new IUsageLedger.AssetFacts[](count);
        for (uint256 i = 0; i < count; i++) {
            assets[i] = IUsageLedger.AssetFacts(i, uint32(uint256(seed)), keccak256(abi.encode(seed, i)), address(this));
            IUsageLedger.UsageProof memory proof;
            (proof.jobId, proof.buyer, proof.rhoNano, proof.roundsDigest) = (job.jobId, job.buyer, job.rhoNano, job.roundsDigest);
            (proof.assetId, proof.version, proof.datasetRoot) = (assets[i].assetId, assets[i].version, assets[i].datasetRoot);
            proof.institution = assets[i].institution;
            _proofs.push(proof);
            _leaves.push(keccak256(bytes.concat(hex"00", abi.encode(proof))));
            require(_ledger.leafHash(proof) == _leaves[_leaves.length - 1], "another leaf");
        }
        _ledger.append(job, assets);
    }

    /// @dev Siblings of a leaf up to the peak of its mountain, each hashed from scratch.
    function _path(uint256 index) private view returns (bytes32[] memory path) {
        (uint256 first, uint256 width) = (0, 1 << 8);
        for (; _leaves.length & width == 0 || index >= first + width; width >>= 1) {
            if (_leaves.length & width != 0) first += width;
        }
        uint256 height = 0;
        while (1 << height < width) height++;
        path = new bytes32[](height);
        for (uint256 h = 0; h < height; h++) {
            uint256 sibling = (((index - first) >> h) ^ 1) << h;
            path[h] = MountainRangeCheck.mountain(_leaves, first + sibling, 1 << h);
        }
    }
}
