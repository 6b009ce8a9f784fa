// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../market/IJobTypes.sol";

/// @title Attestation
/// @notice m-of-k verification: compact signatures (ERC-2098) in seat order against the operators of the seats.
/// @dev A seat counts once because its bit is there once. ERC-2098 keeps one bit of `s` for the parity, so there is one
///      encoding of a signature; that the same seat can sign twice changes nothing.
library Attestation {
    uint256 private constant S_MASK = (1 << 255) - 1;
    uint256 private constant SHORT = 1;
    uint256 private constant WRONG = 2;

    /// @notice Reverts unless at least `needed` seats signed `digest` and every signature brought is its seat's own.
    /// Requirements: `JobMarket_BadSigners` for a bit beyond the seats or bytes that are not 64 for each bit,
    /// `JobMarket_TooFewSignatures`, `JobMarket_BadSignature`.
    function verify(
        IJobTypes.Attestation calldata attestation,
        bytes32 digest,
        address[] calldata operators,
        uint256 needed
    ) internal view {
        bytes32[1] memory same = [digest];
        uint256 at;
        assembly ("memory-safe") {
            at := same
        }
        _verify(attestation, at, 0, operators, needed);
    }

    /// @notice The same for seats that each signed a digest of their own.
    /// @param digests one for each bit of the signers, in seat order
    function verifyEach(
        IJobTypes.Attestation calldata attestation,
        bytes32[] memory digests,
        address[] calldata operators,
        uint256 needed
    ) internal view {
        uint256 at;
        assembly ("memory-safe") {
            at := add(digests, 0x20)
        }
        _verify(attestation, at, 0x20, operators, needed);
    }

    /// @dev The digest of the first signer lies at `digestAt` in memory, each next one `step` bytes on.
    function _verify(
        IJobTypes.Attestation calldata attestation,
        uint256 digestAt,
        uint256 step,
        address[] calldata operators,
        uint256 needed
    ) private view {
        uint256 signers = attestation.signers;
        bytes calldata signatures = attestation.signatures;
        if (signers >> operators.length != 0) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
        (uint256 used, uint256 flaw, uint256 seat, address recovered) =
            _recover(signers, signatures, digestAt, step, operators);
        if (flaw == WRONG) revert IJobTypes.JobMarket_BadSignature(seat, recovered);
        if (flaw == SHORT) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
        if (used < 64 * needed) revert IJobTypes.JobMarket_TooFewSignatures(used / 64, needed);
        if (signatures.length != used) revert IJobTypes.JobMarket_BadSigners(signers, signatures.length);
    }

    /// @dev Recovers signature by signature and stops at the first flaw. Assembly: the loop of every step of a job. The precompile
    ///      writes nothing when it fails, so its place is cleared before; 0 is nobody's address.
    function _recover(
        uint256 bits,
        bytes calldata signatures,
        uint256 digestAt,
        uint256 step,
        address[] calldata operators
    ) private view returns (uint256 used, uint256 flaw, uint256 seat, address recovered) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for {} bits {
                bits := shr(1, bits)
                seat := add(seat, 1)
            } {
                if iszero(and(bits, 1)) { continue }
                mstore(free, mload(digestAt))
                digestAt := add(digestAt, step)
                let at := add(signatures.offset, used)
                used := add(used, 0x40)
                if gt(used, signatures.length) {
                    flaw := SHORT
                    break
                }
                let parityAndS := calldataload(add(at, 0x20))
                mstore(add(free, 0x20), add(27, shr(255, parityAndS)))
                mstore(add(free, 0x40), calldataload(at))
                mstore(add(free, 0x60), and(parityAndS, S_MASK))
                mstore(0x00, 0)
                pop(staticcall(gas(), 1, free, 0x80, 0x00, 0x20))
                recovered := mload(0x00)
                if or(iszero(recovered), sub(recovered, calldataload(add(operators.offset, shl(5, seat))))) {
                    flaw := WRONG
                    break
                }
            }
        }
    }
}
