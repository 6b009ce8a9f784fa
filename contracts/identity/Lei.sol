// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Lei
/// @notice Checksum of a Legal Entity Identifier, ISO 17442: ISO 7064 mod 97-10 over 20 characters, letters as 10 .. 35.
library Lei {
    /// @return true when all characters are digits or upper-case letters, the last two digits, and the remainder is 1
    function isValid(bytes20 lei) internal pure returns (bool) {
        uint256 remainder = 0;
        for (uint256 i = 0; i < 20; i++) {
            uint8 c = uint8(lei[i]);
            if (c >= 0x30 && c <= 0x39) {
                remainder = (remainder * 10 + (c - 0x30)) % 97;
            } else if (c >= 0x41 && c <= 0x5A && i < 18) {
                remainder = (remainder * 100 + (c - 0x37)) % 97;
            } else {
                return false;
            }
        }
        return remainder == 1;
    }
}
