// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "./IDisputeTypes.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title JobDigests
/// @notice EIP-712 struct hashes of what buyers, institutions and oracles sign or commit to.
/// @dev RoundSet and Finish are copied from calldata as they are: the entry points read or emit their fields, and the decoder refuses
///      words that are not clean. Acceptance and JobResult are hashed in memory; the hash of JobTerms is that of `TermsWords`.
library JobDigests {
    bytes32 internal constant ASSET_USE_TYPEHASH =
        keccak256("AssetUse(uint256 assetId,uint32 version,uint32 weight,uint64 rhoNano,uint128 price)");
    bytes32 internal constant JOB_TERMS_TYPEHASH = keccak256(
        "JobTerms(bytes32 specHash,bytes32 codeHash,bytes32 validationRoot,address evaluator,uint16 purpose,uint16 legalBasis,uint8 aggregation,uint32 noiseMilli,uint16 rounds,uint8 k,uint8 m,uint8 t,uint8 f,uint8 tier,uint128 base,uint128 performance,uint128 oracleFee,int64 utilityTarget,uint32 startSeconds,uint32 roundSeconds,uint32 proposeSeconds,uint32 challengeSeconds,uint32 retentionDays,uint32 rulesVersion,uint32 validationRows,uint32 parameters,AssetUse[] assets)AssetUse(uint256 assetId,uint32 version,uint32 weight,uint64 rhoNano,uint128 price)"
    );
    bytes32 internal constant ACCEPTANCE_TYPEHASH = keccak256(
        "Acceptance(bytes32 jobId,bytes32 termsHash,uint8 assetIndex,uint32 consents,uint256 nonce,uint64 expiry)"
    );
    bytes32 internal constant ROUND_SET_TYPEHASH =
        keccak256("RoundSet(bytes32 jobId,uint16 round,bytes32 stateHash,uint256 bitmap,bytes32 dealingsRoot)");
    bytes32 internal constant FINISH_TYPEHASH =
        keccak256("Finish(bytes32 jobId,uint16 round,bytes32 stateHash,uint8 reason)");
    bytes32 internal constant JOB_RESULT_TYPEHASH = keccak256(
        "JobResult(bytes32 jobId,bytes32 termsHash,uint8 kind,bytes32 roundsDigest,bytes32 modelRoot,bytes32 evidenceRoot,bytes32 deliveryRoot,int64 utilityStart,int64 utilityEnd,int64 scoreTotal,int64 removed,int64 ridgeTerm,bytes32 wordsHash)"
    );

    /// @dev This one and the next are signed off-chain; only whoever contradicted itself is shown them here.
    bytes32 internal constant SHARE_STATEMENT_TYPEHASH =
        keccak256("ShareStatement(bytes32 jobId,uint16 round,uint8 kind,bytes32 roundsDigest,bytes32 valuesHash)");
    bytes32 internal constant STATE_ATTESTATION_TYPEHASH =
        keccak256("StateAttestation(bytes32 jobId,uint16 round,bytes32 stateHash,bytes32 roundsDigest)");
    bytes32 internal constant VERDICT_TYPEHASH = keccak256(
        "Verdict(bytes32 proposalHash,uint8 ruling,JobResult result)JobResult(bytes32 jobId,bytes32 termsHash,uint8 kind,bytes32 roundsDigest,bytes32 modelRoot,bytes32 evidenceRoot,bytes32 deliveryRoot,int64 utilityStart,int64 utilityEnd,int64 scoreTotal,int64 removed,int64 ridgeTerm,bytes32 wordsHash)"
    );

    function hashOf(IJobTypes.Acceptance memory acceptance) internal pure returns (bytes32 result) {
        bytes32 typeHash = ACCEPTANCE_TYPEHASH;
        assembly ("memory-safe") {
            // The word before the struct becomes the type's for a moment; six fields, one word each.
            let before := sub(acceptance, 0x20)
            let kept := mload(before)
            mstore(before, typeHash)
            result := keccak256(before, 0xe0)
            mstore(before, kept)
        }
    }

    function hashOf(IJobTypes.RoundSet calldata set) internal pure returns (bytes32) {
        uint256 at;
        assembly ("memory-safe") {
            at := set
        }
        return _hash(ROUND_SET_TYPEHASH, at, 5);
    }

    function hashOf(IJobTypes.Finish calldata finish) internal pure returns (bytes32) {
        uint256 at;
        assembly ("memory-safe") {
            at := finish
        }
        return _hash(FINISH_TYPEHASH, at, 4);
    }

    function hashOf(IJobTypes.JobResult memory result) internal pure returns (bytes32 hash) {
        bytes32 typeHash = JOB_RESULT_TYPEHASH;
        assembly ("memory-safe") {
            // As above; thirteen fields.
            let before := sub(result, 0x20)
            let kept := mload(before)
            mstore(before, typeHash)
            hash := keccak256(before, 0x1c0)
            mstore(before, kept)
        }
    }

    function hashOf(IDisputeTypes.Verdict calldata verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERDICT_TYPEHASH, verdict.proposalHash, verdict.ruling, hashOf(verdict.result)));
    }

    /// @notice EIP-712 digest of the result for each seat that signed it over words of its own: equal but for `wordsHash`.
    /// @param words of the seats one after the other, `wordBytes` each
    function digestsOfEach(
        IJobTypes.JobResult memory result,
        bytes calldata words,
        uint256 wordBytes,
        bytes32 domainSeparator
    ) internal pure returns (bytes32[] memory digests) {
        digests = new bytes32[](words.length / wordBytes);
        bytes32 typeHash = JOB_RESULT_TYPEHASH;
        assembly ("memory-safe") {
            // At `free` the struct, type first, 14 words; behind it the words, then what is signed.
            let free := mload(0x40)
            let own := add(free, 0x1c0)
            mstore(free, typeHash)
            for { let i := 0 } lt(i, 0x180) { i := add(i, 0x20) } { mstore(add(add(free, 0x20), i), mload(add(result, i))) }
            let from := words.offset
            let at := add(digests, 0x20)
            for { let end := add(at, shl(5, mload(digests))) } lt(at, end) { at := add(at, 0x20) } {
                calldatacopy(own, from, wordBytes)
                from := add(from, wordBytes)
                mstore(add(free, 0x1a0), keccak256(own, wordBytes))
                mstore(own, hex"1901")
                mstore(add(own, 0x02), domainSeparator)
                mstore(add(own, 0x22), keccak256(free, 0x1c0))
                mstore(at, keccak256(own, 0x42))
            }
        }
    }

    function _hash(bytes32 typeHash, uint256 calldataAt, uint256 words) private pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), calldataAt, shl(5, words))
            result := keccak256(free, shl(5, add(words, 1)))
        }
    }
}
