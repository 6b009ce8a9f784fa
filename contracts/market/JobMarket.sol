// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {IEarnedToken} from "./IEarnedToken.sol";
import {IEscrow} from "./IEscrow.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobClosing} from "./JobClosing.sol";
import {JobFinishing} from "./JobFinishing.sol";
import {JobProposing} from "./JobProposing.sol";
import {JobSettling} from "./JobSettling.sol";
import {JobTraining} from "./JobTraining.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {TermsWords} from "./TermsWords.sol";

/// @notice Contracts whose code a market runs, each deployed with the same contracts and parameters.
struct MarketHalves {
    JobBase opening;
    JobBase ending;
    JobBase disputes;
    JobBase verdicts;
}

/// @title JobMarket
/// @notice Owns the jobs' slots, the balances and every entry point. What every job runs after its seats is its own code; it runs that of
///         `JobOpening`, `JobEnding`, `JobDisputes` and `JobVerdicts` on its storage.
/// @dev They are fixed at deployment and hold nothing: called directly each finds no job, no balance and no contract of the house
///      that knows it; the stable token admits none of them, so a deposit made to one directly is refused.
contract JobMarket is JobTraining, JobFinishing, JobProposing, JobClosing, IEscrow, AccessManaged {
    IERC20 public immutable stableToken;
    IEarnedToken public immutable incentiveToken;
    address public immutable opening;
    address public immutable ending;
    address public immutable disputes;
    address public immutable verdicts;

    constructor(
        address authority,
        MarketContracts memory contracts,
        MarketParameters memory parameters,
        MarketHalves memory halves
    )
        JobBase(contracts, parameters)
        JobSettling(parameters)
        AccessManaged(authority)
    {
        (stableToken, incentiveToken) = (contracts.stableToken, contracts.incentiveToken);
        opening = _checked(halves.opening, "opening");
        ending = _checked(halves.ending, "ending");
        disputes = _checked(halves.disputes, "disputes");
        verdicts = _checked(halves.verdicts, "verdicts");
    }

    /// @inheritdoc IJobMarket
    function post(PackedTerms calldata) external returns (bytes32) {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function cancel(bytes32, Head calldata, PackedTerms calldata) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function expire(bytes32, Head calldata, PackedTerms calldata, Parties calldata) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function start(
        bytes32,
        Head calldata,
        PackedTerms calldata,
        IAssetRegistry.ListingProof[] calldata,
        SignedAcceptance[] calldata
    ) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function cancelAcceptance(bytes32, address, uint256) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function seat(
        bytes32,
        Head calldata,
        Parties calldata,
        IOracleCommittee.Candidate[] calldata
    ) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function certifySmaller(
        Head calldata,
        Parties calldata,
        Committee calldata,
        Rounds calldata,
        RoundSet calldata,
        Attestation calldata
    ) external {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function ready(bytes32, Head calldata, bytes32, Committee calldata, address[] calldata, bytes32, bytes32) external {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function pause() external restricted {
        _guard.paused = true;
        emit Paused(msg.sender);
    }

    /// @inheritdoc IJobMarket
    function unpause() external restricted {
        _guard.paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IJobMarket
    function fail(
        bytes32,
        Head calldata,
        PackedTerms calldata,
        Parties calldata,
        Committee calldata,
        address[] calldata,
        Rounds calldata
    ) external {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function challenge(
        bytes32,
        ChallengeKind,
        bytes32,
        Head calldata,
        bytes32,
        Committee calldata,
        address[] calldata,
        bytes32,
        Proposal calldata
    ) external {
        _run(disputes);
    }

    /// @inheritdoc IJobMarket
    function serveEvidence(
        bytes32,
        Head calldata,
        bytes32,
        Committee calldata,
        address[] calldata,
        bytes32,
        Proposal calldata
    ) external {
        _run(disputes);
    }

    /// @inheritdoc IJobMarket
    function seatSecond(
        bytes32,
        Head calldata,
        Parties calldata,
        Committee calldata,
        address[] calldata,
        bytes32,
        bytes32,
        IOracleCommittee.Candidate[] calldata
    ) external {
        _run(disputes);
    }

    /// @inheritdoc IJobMarket
    function reportEquivocation(
        StatementKind,
        bytes calldata,
        bytes calldata,
        bytes calldata,
        bytes calldata
    ) external {
        _run(disputes);
    }

    /// @inheritdoc IJobMarket
    function resolve(
        bytes32,
        DisputedJob calldata,
        Panel calldata,
        Verdict calldata,
        bytes calldata,
        Attestation calldata
    ) external {
        _run(verdicts);
    }

    /// @inheritdoc IJobMarket
    function adjudicate(bytes32, DisputedJob calldata, Panel calldata, Verdict calldata, bytes calldata)
        external
        restricted
    {
        _run(verdicts);
    }

    /// @inheritdoc IJobMarket
    function closeDispute(bytes32, DisputedJob calldata, Panel calldata) external {
        _run(verdicts);
    }

    /// @inheritdoc IJobMarket
    function readySecond(bytes32, Panel calldata, bytes32) external {
        _run(disputes);
    }

    /// @inheritdoc IEscrow
    function deposit(uint128) external {
        _run(ending);
    }

    /// @inheritdoc IEscrow
    function depositWithPermit(uint128, uint256, uint8, bytes32, bytes32) external {
        _run(ending);
    }

    /// @inheritdoc IEscrow
    function withdraw(uint128, uint128) external {
        _run(ending);
    }

    /// @inheritdoc IEscrow
    function creditOf(address account) external view returns (Credit memory) {
        return _creditOf(account);
    }

    /// @inheritdoc IJobMarket
    function settleBatch(bytes[] calldata) external {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function seize(address, address, uint128, bytes32) external restricted {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function recordHalt(bytes calldata, bytes calldata) external {
        _run(ending);
    }

    /// @inheritdoc IJobMarket
    function paused() external view returns (bool) {
        return _guard.paused;
    }

    /// @inheritdoc IJobMarket
    function openJobsOf(address buyer) external view returns (uint256) {
        return _openJobsOf(buyer);
    }

    /// @inheritdoc IJobMarket
    function jobOf(bytes32 jobId) external view returns (State state, uint64 deadline, bytes32 partsHash) {
        return _slotOf(jobId);
    }

    /// @inheritdoc IJobMarket
    function hashTerms(PackedTerms calldata terms) external pure returns (bytes32 termsHash) {
        (, termsHash) = TermsWords.open(terms);
    }

    /// @inheritdoc IJobMarket
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    function _checked(JobBase half, string memory name) private view returns (address) {
        if (half.configuration() != configuration) revert JobMarket_BadParameter(name);
        return address(half);
    }

    /// @dev Runs the call that came in with the code of a half; ends the call with what it returned or reverted with.
    function _run(address half) private {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let done := delegatecall(gas(), half, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            switch done
            case 0 { revert(free, returndatasize()) }
            default { return(free, returndatasize()) }
        }
    }
}
