// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../market/IJobTypes.sol";

/// @title Attestation
/// @notice m-of-k verification: compact signatures (ERC-2098) in seat order against the operators of the seats.
/// @dev A seat counts once because its bit is there once. ERC-2098 keeps one bit of `s` for the parity, so there is one
///      encoding of a signature; that the same seat can sign twice changes nothing.
library Attestation {
    bytes32 private constant S_MASK = bytes32(uint256(1 << 255) - 1);

    /// @notice Reverts unless at least `needed` seats signed `digest` and every signature brought is its seat's own.
    /// Requirements: `JobMarket_BadSigners` for a bit beyond the seats or bytes that are not 64 for each bit,
    /// `JobMarket_TooFewSignatures`, `JobMarket_BadSignature`.
    function verify(
        IJobTypes.Attestation calldata attestation,
        bytes32 digest,
        address[] calldata operators,
        uint256 needed
    ) internal pure {
        uint256 signers = attestation.signers;
        bytes calldata signatures = attestation.signatures;
        if (signers >> operators.length != 0) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
        uint256 used;
        // Unchecked: seat numbers and lengths are bounded by calldata.
        unchecked {
            for (uint256 i = 0; signers >> i != 0; i++) {
                if ((signers >> i) & 1 == 0) continue;
                if (signatures.length < used + 64) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
                address recovered = _recover(digest, signatures, used);
                if (recovered == address(0) || recovered != operators[i]) {
                    revert IJobTypes.JobMarket_BadSignature(i, recovered);
                }
                used += 64;
            }
            if (used < 64 * needed) revert IJobTypes.JobMarket_TooFewSignatures(used / 64, needed);
        }
        if (signatures.length != used) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
    }

    function _recover(bytes32 digest, bytes calldata signatures, uint256 at) private pure returns (address) {
        bytes32 r;
        bytes32 parityAndS;
        assembly ("memory-safe") {
            r := calldataload(add(signatures.offset, at))
            parityAndS := calldataload(add(add(signatures.offset, at), 0x20))
        }
        return ecrecover(digest, uint8(uint256(parityAndS) >> 255) + 27, r, parityAndS & S_MASK);
    }
}
