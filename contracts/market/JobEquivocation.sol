// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {JobBase} from "./JobBase.sol";
import {IDisputeTypes} from "./IDisputeTypes.sol";
import {JobDigests} from "./JobDigests.sol";

/// @title JobEquivocation
/// @notice Two signed statements that contradict each other cost their signer the whole stake. Code of `JobMarket`, which runs it
///         by delegatecall.
abstract contract JobEquivocation is JobBase, IDisputeTypes {
    uint256 private constant S_MASK = (1 << 255) - 1;

    /// @notice See IJobMarket.
    function reportEquivocation(
        StatementKind kind,
        bytes calldata first,
        bytes calldata second,
        bytes calldata firstSignature,
        bytes calldata secondSignature
    ) external {
        (bytes32 typeHash, uint256 words, uint256 same) = _shapeOf(kind);
        if (first.length != 32 * words || second.length != 32 * words) revert JobMarket_NoEquivocation("length");
        if (keccak256(first[:32 * same]) != keccak256(second[:32 * same])) revert JobMarket_NoEquivocation("subject");
        bytes32 one = _hashTypedDataV4(keccak256(abi.encodePacked(typeHash, first)));
        bytes32 other = _hashTypedDataV4(keccak256(abi.encodePacked(typeHash, second)));
        if (one == other) revert JobMarket_NoEquivocation("digest");
        address operator = _signerOf(one, firstSignature);
        if (operator == address(0) || operator != _signerOf(other, secondSignature)) {
            revert JobMarket_NoEquivocation("signature");
        }
        address[] memory accounts = new address[](1);
        accounts[0] = oracleCommittee.accountOfOperator(operator);
        if (accounts[0] == address(0)) revert JobMarket_NoEquivocation("operator");
        _payOnce(accounts[0], bytes32(first[:32]), keccak256(abi.encodePacked(operator, typeHash, first[:32 * same])));

        emit EquivocationProven(accounts[0], operator, kind, bytes32(first[:32]), one, other);
        address[] memory reporter = new address[](1);
        reporter[0] = msg.sender;
        oracleCommittee.slash(accounts, 10_000, reporter, treasury);
    }

    /// @dev Who stakes anew after it was slashed does not pay for the same again. It paid when a job with a committee was contradicted
    ///      with a whole stake at hand: else an oracle reported itself while it has nothing to lose, for a job to come, and would be free to
    ///      contradict itself in it.
    function _payOnce(address account, bytes32 jobId, bytes32 contradiction) private {
        if (_proven[contradiction]) revert JobMarket_NoEquivocation("known");
        uint256 atStake = uint256(oracleCommittee.stakeOf(account)) + oracleCommittee.exitOf(account).stake;
        if (atStake >= oracleCommittee.minimumStake() && _stateOf(jobId) >= State.Running) _proven[contradiction] = true;
    }

    /// @dev Type, words of the struct, and how many of the first ones say what the statement is about.
    function _shapeOf(StatementKind kind) private pure returns (bytes32 typeHash, uint256 words, uint256 same) {
        if (kind == StatementKind.ShareStatement) return (JobDigests.SHARE_STATEMENT_TYPEHASH, 5, 3);
        if (kind == StatementKind.State) return (JobDigests.STATE_ATTESTATION_TYPEHASH, 4, 2);
        return (JobDigests.JOB_RESULT_TYPEHASH, 13, 1);
    }

    /// @dev 64 bytes (ERC-2098), as all oracles' signatures; nobody for another length or a signature that recovers nothing.
    function _signerOf(bytes32 digest, bytes calldata signature) private pure returns (address) {
        if (signature.length != 64) return address(0);
        (bytes32 r, uint256 parityAndS) = (bytes32(signature[:32]), uint256(bytes32(signature[32:])));
        return ecrecover(digest, uint8(27 + (parityAndS >> 255)), r, bytes32(parityAndS & S_MASK));
    }
}
