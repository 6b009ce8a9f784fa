// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";
import {JobParts} from "./JobParts.sol";
import {Outcome} from "./ProposalWords.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobEvents
/// @notice Events of a job, written from the bytes that its parts' hashes are taken over: the compiler would encode each twice.
/// @dev Words that come from calldata are logged as they are, so the caller has read each of their fields by its type before
///      (reading refuses words that are not clean): else a log that no decoder accepts could stand on the chain. Packed terms and
///      results are logged as they came: `isClean` was asked before, and every other bit belongs to a field.
library JobEvents {
    /// @notice JobPosted by the caller. Terms: 7 words, offset and number of the assets, one word each.
    function posted(bytes32 jobId, bytes32 termsHash, IJobTypes.PackedTerms calldata terms, uint256 deadline) internal {
        uint256[] calldata assets = terms.assets;
        bytes32 topic = IJobTypes.JobPosted.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let assetBytes := shl(5, assets.length)
            mstore(free, termsHash)
            mstore(add(free, 0x20), 0x60)
            mstore(add(free, 0x40), deadline)
            calldatacopy(add(free, 0x60), terms, 0xe0)
            mstore(add(free, 0x140), 0x100)
            mstore(add(free, 0x160), assets.length)
            calldatacopy(add(free, 0x180), assets.offset, assetBytes)
            log3(free, add(0x180, assetBytes), topic, jobId, caller())
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
    function certified(IJobTypes.RoundSet calldata set, uint256 kin, uint256 signers, bytes32 digest, uint256 deadline)
        internal
        returns (bytes32 roundsHash)
    {
        (bytes32 topic, bytes32 jobId) = (IJobTypes.RoundCertified.selector, set.jobId);
        Progress progress = RoundsWord.packProgress(kin, set.bitmap, uint256(set.round) + 1, 0, 0);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, progress)
            mstore(add(free, 0x20), digest)
            mstore(add(free, 0x40), 0)
            roundsHash := keccak256(free, 0x60)
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
        roundsHash = JobParts.hashMade(rounds);
        emit IJobTypes.JobFinished(jobId, rounds, signers, uint64(deadline));
    }

    /// @notice JobProposed; returns the hash of the proposal: outcome, three roots of the result, offset and number of the earnings, one
    ///         word each, behind the offset that its encoding begins with. It is taken first, and the event written over it: 6 words
    ///         of the result, the words' hash, outcome, deadline, offset and number of the earnings, one word each.
    function proposed(
        IJobTypes.PackedResult calldata result,
        bytes32 wordsHash,
        Outcome outcome,
        uint256[] memory earnings,
        uint256 deadline
    ) internal returns (bytes32 proposalHash) {
        (bytes32 topic, bytes32 jobId) = (IJobTypes.JobProposed.selector, result.jobId);
        assembly ("memory-safe") {
            // The number of the earnings lies at the same place in both.
            let free := mload(0x40)
            let part := add(free, 0x80)
            let count := mload(earnings)
            mstore(part, 0x20)
            mstore(add(part, 0x20), outcome)
            calldatacopy(add(part, 0x40), add(result, 0x20), 0x60)
            mstore(add(part, 0xa0), 0xa0)
            mstore(add(part, 0xc0), count)
            let end := add(part, 0xe0)
            for { let from := add(earnings, 0x20) } count { count := sub(count, 1) } {
                mstore(end, mload(from))
                from := add(from, 0x20)
                end := add(end, 0x20)
            }
            proposalHash := keccak256(part, sub(end, part))
            calldatacopy(free, result, 0xc0)
            mstore(add(free, 0xc0), wordsHash)
            mstore(add(free, 0xe0), outcome)
            mstore(add(free, 0x100), deadline)
            mstore(add(free, 0x120), 0x140)
            log2(free, sub(end, free), topic, jobId)
        }
    }

    /// @notice JobSettled. Data: refunded, treasury, firstProof, offset and number of the credits, one word each.
    /// @param credits below 2^128 each, like incentives, refunded and treasury
    /// @param incentives of the first ones
    function settled(
        bytes32 jobId,
        uint256[] memory credits,
        uint256[] memory incentives,
        uint256 refunded,
        uint256 treasury,
        uint256 firstProof
    ) internal {
        bytes32 topic = IJobTypes.JobSettled.selector;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, refunded)
            mstore(add(free, 0x20), treasury)
            mstore(add(free, 0x40), firstProof)
            mstore(add(free, 0x60), 0x80)
            mstore(add(free, 0x80), mload(credits))
            let to := add(free, 0xa0)
            let end := add(to, shl(5, mload(credits)))
            let shared := add(to, shl(5, mload(incentives)))
            for { let behind := add(incentives, 0x20) } lt(to, end) { to := add(to, 0x20) } {
                credits := add(credits, 0x20)
                let word := mload(credits)
                if lt(to, shared) {
                    word := or(word, shl(128, mload(behind)))
                    behind := add(behind, 0x20)
                }
                mstore(to, word)
            }
            log2(free, sub(end, free), topic, jobId)
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
