// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";

/// @title AcceptanceCheck
/// @notice Whose signature binds a participant: its account's (ECDSA, or ERC-1271 where the account is a contract) or its
///         operator's.
library AcceptanceCheck {
    /// @dev The registry is asked for the operator (1 cold slot less than keeping profiles beside the contributors) by its reverse
    ///      index: whoever signed, whose operator is that?
    function isSignedBy(IParticipantRegistry registry, address account, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError) {
            if (signer == account || registry.profileOf(account).operator == signer) return true;
        }
        return account.code.length > 0 && SignatureChecker.isValidERC1271SignatureNow(account, digest, signature);
    }
}
