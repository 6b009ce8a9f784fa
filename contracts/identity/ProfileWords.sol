// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice operator (160 bits from 0) | roles (16 from 160) | status (8) | tier (8) | jurisdiction (16 from 192) | group (32 from 208)
type ProfileWord is uint256;

using ProfileWords for ProfileWord global;

/// @title ProfileWords
/// @notice A participant's profile as the one word that it is stored in.
library ProfileWords {
    function operator(ProfileWord word) internal pure returns (address) {
        return address(uint160(ProfileWord.unwrap(word)));
    }

    function roles(ProfileWord word) internal pure returns (uint256) {
        return uint16(ProfileWord.unwrap(word) >> 160);
    }

    function status(ProfileWord word) internal pure returns (uint256) {
        return uint8(ProfileWord.unwrap(word) >> 176);
    }

    function tier(ProfileWord word) internal pure returns (uint256) {
        return uint8(ProfileWord.unwrap(word) >> 184);
    }

    function jurisdiction(ProfileWord word) internal pure returns (uint256) {
        return uint16(ProfileWord.unwrap(word) >> 192);
    }

    function group(ProfileWord word) internal pure returns (uint256) {
        return uint32(ProfileWord.unwrap(word) >> 208);
    }
}
