// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IIncentiveToken} from "../tokens/IIncentiveToken.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";
import {Lei} from "./Lei.sol";

/// @title ParticipantRegistry
contract ParticipantRegistry is IParticipantRegistry, AccessManaged {
    /// @notice Incentive tokens earned (18 decimals) from which on a participant may rise to the tier.
    uint256 public immutable memberAt;
    uint256 public immutable coreAt;
    IIncentiveToken public incentiveToken;

    mapping(address account => Profile) private _profiles;
    mapping(address account => Contact) private _contacts;
    mapping(address operator => address account) private _accounts;
    address[] private _list;

    error ParticipantRegistry_TokenAlreadySet(address token);

    constructor(address authority, uint256 memberAt_, uint256 coreAt_) AccessManaged(authority) {
        (memberAt, coreAt) = (memberAt_, coreAt_);
    }

    /// @notice Names the token whose earnings raise tiers; once, because the two contracts name each other.
    function setIncentiveToken(IIncentiveToken token) external restricted {
        if (address(incentiveToken) != address(0)) revert ParticipantRegistry_TokenAlreadySet(address(incentiveToken));
        incentiveToken = token;
    }

    /// @inheritdoc IParticipantRegistry
    function admit(address account, Profile calldata profile, Contact calldata contact) external restricted {
        if (_profiles[account].status != Status.None) revert ParticipantRegistry_AlreadyAdmitted(account);
        if (account == address(0)) revert ParticipantRegistry_BadField(account, "account");
        if (profile.status != Status.Active) revert ParticipantRegistry_BadField(account, "status");
        if (profile.roles == 0) revert ParticipantRegistry_BadField(account, "roles");
        if (profile.group == 0) revert ParticipantRegistry_BadField(account, "group");
        if (!Lei.isValid(contact.lei)) revert ParticipantRegistry_BadLei(account, contact.lei);
        _checkKeys(account, profile.operator, contact.encryptionKey);
        _profiles[account] = profile;
        _contacts[account] = contact;
        _accounts[profile.operator] = account;
        _list.push(account);
        emit ParticipantAdmitted(account, profile, contact);
    }

    /// @inheritdoc IParticipantRegistry
    function setStatus(address account, Status status) external restricted {
        Profile storage profile = _known(account);
        if (status == Status.None) revert ParticipantRegistry_BadField(account, "status");
        profile.status = status;
        emit ParticipantStatusChanged(account, status);
    }

    /// @inheritdoc IParticipantRegistry
    function setRoles(address account, uint16 roles) external restricted {
        _known(account).roles = roles;
        emit ParticipantRolesChanged(account, roles);
    }

    /// @inheritdoc IParticipantRegistry
    function setKeys(address operator, bytes32 encryptionKey, string calldata endpoint) external {
        Profile storage profile = _profiles[msg.sender];
        if (profile.status != Status.Active) revert ParticipantRegistry_NotAccount(msg.sender, msg.sender);
        if (operator != profile.operator) {
            _checkKeys(msg.sender, operator, encryptionKey);
            delete _accounts[profile.operator];
            _accounts[operator] = msg.sender;
            profile.operator = operator;
        }
        if (encryptionKey == 0) revert ParticipantRegistry_BadField(msg.sender, "encryptionKey");
        _contacts[msg.sender].encryptionKey = encryptionKey;
        _contacts[msg.sender].endpoint = endpoint;
        emit ParticipantKeysChanged(msg.sender, operator, encryptionKey, endpoint);
    }

    /// @inheritdoc IParticipantRegistry
    function leave() external {
        Profile storage profile = _profiles[msg.sender];
        if (profile.status != Status.Active) revert ParticipantRegistry_NotAccount(msg.sender, msg.sender);
        profile.status = Status.Left;
        emit ParticipantStatusChanged(msg.sender, Status.Left);
    }

    /// @inheritdoc IParticipantRegistry
    function promote(address account) external {
        Profile storage profile = _known(account);
        uint256 earned = address(incentiveToken) == address(0) ? 0 : incentiveToken.earned(account);
        Tier deserved = earned >= coreAt ? Tier.Core : earned >= memberAt ? Tier.Member : Tier.Lite;
        if (deserved <= profile.tier) {
            revert ParticipantRegistry_TierNotEarned(account, earned, profile.tier == Tier.Lite ? memberAt : coreAt);
        }
        profile.tier = deserved;
        emit ParticipantTierRaised(account, deserved);
    }

    /// @inheritdoc IParticipantRegistry
    function profileOf(address account) external view returns (Profile memory) {
        return _profiles[account];
    }

    /// @inheritdoc IParticipantRegistry
    function profilesOf(address[] calldata accounts) external view returns (Profile[] memory profiles) {
        profiles = new Profile[](accounts.length);
        for (uint256 i = 0; i < accounts.length; i++) {
            profiles[i] = _profiles[accounts[i]];
        }
    }

    /// @inheritdoc IParticipantRegistry
    function contactOf(address account) external view returns (Contact memory) {
        return _contacts[account];
    }

    /// @inheritdoc IParticipantRegistry
    function accountOf(address operator) external view returns (address) {
        return _accounts[operator];
    }

    /// @inheritdoc IParticipantRegistry
    function isActive(address account) external view returns (bool) {
        return _profiles[account].status == Status.Active;
    }

    /// @inheritdoc IParticipantRegistry
    function count() external view returns (uint256) {
        return _list.length;
    }

    /// @inheritdoc IParticipantRegistry
    function accountAt(uint256 index) external view returns (address) {
        return _list[index];
    }

    function _known(address account) private view returns (Profile storage profile) {
        profile = _profiles[account];
        if (profile.status == Status.None) revert ParticipantRegistry_UnknownParticipant(account);
    }

    function _checkKeys(address account, address operator, bytes32 encryptionKey) private view {
        if (operator == address(0)) revert ParticipantRegistry_BadField(account, "operator");
        if (encryptionKey == 0) revert ParticipantRegistry_BadField(account, "encryptionKey");
        if (_accounts[operator] != address(0)) revert ParticipantRegistry_OperatorTaken(operator, _accounts[operator]);
    }
}
