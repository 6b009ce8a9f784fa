// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";

/// @title ResultWords
/// @notice `JobResult` on the wire; the layout of its words stands at `PackedResult`. Off-chain: offchain/chain/packedResult.ts.
library ResultWords {
    uint256 private constant REST_BITS = 72;

    /// @notice The result that was signed, as far as it is of this job and of these words: else its signatures are of another one.
    /// @dev Every field is cut to its width.
    function open(
        IJobTypes.PackedResult calldata packed,
        bytes32 termsHash,
        bytes32 roundsDigest,
        bytes calldata words
    ) internal pure returns (IJobTypes.JobResult memory result) {
        bytes32 wordsHash = keccak256(words);
        assembly ("memory-safe") {
            mstore(result, calldataload(packed))
            mstore(add(result, 0x20), termsHash)
            mstore(add(result, 0x60), roundsDigest)
            calldatacopy(add(result, 0x80), add(packed, 0x20), 0x60)
            let word := calldataload(add(packed, 0x80))
            mstore(add(result, 0xe0), sar(192, word))
            mstore(add(result, 0x100), signextend(7, shr(128, word)))
            mstore(add(result, 0x120), signextend(7, shr(64, word)))
            mstore(add(result, 0x140), signextend(7, word))
            word := calldataload(add(packed, 0xa0))
            mstore(add(result, 0x40), and(word, 0xff))
            mstore(add(result, 0x160), signextend(7, shr(8, word)))
            mstore(add(result, 0x180), wordsHash)
        }
    }

    /// @notice False where bits are set that no field has: one way only to write the same result.
    function isClean(IJobTypes.PackedResult calldata packed) internal pure returns (bool) {
        return packed.rest >> REST_BITS == 0;
    }
}
