// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title JobEvents
/// @notice Events of a job, written from the bytes that its parts' hashes are taken over: the compiler would encode each twice.
/// @dev Words that come from calldata are logged as they are, so the caller has read each of their fields by its type before
///      (reading refuses words that are not clean): else a log that no decoder accepts could stand on the chain.
library JobEvents {
    /// @notice JobPosted by the caller. Terms: 25 words, offset and number of the assets, 5 words each.
    function posted(
        bytes32 jobId,
        bytes32 termsHash,
        bytes32 salt,
        IJobTypes.JobTerms calldata terms,
        uint256 deadline
    ) internal {
        IAssetRegistry.AssetUse[] calldata assets = terms.assets;
        bytes32 topic = IJobTypes.JobPosted.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let assetBytes := mul(assets.length, 0xa0)
            mstore(free, termsHash)
            mstore(add(free, 0x20), salt)
            mstore(add(free, 0x40), 0x80)
            mstore(add(free, 0x60), deadline)
            calldatacopy(add(free, 0x80), terms, 0x320)
            mstore(add(free, 0x3a0), 0x340)
            mstore(add(free, 0x3c0), assets.length)
            calldatacopy(add(free, 0x3e0), assets.offset, assetBytes)
            log3(free, add(0x3e0, assetBytes), topic, jobId, caller())
        }
    }

    /// @notice JobStarted; returns the hash of the parties.
    function started(bytes32 jobId, IJobTypes.Parties memory parties, uint256 deadline) internal returns (bytes32) {
        return _withDeadline(IJobTypes.JobStarted.selector, jobId, abi.encode(parties), deadline);
    }

    /// @notice JobSeated; returns the hash of the committee.
    function seated(bytes32 jobId, IJobTypes.Committee memory committee, address[] memory accounts, uint256 deadline)
        internal
        returns (bytes32)
    {
        emit IJobTypes.JobSeated(jobId, committee, accounts, uint64(deadline));
        return keccak256(abi.encode(committee));
    }

    /// @notice RoundCertified; returns the hash of the rounds after it. While a job runs, fields that `finish` sets are 0.
    function certified(IJobTypes.RoundSet calldata set, uint256 signers, bytes32 digest, uint256 deadline)
        internal
        returns (bytes32 roundsHash)
    {
        (bytes32 topic, bytes32 jobId) = (IJobTypes.RoundCertified.selector, set.jobId);
        (uint256 count, uint256 cohort) = (uint256(set.round) + 1, set.bitmap);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, count)
            mstore(add(free, 0x20), 0)
            mstore(add(free, 0x40), 0)
            mstore(add(free, 0x60), cohort)
            mstore(add(free, 0x80), digest)
            mstore(add(free, 0xa0), 0)
            roundsHash := keccak256(free, 0xc0)
            calldatacopy(free, set, 0xa0)
            mstore(add(free, 0xa0), signers)
            mstore(add(free, 0xc0), digest)
            mstore(add(free, 0xe0), deadline)
            log2(free, 0x100, topic, jobId)
        }
    }

    /// @notice JobFinished; returns the hash of the rounds.
    function finished(bytes32 jobId, IJobTypes.Rounds memory rounds, uint256 signers, uint256 deadline)
        internal
        returns (bytes32 roundsHash)
    {
        roundsHash = keccak256(abi.encode(rounds));
        emit IJobTypes.JobFinished(jobId, rounds, signers, uint64(deadline));
    }

    /// @notice JobProposed; returns the hash of the proposal.
    function proposed(
        bytes32 jobId,
        IJobTypes.JobResult calldata result,
        IJobTypes.Proposal memory proposal,
        uint256 deadline
    ) internal returns (bytes32 proposalHash) {
        // Room for the 11 words of the result, directly before the encoded proposal.
        uint256[11] memory room;
        bytes memory encoded = abi.encode(proposal);
        bytes32 topic = IJobTypes.JobProposed.selector;
        assembly ("memory-safe") {
            let size := mload(encoded)
            proposalHash := keccak256(add(encoded, 0x20), size)
            calldatacopy(room, result, 0x160)
            mstore(encoded, 0x1a0)
            mstore(add(encoded, 0x20), deadline)
            log2(room, add(0x180, size), topic, jobId)
        }
    }

    /// @dev Event data (part, deadline) in the place of the encoded part: its length makes room for one word more of head.
    function _withDeadline(bytes32 topic, bytes32 jobId, bytes memory encoded, uint256 deadline)
        private
        returns (bytes32 partHash)
    {
        assembly ("memory-safe") {
            let size := mload(encoded)
            let data := add(encoded, 0x20)
            partHash := keccak256(data, size)
            mstore(encoded, 0x40)
            mstore(data, deadline)
            log2(encoded, add(size, 0x20), topic, jobId)
        }
    }
}
