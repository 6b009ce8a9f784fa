// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {Attestation} from "../../../contracts/oracle/Attestation.sol";

/// @notice Opens the library to a test.
contract AttestationHarness {
    error JobMarket_BadSignature(uint256 seat, address recovered);
    error JobMarket_BadSigners(uint256 signers, uint256 signatureBytes);
    error JobMarket_TooFewSignatures(uint256 had, uint256 needed);

    function verify(
        IJobTypes.Attestation calldata attestation,
        bytes32 digest,
        address[] calldata operators,
        uint256 needed
    ) external view returns (bool) {
        Attestation.verify(attestation, digest, operators, needed);
        return true;
    }

    /// @notice The precompile alone, without any check.
    function recover(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return ecrecover(digest, v, r, s);
    }
}
