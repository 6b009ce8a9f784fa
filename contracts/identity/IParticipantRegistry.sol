// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

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

    event ParticipantAdmitted(address indexed account, Profile profile, Contact contact);
    event ParticipantKeysChanged(address indexed account, address operator, bytes32 encryptionKey, string endpoint);
    event ParticipantStatusChanged(address indexed account, Status status);
    event ParticipantRolesChanged(address indexed account, uint16 roles);
    event ParticipantTierRaised(address indexed account, Tier tier);

    error ParticipantRegistry_AlreadyAdmitted(address account);
    error ParticipantRegistry_UnknownParticipant(address account);
    error ParticipantRegistry_BadLei(address account, bytes20 lei);
    error ParticipantRegistry_BadField(address account, string field);
    error ParticipantRegistry_OperatorTaken(address operator, address holder);
    error ParticipantRegistry_NotAccount(address caller, address account);
    error ParticipantRegistry_TierNotEarned(address account, uint256 earned, uint256 needed);

    function admit(address account, Profile calldata profile, Contact calldata contact) external;
    function setStatus(address account, Status status) external;
    function setRoles(address account, uint16 roles) external;
    function setKeys(address operator, bytes32 encryptionKey, string calldata endpoint) external;
    function leave() external;
    function promote(address account) external;

    function profileOf(address account) external view returns (Profile memory);
    function profilesOf(address[] calldata accounts) external view returns (Profile[] memory);
    function contactOf(address account) external view returns (Contact memory);
    function accountOf(address operator) external view returns (address);
    function isActive(address account) external view returns (bool);
    function count() external view returns (uint256);
    function accountAt(uint256 index) external view returns (address);
}
