// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title AcceptanceCheck
/// @notice Whose signature binds a participant: its account's (ECDSA, or ERC-1271 where the account is a contract) or its
///         operator's.
library AcceptanceCheck {
    /// @param operator of the account, as the registry has it now
    function isSignedBy(address account, address operator, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && (signer == account || signer == operator)) return true;
        return account.code.length > 0 && SignatureChecker.isValidERC1271SignatureNow(account, digest, signature);
    }
}
