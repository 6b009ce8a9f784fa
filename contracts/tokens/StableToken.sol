// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC165, IERC165} from "@openzeppelin/contracts/utils/introspection/ERC165.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {isFreezeReason} from "../identity/FreezeReasons.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";
import {IStableToken} from "./IStableToken.sol";

/// @title StableToken
contract StableToken is IStableToken, ERC20, ERC20Permit, ERC165, AccessManaged {
    IParticipantRegistry public immutable registry;
    mapping(address account => bool) public isProtocolContract;
    mapping(bytes32 fiatReference => bool) public fiatReferenceUsed;
    mapping(address regulator => bytes32 caseId) public caseInHand;
    mapping(address account => bytes32 caseId) public frozenUnder;
    mapping(bytes32 caseId => Case) private _cases;
    mapping(address account => uint256) private _frozen;

    constructor(address authority, IParticipantRegistry registry_)
        ERC20("Farshore Stable", "FSD")
        ERC20Permit("Farshore Stable")
        AccessManaged(authority)
    {
        registry = registry_;
    }

    /// @inheritdoc IStableToken
    function mint(address to, uint256 amount, bytes32 fiatReference) external restricted {
        _useReference(fiatReference);
        _mint(to, amount);
        emit StableMinted(to, amount, fiatReference);
    }

    /// @inheritdoc IStableToken
    function burn(uint256 amount, bytes32 fiatReference) external restricted {
        _useReference(fiatReference);
        _burn(msg.sender, amount);
        emit StableBurned(msg.sender, amount, fiatReference);
    }

    /// @inheritdoc IStableToken
    function setProtocolContract(address account, bool allowed) external restricted {
        uint256 frozen = _frozen[account];
        if (allowed && frozen != 0) revert StableToken_FrozenAccount(account, frozen);
        if (!allowed && balanceOf(account) != 0) revert StableToken_StillHolds(account, balanceOf(account));
        isProtocolContract[account] = allowed;
        emit ProtocolContractSet(account, allowed);
    }

    /// @inheritdoc IStableToken
    function openCase(bytes32 caseId, uint16 reason, bytes32 evidenceHash) external restricted {
        if (caseId == 0) revert StableToken_UnknownCase(caseId);
        if (!isFreezeReason(reason)) revert StableToken_UnknownReason(reason);
        if (_cases[caseId].reason != 0) revert StableToken_CaseExists(caseId);
        _cases[caseId] = Case(reason, msg.sender, uint64(block.timestamp), false, evidenceHash);
        caseInHand[msg.sender] = caseId;
        emit CaseOpened(caseId, reason, msg.sender, evidenceHash);
    }

    /// @inheritdoc IStableToken
    function resumeCase(bytes32 caseId) external restricted {
        _openCase(caseId);
        caseInHand[msg.sender] = caseId;
        emit CaseResumed(caseId, msg.sender);
    }

    /// @inheritdoc IStableToken
    function closeCase(bytes32 caseId) external restricted {
        _openCase(caseId).closed = true;
        emit CaseClosed(caseId, msg.sender);
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        _expectNoContract(account);
        (bytes32 caseId, uint16 reason) = _caseOfCaller();
        _frozen[account] = amount;
        frozenUnder[account] = caseId;
        emit Frozen(account, amount);
        emit FrozenUnderCase(caseId, account, reason, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev Unfreezes what it has to before it moves it; the sender's own permission is not asked.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        _expectNoContract(from);
        _expectNoContract(to);
        if (!_mayReceive(from, to)) revert ERC7943CannotReceive(to);
        (bytes32 caseId, uint16 reason) = _caseOfCaller();
        uint256 balance = balanceOf(from);
        if (amount > balance) revert ERC20InsufficientBalance(from, balance, amount);
        if (_frozen[from] > balance - amount) {
            _frozen[from] = balance - amount;
            emit Frozen(from, balance - amount);
        }
        ERC20._update(from, to, amount);
        emit ForcedTransfer(from, to, amount);
        emit ForcedTransferUnderCase(caseId, from, reason, to, amount);
        return true;
    }

    /// @inheritdoc IStableToken
    function caseOf(bytes32 caseId) external view returns (Case memory) {
        return _cases[caseId];
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        uint256 balance = balanceOf(from);
        bool frozen = amount <= balance && amount > _unfrozen(from, balance);
        return canSend(from) && _mayReceive(from, to) && !frozen;
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _frozen[account];
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) public view returns (bool) {
        return isProtocolContract[account] || _isKnown(registry.statusOf(account));
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) public view returns (bool) {
        return canSend(account);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC165, IERC165) returns (bool) {
        return interfaceId == type(IERC7943Fungible).interfaceId || super.supportsInterface(interfaceId);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0)) {
            if (!canSend(from)) revert ERC7943CannotSend(from);
            _expectUnfrozen(from, value);
        }
        if (to != address(0) && !_mayReceive(from, to)) {
            if (!canReceive(to)) revert ERC7943CannotReceive(to);
            revert ERC7943CannotTransfer(from, to, value);
        }
        super._update(from, to, value);
    }

    /// @dev Who left is paid out by the protocol's contracts, and by nobody else.
    function _mayReceive(address from, address to) private view returns (bool) {
        if (isProtocolContract[to]) return true;
        IParticipantRegistry.Status status = registry.statusOf(to);
        return status == IParticipantRegistry.Status.Active
            || (status == IParticipantRegistry.Status.Left && isProtocolContract[from]);
    }

    function _isKnown(IParticipantRegistry.Status status) private pure returns (bool) {
        return status == IParticipantRegistry.Status.Active || status == IParticipantRegistry.Status.Left;
    }

    function _expectUnfrozen(address account, uint256 amount) private view {
        uint256 balance = balanceOf(account);
        uint256 unfrozen = _unfrozen(account, balance);
        if (amount <= balance && amount > unfrozen) {
            revert ERC7943InsufficientUnfrozenBalance(account, amount, unfrozen);
        }
    }

    function _unfrozen(address account, uint256 balance) private view returns (uint256) {
        uint256 frozen = _frozen[account];
        return frozen < balance ? balance - frozen : 0;
    }

    function _useReference(bytes32 fiatReference) private {
        if (fiatReference == 0) revert StableToken_BadFiatReference();
        if (fiatReferenceUsed[fiatReference]) revert StableToken_FiatReferenceUsed(fiatReference);
        fiatReferenceUsed[fiatReference] = true;
    }

    function _openCase(bytes32 caseId) private view returns (Case storage found) {
        found = _cases[caseId];
        if (found.reason == 0) revert StableToken_UnknownCase(caseId);
        if (found.closed) revert StableToken_CaseIsClosed(caseId);
    }

    function _caseOfCaller() private view returns (bytes32 caseId, uint16 reason) {
        caseId = caseInHand[msg.sender];
        if (caseId == 0) revert StableToken_NoCaseInHand(msg.sender);
        reason = _openCase(caseId).reason;
    }

    function _expectNoContract(address account) private view {
        if (isProtocolContract[account]) revert StableToken_ProtocolContract(account);
    }
}
