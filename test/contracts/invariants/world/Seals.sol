// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {vm} from "../Cheats.sol";

/// @notice What participants sign, by EIP-712 as its types read: not the market's own code.
library Seals {
    bytes32 private constant ACCEPTANCE = keccak256(
        "Acceptance(bytes32 jobId,bytes32 termsHash,uint8 assetIndex,uint32 consents,uint256 nonce,uint64 expiry)"
    );
    bytes32 private constant ROUND_SET =
        keccak256("RoundSet(bytes32 jobId,uint16 round,bytes32 stateHash,uint256 bitmap,bytes32 dealingsRoot)");
    bytes32 private constant FINISH = keccak256("Finish(bytes32 jobId,uint16 round,bytes32 stateHash,uint8 reason)");
    bytes32 private constant JOB_RESULT = keccak256(
        "JobResult(bytes32 jobId,bytes32 termsHash,uint8 kind,bytes32 roundsDigest,bytes32 modelRoot,bytes32 evidenceRoot,bytes32 deliveryRoot,int64 utilityStart,int64 utilityEnd,int64 scoreTotal,int64 removed,int64 ridgeTerm,bytes32 wordsHash)"
    );
    bytes32 private constant VERDICT = keccak256(
        "Verdict(bytes32 proposalHash,uint8 ruling,JobResult result)JobResult(bytes32 jobId,bytes32 termsHash,uint8 kind,bytes32 roundsDigest,bytes32 modelRoot,bytes32 evidenceRoot,bytes32 deliveryRoot,int64 utilityStart,int64 utilityEnd,int64 scoreTotal,int64 removed,int64 ridgeTerm,bytes32 wordsHash)"
    );
    bytes32 private constant SHARE_STATEMENT =
        keccak256("ShareStatement(bytes32 jobId,uint16 round,uint8 kind,bytes32 roundsDigest,bytes32 valuesHash)");
    bytes32 private constant STATE_ATTESTATION =
        keccak256("StateAttestation(bytes32 jobId,uint16 round,bytes32 stateHash,bytes32 roundsDigest)");

    function hashOf(IDisputeTypes.Verdict memory verdict) internal pure returns (bytes32) {
        return keccak256(abi.encode(VERDICT, verdict.proposalHash, verdict.ruling, hashOf(verdict.result)));
    }

    /// @param fields of the struct, 32 bytes each
    function hashOf(IDisputeTypes.StatementKind kind, bytes memory fields) internal pure returns (bytes32) {
        if (kind == IDisputeTypes.StatementKind.ShareStatement) return keccak256(bytes.concat(SHARE_STATEMENT, fields));
        bool isState = kind == IDisputeTypes.StatementKind.State;
        return keccak256(bytes.concat(isState ? STATE_ATTESTATION : JOB_RESULT, fields));
    }

    function hashOf(IJobTypes.Acceptance memory a) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCEPTANCE, a));
    }

    function hashOf(IJobTypes.RoundSet memory set) internal pure returns (bytes32) {
        return keccak256(abi.encode(ROUND_SET, set));
    }

    function hashOf(IJobTypes.Finish memory finish) internal pure returns (bytes32) {
        return keccak256(abi.encode(FINISH, finish));
    }

    function hashOf(IJobTypes.JobResult memory result) internal pure returns (bytes32) {
        return keccak256(abi.encode(JOB_RESULT, result));
    }

    function hashOf(IJobTypes.StateAttestation memory state) internal pure returns (bytes32) {
        return keccak256(abi.encode(STATE_ATTESTATION, state));
    }

    function hashOf(IJobTypes.ShareStatement memory statement) internal pure returns (bytes32) {
        return keccak256(abi.encode(SHARE_STATEMENT, statement));
    }

    /// @return 65 bytes, as wallets sign
    function signLong(uint256 key, bytes32 domain, bytes32 structHash) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return bytes.concat(r, s, bytes1(v));
    }

    /// @return 64 bytes, ERC-2098
    function sign(uint256 key, bytes32 domain, bytes32 structHash) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 vs) = vm.signCompact(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return bytes.concat(r, vs);
    }
}
