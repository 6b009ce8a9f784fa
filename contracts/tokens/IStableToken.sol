// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC7943Fungible} from "./IERC7943Fungible.sol";

/// @title IStableToken
/// @notice Settlement money, 6 decimals, minted and burned by its issuer against a fiat leg; held by admitted parties only.
/// @dev Who may hold it: contracts of the protocol; active participants; participants that left, who may pay it on and receive
///      it from a contract of the protocol only (their balance in the market stays theirs). Suspended ones neither send nor
///      receive: what the market owes them stays there.
///      Where ERC-7943 leaves a choice: a freeze binds what leaves an account, not what comes in, so that a withdrawal from the
///      market to a frozen account goes through and is frozen with the rest (an amount above the balance freezes that too;
///      `type(uint256).max` is the whole account). A forced transfer needs a recipient that may receive, not a sender that may
///      send. Its functions have no room for a reason, so both act under the case that the caller has in hand (`openCase`).
interface IStableToken is IERC20, IERC7943Fungible {
    /// @notice Why a regulator acts; kept for good.
    /// @param reason number of the table of reasons of freeze (`FreezeReasons.sol`)
    /// @param evidenceHash SHA-256 of the order or file behind it, which stays off the chain
    /// @param openedAt seconds since 1970
    struct Case {
        uint16 reason;
        address openedBy;
        uint64 openedAt;
        bool closed;
        bytes32 evidenceHash;
    }

    event StableMinted(address indexed to, uint256 amount, bytes32 indexed fiatReference);
    event StableBurned(address indexed from, uint256 amount, bytes32 indexed fiatReference);
    event ProtocolContractSet(address indexed account, bool allowed);
    event CaseOpened(bytes32 indexed caseId, uint16 indexed reason, address indexed by, bytes32 evidenceHash);
    event CaseResumed(bytes32 indexed caseId, address indexed by);
    event CaseClosed(bytes32 indexed caseId, address indexed by);
    /// @notice Beside ERC-7943's own `Frozen`: why.
    event FrozenUnderCase(bytes32 indexed caseId, address indexed account, uint16 indexed reason, uint256 amount);
    /// @notice Beside ERC-7943's own `ForcedTransfer`: why.
    event ForcedTransferUnderCase(
        bytes32 indexed caseId, address indexed from, uint16 indexed reason, address to, uint256 amount
    );

    error StableToken_BadFiatReference();
    error StableToken_FiatReferenceUsed(bytes32 fiatReference);
    error StableToken_ProtocolContract(address account);
    error StableToken_FrozenAccount(address account, uint256 frozen);
    error StableToken_StillHolds(address account, uint256 balance);
    error StableToken_UnknownReason(uint16 reason);
    error StableToken_UnknownCase(bytes32 caseId);
    error StableToken_CaseExists(bytes32 caseId);
    error StableToken_CaseIsClosed(bytes32 caseId);
    error StableToken_NoCaseInHand(address caller);

    /// @notice Mints `amount` minor units to who may receive them (no party that left). Emits `StableMinted`. Issuer only.
    /// @param fiatReference names the payment behind it: not zero, and used once, for one mint or one burn
    function mint(address to, uint256 amount, bytes32 fiatReference) external;

    /// @notice Burns the issuer's own `amount` against a pay-out. Emits `StableBurned`. Issuer only; a reference as for `mint`.
    function burn(uint256 amount, bytes32 fiatReference) external;

    /// @notice Lets a contract of the protocol hold the token; neither freeze nor forced transfer touches it then. Emits
    ///         `ProtocolContractSet`. Governance only; refused for an account of which something is frozen, and taken back only from one
    ///         that holds nothing: what parties have in a market cannot be locked there by a vote.
    function setProtocolContract(address account, bool allowed) external;

    /// @notice Records why the caller is going to act, and takes the case in hand: `setFrozenTokens` and `forcedTransfer` of the
    ///         caller act under it until it takes another or closes it. Emits `CaseOpened`. Regulator only.
    /// @param caseId chosen by the regulator, not zero and never used before
    /// @param reason number of the table
    /// @param evidenceHash SHA-256 of what the decision rests on
    function openCase(bytes32 caseId, uint16 reason, bytes32 evidenceHash) external;

    /// @notice Takes an open case in hand again, or one that another officer opened. Emits `CaseResumed`. Regulator only.
    function resumeCase(bytes32 caseId) external;

    /// @notice Nothing is done under the case any more; what it froze stays frozen. Emits `CaseClosed`. Regulator only.
    function closeCase(bytes32 caseId) external;

    function isProtocolContract(address account) external view returns (bool);
    function fiatReferenceUsed(bytes32 fiatReference) external view returns (bool);
    /// @return the case; its reason is 0 where there is none
    function caseOf(bytes32 caseId) external view returns (Case memory);
    /// @notice The case under which the caller's next act would be recorded; 0 = none.
    function caseInHand(address regulator) external view returns (bytes32);
    /// @notice The case under which the frozen amount of an account was set last; 0 = never.
    function frozenUnder(address account) external view returns (bytes32);
}
