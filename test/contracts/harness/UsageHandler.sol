// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {UsageLedger} from "../../../contracts/ledger/UsageLedger.sol";
import {MountainRangeCheck} from "./MountainRangeCheck.sol";

/// @notice Appends batches of random size and remembers every leaf.
contract UsageHandler {
    UsageLedger public immutable ledger;
    bytes32[] private _leaves;

    constructor(UsageLedger ledger_) {
        ledger = ledger_;
    }

    function append(uint256 seed, uint256 size) external {
        size %= 4;
        if (_leaves.length + size > 200) return;
        IUsageLedger.JobFacts memory job;
        (job.jobId, job.rhoNano) = (keccak256(abi.encode(seed)), uint64(seed));
        IUsageLedger.AssetFacts[] memory assets = new IUsageLedger.AssetFacts[](size);
        for (uint256 i = 0; i < size; i++) {
            assets[i].datasetRoot = keccak256(abi.encode(seed, i));
            _remember(job, assets[i]);
        }
        require(ledger.append(job, assets) == _leaves.length - size, "the first leaf's number");
    }

    function _remember(IUsageLedger.JobFacts memory job, IUsageLedger.AssetFacts memory asset) private {
        IUsageLedger.UsageProof memory proof;
        (proof.jobId, proof.rhoNano, proof.datasetRoot) = (job.jobId, job.rhoNano, asset.datasetRoot);
        _leaves.push(keccak256(bytes.concat(hex"00", abi.encode(proof))));
    }

    /// @notice Invariant 3.
    function holds() external view returns (bool) {
        return ledger.size() == _leaves.length && MountainRangeCheck.equal(ledger.peaks(), MountainRangeCheck.peaks(_leaves));
    }

    function count() external view returns (uint256) {
        return _leaves.length;
    }
}
