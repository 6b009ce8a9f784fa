// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ProfileWord} from "./ProfileWords.sol";

/// @title IParticipantRegistry
/// @notice Who is admitted to the marketplace, in which roles, with which keys.
/// @dev A participant is a legal entity, keyed by its `account` (its treasury; it may be an ERC-1271 contract).
interface IParticipantRegistry {
    enum Status {
        None,
        Active,
        Suspended,
        Left
    }

    /// @dev Progressive participation; raised by incentive tokens earned, never by tokens bought.
    enum Tier {
        Lite,
        Member,
        Core
    }

    /// @notice What hot calls read: one storage slot.
    /// @param operator hot key of the participant's node; unique over all participants
    /// @param roles bitmap of ROLE_* constants in `Roles.sol`
    /// @param jurisdiction ISO 3166-1 numeric code
    /// @param group beneficial owner; participants of one group conflict with each other; never 0
    struct Profile {
        address operator;
        uint16 roles;
        Status status;
        Tier tier;
        uint16 jurisdiction;
        uint32 group;
    }

    /// @notice What counterparties read off-chain.
    /// @param encryptionKey X25519 public key, 32 bytes
    /// @param lei Legal Entity Identifier, ISO 17442: 20 ASCII characters, checksum ISO 7064 mod 97-10
    /// @param endpoint URL of the participant's board; empty for parties that only connect outwards
    struct Contact {
        bytes32 encryptionKey;
        bytes20 lei;
        string name;
        string endpoint;
    }

    /// @notice Since when a participant has its status, and why.
    /// @param reason number of the table of reasons of freeze (`FreezeReasons.sol`); 0 = none
    /// @param since seconds since 1970; 0 = since its admission
    struct Standing {
        uint16 reason;
        uint64 since;
    }

    /// @notice What a new operator signs (EIP-712, in the registry's domain): that it is to act for the account.
    struct OperatorKey {
        address account;
        address operator;
        uint256 nonce;
    }

    event ParticipantAdmitted(address indexed account, Profile profile, Contact contact);
    event ParticipantKeysChanged(address indexed account, address operator, bytes32 encryptionKey, string endpoint);
    /// @param reason number of the table of reasons of freeze; 0 where a participant left by itself or is active again
    event ParticipantStatusChanged(address indexed account, Status status, uint16 reason);
    event ParticipantRolesChanged(address indexed account, uint16 roles);
    event ParticipantTierRaised(address indexed account, Tier tier);

    error ParticipantRegistry_AlreadyAdmitted(address account);
    error ParticipantRegistry_UnknownParticipant(address account);
    error ParticipantRegistry_BadLei(address account, bytes20 lei);
    error ParticipantRegistry_BadField(address account, string field);
    error ParticipantRegistry_OperatorTaken(address operator, address holder);
    error ParticipantRegistry_NotAccount(address caller, address account);
    error ParticipantRegistry_TierNotEarned(address account, uint256 earned, uint256 needed);
    error ParticipantRegistry_WrongTransition(address account, Status had, Status needed);
    error ParticipantRegistry_BadReason(address account, uint16 reason);
    error ParticipantRegistry_BadOperatorProof(address account, address operator);

    /// @notice Admits a legal entity for the first time. Emits `ParticipantAdmitted`. Registrar only, who has seen proof that the
    ///         keys are the entity's.
    function admit(address account, Profile calldata profile, Contact calldata contact) external;

    /// @notice Suspends a participant, ends a suspension, or expels. Emits `ParticipantStatusChanged`. Supervisor only.
    /// @dev Active <-> Suspended, and either of them -> Left; nothing else, and never from Left.
    /// @param reason number of the table for Suspended and Left, 0 for Active
    function setStatus(address account, Status status, uint16 reason) external;

    /// @notice Makes a participant that left active again, as it was. Emits `ParticipantStatusChanged`. Registrar only.
    function readmit(address account) external;
    /// @notice Emits `ParticipantRolesChanged`. Registrar only.
    function setRoles(address account, uint16 roles) external;

    /// @notice Changes the keys of the calling account (which may be a contract). Emits `ParticipantKeysChanged`. Active
    ///         participants, and those that left while their notice runs: their nodes serve running jobs.
    /// @param operatorProof EIP-712 `OperatorKey` in this contract's domain ("Farshore", "1"), 65 bytes, signed by the new
    ///        operator with the account's `keyNonce`: nobody names a key that it does not hold. Not looked at where the operator
    ///        stays. Operators are plain keys: committees verify them one by one.
    function setKeys(address operator, bytes32 encryptionKey, string calldata endpoint, bytes calldata operatorProof) external;

    /// @notice Ends the calling account's participation. Emits `ParticipantStatusChanged`. Active participants only.
    /// @dev The terms of exit. From this block on: no new job, listing, revision, acceptance or seat. Its open listings start no
    ///      job any more, and anyone may revoke them. What runs goes on and is paid: its node keeps the duties of running jobs, and
    ///      may rotate its keys, for `noticeSeconds`. Stake leaves by the committee's delayed exit. Its balances stay its own: it
    ///      withdraws from the market at any time and pays the money on to who is admitted. Only the registrar brings it back.
    function leave() external;
    /// @notice Raises a tier to what incentive tokens earned. Emits `ParticipantTierRaised`. Anyone.
    function promote(address account) external;

    function profileOf(address account) external view returns (Profile memory);
    /// @notice The profiles as the registry stores them, for contracts that read many: `ProfileWords`.
    function profileWordsOf(address[] calldata accounts) external view returns (ProfileWord[] memory);
    function contactOf(address account) external view returns (Contact memory);
    function statusOf(address account) external view returns (Status);
    function standingOf(address account) external view returns (Standing memory);
    /// @notice Until when a participant that left keeps its duties, seconds since 1970; 0 for one that did not leave.
    function noticeEnd(address account) external view returns (uint256);
    /// @notice Operator keys that the account named so far by itself: what the next one signs.
    function keyNonce(address account) external view returns (uint256);
    function accountOf(address operator) external view returns (address);
    function isActive(address account) external view returns (bool);
    function count() external view returns (uint256);
    function accountAt(uint256 index) external view returns (address);
}
