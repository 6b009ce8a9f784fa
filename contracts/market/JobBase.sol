// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IRuleBook} from "../governance/IRuleBook.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../ledger/IPrivacyLedger.sol";
import {IUsageLedger} from "../ledger/IUsageLedger.sol";
import {IBeacon} from "../oracle/IBeacon.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {EscrowBook} from "./EscrowBook.sol";
import {IEarnedToken} from "./IEarnedToken.sol";
import {IJobTypes} from "./IJobTypes.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {MarketBounds, MarketParameters} from "./MarketParameters.sol";
import {PastUse} from "./PastUse.sol";
import {TermsWords} from "./TermsWords.sol";

/// @notice The contracts that a market works with; fixed at deployment, trusted, called without a permission check of their own
///         beyond the market's address.
struct MarketContracts {
    IParticipantRegistry registry;
    IAssetRegistry assets;
    IPrivacyLedger privacyLedger;
    IUsageLedger usageLedger;
    IOracleCommittee committee;
    IBeacon beacon;
    IERC20 stableToken;
    IEarnedToken incentiveToken;
    IRuleBook rules;
}

/// @title JobBase
/// @notice The slot of a job, everything else that a market stores, and the checks that all entry points share.
/// @dev Every entry point has one shape: load the slot against the parts that the caller brought (state, deadline, hash), check,
///      write slot and balances, then call other contracts, then emit.
///      One contract would exceed the limit of 24 576 bytes: `JobOpening`, `JobEnding`, `JobDisputes` and `JobVerdicts` are deployed
///      beside `JobMarket`, which runs their code on its own storage (delegatecall). All storage is declared here and in EscrowBook, so that it lies at the same slots in all;
///      `configuration` lets the market's constructor refuse a half that was built otherwise.
abstract contract JobBase is IJobTypes, EscrowBook, EIP712 {
    using JobParts for Parts;

    IParticipantRegistry public immutable registry;
    IAssetRegistry public immutable assetRegistry;
    IPrivacyLedger public immutable privacyLedger;
    IUsageLedger public immutable usageLedger;
    IOracleCommittee public immutable oracleCommittee;
    IBeacon public immutable beacon;
    IRuleBook public immutable rules;

    address public immutable treasury;
    /// @notice Seconds after a deadline during which a late step may still close the round; then anyone closes the job.
    uint32 public immutable grace;
    /// @notice Stable minor units that the market holds of every job beside what its terms name.
    uint128 public immutable jobDeposit;
    /// @notice Basis points of what a settled job pays for data that are the treasury's.
    uint32 public immutable protocolFeeBps;
    /// @notice keccak256(abi.encode(contracts, parameters)) of the constructor.
    bytes32 public immutable configuration;

    uint256 private constant HASH_BITS = 200;
    uint256 private constant DEADLINE_BITS = 48;
    /// @dev Of a job with a committee: set while `_ready` holds a word for the step that is due; before: set when an acceptance of the
    ///      job was cancelled. Whoever finds it not set need not look at more than the slot.
    uint256 private constant READY = 1 << 255;

    /// @dev Incentives credited in an epoch, when the newest halt on record began (0: none), and what settlements owe the treasury
    ///      (stable minor units; credited when the treasury withdraws, and not to be spent inside the market before): one slot, so that settlement touches no other for them.
    struct Emission {
        uint40 epoch;
        uint104 credited;
        uint40 haltedFrom;
        uint72 owed;
    }

    /// @dev Whether new jobs are stopped, and until when the rules of that version were found to be in force: one slot, which `start`
    ///      reads anyhow, so that it need not ask the rule book each time.
    struct Guard {
        bool paused;
        uint32 rulesVersion;
        uint64 rulesUntil;
    }

    /// @dev Between the times of two blocks that follow each other the chain made none.
    struct Halt {
        uint64 from;
        uint64 until;
    }

    struct Challenge {
        address account;
        uint8 kind;
    }

    /// @dev roster and beaconRound: of the second committee, fixed by the first challenge; panel: keccak256(abi.encode(Panel)), 0
    ///      before it is seated, `NO_PANEL` when it cannot be; openUntil: end of the window for challenges; served: bitmap of the
    ///      seats of the first committee that said where the evidence is; there: of the panel's that said that they have a verdict
    struct Dispute {
        bytes32 roster;
        bytes32 panel;
        uint64 beaconRound;
        uint64 openUntil;
        uint64 served;
        uint64 there;
        Challenge[] challenges;
    }

    /// @dev whether there is a word of a seat, or a cancelled acceptance (1 bit) | state (7) | deadline (48) | first 200 bits of the hash of the parts
    mapping(bytes32 jobId => uint256) private _slots;
    /// @dev first 192 bits of the hash of the rounds that a step starts from | bitmap of the seats that were there (64)
    mapping(bytes32 jobId => uint256) private _ready;
    mapping(address account => mapping(bytes32 acceptance => bool)) internal _cancelled;
    /// @dev Assets by ascending id, hashed => hash of their dataset roots at the last start | whether a second job relies on it (1 bit)
    mapping(bytes32 cohort => uint256) internal _cohorts;
    mapping(uint256 assetId => PastUse) internal _pastUses;
    Emission internal _emission;
    Guard internal _guard;
    /// @dev By ascending time.
    Halt[] internal _halts;
    mapping(bytes32 jobId => Dispute) internal _disputes;
    /// @dev Operator, kind and subject, hashed, of contradictions that were paid for.
    mapping(bytes32 contradiction => bool) internal _proven;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters) EIP712("Farshore", "1") {
        MarketBounds.check(parameters);
        (registry, assetRegistry) = (contracts.registry, contracts.assets);
        (privacyLedger, usageLedger) = (contracts.privacyLedger, contracts.usageLedger);
        (oracleCommittee, beacon, rules) = (contracts.committee, contracts.beacon, contracts.rules);
        (treasury, grace, jobDeposit) = (parameters.treasury, parameters.grace, parameters.deposit);
        protocolFeeBps = parameters.protocolFeeBps;
        configuration = keccak256(abi.encode(contracts, parameters));
    }

    /// @dev Credits the treasury in the slot that a settlement writes anyhow; beyond its 72 bits in the treasury's own.
    function _creditTreasury(uint256 stable) internal {
        uint256 owed = _emission.owed + stable;
        if (owed > type(uint72).max) _credit(treasury, stable);
        else _emission.owed = uint72(owed);
    }

    function _owedTo(address account) internal view virtual override returns (uint256) {
        return account == treasury ? _emission.owed : 0;
    }

    function _collect(address account) internal virtual override {
        uint256 owed = _owedTo(account);
        if (owed == 0) return;
        _emission.owed = 0;
        _credit(account, owed);
    }

    /// @dev The slot as `jobOf` shows it.
    function _slotOf(bytes32 jobId) internal view returns (State state, uint64 deadline, bytes32 partsHash) {
        uint256 slot = _slots[jobId];
        return (_stateOf(slot), uint64(_deadlineOf(slot)), bytes32(slot << (256 - HASH_BITS)));
    }

    /// @dev Reverts unless the job is in `needed` and consists of `parts`; returns its deadline.
    function _load(bytes32 jobId, State needed, Parts memory parts) internal view returns (uint256 deadline) {
        uint256 slot = _slots[jobId];
        if (slot & ~READY == 0) revert JobMarket_UnknownJob(jobId);
        if ((slot & ~READY) >> (HASH_BITS + DEADLINE_BITS) != uint256(needed)) revert JobMarket_WrongState(jobId, _stateOf(slot), needed);
        if (slot << (256 - HASH_BITS) != _hashBits(parts) << (256 - HASH_BITS)) revert JobMarket_PartsMismatch(jobId);
        return _deadlineOf(slot);
    }

    function _stateOf(bytes32 jobId) internal view returns (State) {
        return _stateOf(_slots[jobId]);
    }

    function _store(bytes32 jobId, State state, uint256 deadline, Parts memory parts) internal {
        _slots[jobId] = uint256(state) << (HASH_BITS + DEADLINE_BITS) | deadline << HASH_BITS | _hashBits(parts);
    }

    /// @dev For a step that starts from the rounds of the step before: who was ready for that one still counts. And for `post`, for which
    ///      an acceptance that was cancelled before counts.
    function _storeSameRounds(bytes32 jobId, State state, uint256 deadline, Parts memory parts) internal {
        uint256 ready = _slots[jobId] & READY;
        _slots[jobId] = ready | uint256(state) << (HASH_BITS + DEADLINE_BITS) | deadline << HASH_BITS | _hashBits(parts);
    }

    /// @dev A closed job keeps the hash of its parts and, in place of a deadline, the time when it was closed.
    function _close(bytes32 jobId, State state, Parts memory parts) internal {
        _store(jobId, state, block.timestamp, parts);
    }

    /// @dev That the step is in time after all, in a window of `window` seconds that halts of the chain took from. Callers ask
    ///      once a step is late: one that is in time pays nothing for it.
    function _requireExtended(bytes32 jobId, uint256 deadline, uint256 window) internal view {
        deadline = _extended(deadline, window);
        if (block.timestamp > deadline) revert JobMarket_TooLate(jobId, uint64(deadline));
    }

    /// @dev When a window of `window` seconds that would have ended at `deadline` ends: each halt on record that began while it was
    ///      open, from its first second to its last, moves the end by its whole length.
    function _extended(uint256 deadline, uint256 window) internal view returns (uint256) {
        uint256 next = _halts.length;
        uint256 opened = deadline - window;
        while (next > 0 && _halts[next - 1].from >= opened) next--;
        for (; next < _halts.length; next++) {
            Halt memory halt = _halts[next];
            if (halt.from > deadline) break;
            deadline += halt.until - halt.from;
        }
        return deadline;
    }

    function _requireAfter(bytes32 jobId, uint256 time) internal view {
        if (block.timestamp <= time) revert JobMarket_TooEarly(jobId, uint64(time + 1));
    }

    /// @dev The job's terms, field by field.
    function _openTerms(Head calldata head, PackedTerms calldata packed) internal pure returns (JobTerms memory) {
        (JobTerms memory terms, bytes32 had) = TermsWords.open(packed);
        if (had != head.termsHash) revert JobMarket_TermsMismatch(had, head.termsHash);
        return terms;
    }

    function _requireAccounts(Committee calldata committee, address[] calldata accounts) internal pure {
        bytes32 had;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0x20)
            mstore(add(free, 0x20), accounts.length)
            calldatacopy(add(free, 0x40), accounts.offset, shl(5, accounts.length))
            had := keccak256(free, add(0x40, shl(5, accounts.length)))
        }
        if (had != committee.accounts) revert JobMarket_AccountsMismatch(had, committee.accounts);
    }

    /// @dev Seats that said they were there for the step that starts from these rounds. To be read before the job is closed.
    function _readySeats(bytes32 jobId, bytes32 roundsHash) internal view returns (uint256) {
        if (_slots[jobId] & READY == 0) return 0;
        uint256 slot = _ready[jobId];
        return slot >> 64 == uint256(roundsHash) >> 64 ? uint64(slot) : 0;
    }

    function _setReady(bytes32 jobId, bytes32 roundsHash, uint256 seats) internal {
        _ready[jobId] = (uint256(roundsHash) >> 64) << 64 | seats;
        _slots[jobId] |= READY;
    }

    /// @dev A job that is not there yet is looked at by `post` like one that is: it keeps the bit.
    function _hasCancelled(bytes32 jobId) internal view returns (bool) {
        return _slots[jobId] & READY != 0;
    }

    function _setCancelled(bytes32 jobId) internal {
        _slots[jobId] |= READY;
    }

    function _stateOf(uint256 slot) private pure returns (State) {
        return State((slot & ~READY) >> (HASH_BITS + DEADLINE_BITS));
    }

    function _deadlineOf(uint256 slot) private pure returns (uint256) {
        return uint48(slot >> HASH_BITS);
    }

    function _hashBits(Parts memory parts) private pure returns (uint256) {
        return uint256(parts.hash()) >> (256 - HASH_BITS);
    }
}
