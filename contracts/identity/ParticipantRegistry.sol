// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IIncentiveToken} from "../tokens/IIncentiveToken.sol";
import {isFreezeReason} from "./FreezeReasons.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";
import {ProfileWord} from "./ProfileWords.sol";
import {Lei} from "./Lei.sol";

/// @title ParticipantRegistry
contract ParticipantRegistry is IParticipantRegistry, EIP712, AccessManaged {
    bytes32 private constant OPERATOR_KEY_TYPE = keccak256("OperatorKey(address account,address operator,uint256 nonce)");

    /// @notice Incentive tokens earned (18 decimals) from which on a participant may rise to the tier.
    uint256 public immutable memberAt;
    uint256 public immutable coreAt;
    /// @notice How long a participant that left keeps the duties of running jobs, seconds.
    uint256 public immutable noticeSeconds;
    IIncentiveToken public incentiveToken;

    mapping(address account => Profile) private _profiles;
    mapping(address account => Contact) private _contacts;
    mapping(address operator => address account) private _accounts;
    mapping(address account => Standing) private _standings;
    mapping(address account => uint256) public keyNonce;
    address[] private _list;

    error ParticipantRegistry_TokenAlreadySet(address token);

    constructor(address authority, uint256 memberAt_, uint256 coreAt_, uint256 noticeSeconds_)
        EIP712("Farshore", "1")
        AccessManaged(authority)
    {
        (memberAt, coreAt, noticeSeconds) = (memberAt_, coreAt_, noticeSeconds_);
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
    function setStatus(address account, Status status, uint16 reason) external restricted {
        Status had = _known(account).status;
        bool moves = had != status && had != Status.Left && status != Status.None;
        if (!moves) revert ParticipantRegistry_WrongTransition(account, had, status);
        bool reasonFits = status == Status.Active ? reason == 0 : isFreezeReason(reason);
        if (!reasonFits) revert ParticipantRegistry_BadReason(account, reason);
        _stand(account, status, reason);
    }

    /// @inheritdoc IParticipantRegistry
    function readmit(address account) external restricted {
        Status had = _known(account).status;
        if (had != Status.Left) revert ParticipantRegistry_WrongTransition(account, had, Status.Active);
        _stand(account, Status.Active, 0);
    }

    /// @inheritdoc IParticipantRegistry
    function setRoles(address account, uint16 roles) external restricted {
        _known(account).roles = roles;
        emit ParticipantRolesChanged(account, roles);
    }

    /// @inheritdoc IParticipantRegistry
    function setKeys(address operator, bytes32 encryptionKey, string calldata endpoint, bytes calldata operatorProof)
        external
    {
        Profile storage profile = _profiles[msg.sender];
        bool served = profile.status == Status.Active || block.timestamp < noticeEnd(msg.sender);
        if (!served) revert ParticipantRegistry_NotAccount(msg.sender, msg.sender);
        if (operator != profile.operator) {
            _checkKeys(msg.sender, operator, encryptionKey);
            _checkProof(msg.sender, operator, operatorProof);
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
        if (_profiles[msg.sender].status != Status.Active) revert ParticipantRegistry_NotAccount(msg.sender, msg.sender);
        _stand(msg.sender, Status.Left, 0);
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
    function profileWordsOf(address[] calldata accounts) external view returns (ProfileWord[] memory words) {
        uint256 n = accounts.length;
        words = new ProfileWord[](n);
        for (uint256 i = 0; i < n; i++) {
            Profile storage profile = _profiles[accounts[i]];
            assembly ("memory-safe") {
                mstore(add(add(words, 0x20), shl(5, i)), sload(profile.slot))
            }
        }
    }

    /// @inheritdoc IParticipantRegistry
    function contactOf(address account) external view returns (Contact memory) {
        return _contacts[account];
    }

    /// @inheritdoc IParticipantRegistry
    function statusOf(address account) external view returns (Status) {
        return _profiles[account].status;
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account) external view returns (Standing memory) {
        return _standings[account];
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

    /// @inheritdoc IParticipantRegistry
    function noticeEnd(address account) public view returns (uint256) {
        return _profiles[account].status == Status.Left ? _standings[account].since + noticeSeconds : 0;
    }

    function _stand(address account, Status status, uint16 reason) private {
        _profiles[account].status = status;
        _standings[account] = Standing(reason, uint64(block.timestamp));
        emit ParticipantStatusChanged(account, status, reason);
    }

    /// @dev The nonce keeps a proof from naming a key again that the account has left since.
    function _checkProof(address account, address operator, bytes calldata proof) private {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(OPERATOR_KEY_TYPE, account, operator, keyNonce[account]++)));
        (address signer,,) = ECDSA.tryRecover(digest, proof);
        if (signer != operator) revert ParticipantRegistry_BadOperatorProof(account, operator);
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
