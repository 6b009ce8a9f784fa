// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";

/// @notice Hashes of a job's five parts; 0 for a part that does not exist yet.
struct Parts {
    bytes32 head;
    bytes32 parties;
    bytes32 committee;
    bytes32 rounds;
    bytes32 proposal;
}

/// @title JobParts
/// @notice Hashes of the parts of a job, as its slot holds them: keccak256(abi.encode(part)).
/// @dev Hot path. The words are copied as they came in calldata, without the compiler's checks of each field, into the canonical
///      layout (offsets are written here, never taken from the caller). That is sound because a hash is only ever compared with
///      one that was computed from clean values: words that are not clean have another hash. Arrays are found by their offset
///      alone, as the compiler's code finds them when an element is read, with its checks: there they lie at the same place. The
///      number of elements is hashed with them, so a size that overflows has another hash too.
library JobParts {
    /// @notice keccak256(abi.encode(head, parties, committee, rounds, proposal)).
    function hash(Parts memory parts) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(parts, 0xa0)
        }
    }

    function hashOf(IJobTypes.Head calldata head) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, head, 0x60)
            result := keccak256(free, 0x60)
        }
    }

    function hashOf(IJobTypes.Parties calldata parties) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let contributors := add(parties, calldataload(add(parties, 0x40)))
            let count := calldataload(contributors)
            let bytes_ := mul(count, 0x60)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), parties, 0x40)
            mstore(add(free, 0x60), 0x60)
            mstore(add(free, 0x80), count)
            calldatacopy(add(free, 0xa0), add(contributors, 0x20), bytes_)
            result := keccak256(free, add(0xa0, bytes_))
        }
    }

    function hashOf(IJobTypes.Committee calldata committee) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let operators := add(committee, calldataload(add(committee, 0x40)))
            let count := calldataload(operators)
            let bytes_ := shl(5, count)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), committee, 0x40)
            mstore(add(free, 0x60), 0x60)
            mstore(add(free, 0x80), count)
            calldatacopy(add(free, 0xa0), add(operators, 0x20), bytes_)
            result := keccak256(free, add(0xa0, bytes_))
        }
    }

    function hashOf(IJobTypes.Rounds calldata rounds) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, rounds, 0x60)
            result := keccak256(free, 0x60)
        }
    }

    function hashOf(IJobTypes.Proposal calldata proposal) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            let earnings := add(proposal, calldataload(add(proposal, 0x80)))
            let count := calldataload(earnings)
            let bytes_ := shl(5, count)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), proposal, 0x80)
            mstore(add(free, 0xa0), 0xa0)
            mstore(add(free, 0xc0), count)
            calldatacopy(add(free, 0xe0), add(earnings, 0x20), bytes_)
            result := keccak256(free, add(0xe0, bytes_))
        }
    }

    function hashMade(IJobTypes.Head memory head) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(head, 0x60)
        }
    }

    function hashMade(IJobTypes.Rounds memory rounds) internal pure returns (bytes32 result) {
        assembly ("memory-safe") {
            result := keccak256(rounds, 0x60)
        }
    }
}
