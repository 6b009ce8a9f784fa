// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../../../../contracts/identity/IParticipantRegistry.sol";
import {
    ROLE_BUYER,
    ROLE_EVALUATOR,
    ROLE_INSTITUTION,
    ROLE_ISSUER,
    ROLE_ORACLE
} from "../../../../contracts/identity/Roles.sol";
import {vm} from "../Cheats.sol";

/// @notice The actors by number: 0–1 buyers, 2–5 banks, 6–15 oracles (a committee and one that judges it), 16 the evaluator, 17 the
///         treasury, which issues the stable token too; 18 is no participant.
library People {
    uint256 internal constant BUYERS = 2;
    uint256 internal constant FIRST_BANK = 2;
    uint256 internal constant BANKS = 4;
    uint256 internal constant FIRST_ORACLE = 6;
    uint256 internal constant ORACLES = 10;
    uint256 internal constant EVALUATOR = 16;
    uint256 internal constant TREASURY = 17;
    uint256 internal constant STRANGER = 18;
    /// @dev Everybody that may hold a credit or a token.
    uint256 internal constant ALL = 19;

    function accountKey(uint256 who) internal pure returns (uint256) {
        return 0xACC0 + who;
    }

    /// @param era counts the changes of the operator's key
    function operatorKey(uint256 who, uint256 era) internal pure returns (uint256) {
        return 0x09E0000 + (era << 8) + who;
    }

    function roleOf(uint256 who) internal pure returns (uint16) {
        if (who < FIRST_BANK) return ROLE_BUYER;
        if (who < FIRST_ORACLE) return ROLE_INSTITUTION;
        if (who < EVALUATOR) return ROLE_ORACLE;
        return who == EVALUATOR ? ROLE_EVALUATOR : ROLE_ISSUER;
    }

    /// @dev Each of its own group, but the last oracle, which belongs to the last bank's owner.
    function groupOf(uint256 who) internal pure returns (uint32) {
        return uint32(100 + (who == FIRST_ORACLE + ORACLES - 1 ? FIRST_BANK + BANKS - 1 : who));
    }

    function profileOf(uint256 who) internal pure returns (IParticipantRegistry.Profile memory profile) {
        (profile.operator, profile.roles) = (vm.addr(operatorKey(who, 0)), roleOf(who));
        (profile.status, profile.tier) = (IParticipantRegistry.Status.Active, IParticipantRegistry.Tier.Lite);
        (profile.jurisdiction, profile.group) = (276, groupOf(who));
    }

    function contactOf(uint256 who) internal pure returns (IParticipantRegistry.Contact memory contact) {
        contact.encryptionKey = keccak256(abi.encode("encryption key", who));
        (contact.lei, contact.name) = (leiOf(who), "Participant");
    }

    /// @notice Eighteen digits and the two that make the number 1 modulo 97 (ISO 17442).
    function leiOf(uint256 who) internal pure returns (bytes20) {
        uint256 number = (549_300_000_000_000_000 + who) * 100;
        number += 98 - number % 97;
        uint160 text;
        for (uint256 i = 0; i < 20; i++) {
            text |= uint160(0x30 + number % 10) << uint160(8 * i);
            number /= 10;
        }
        return bytes20(text);
    }
}
