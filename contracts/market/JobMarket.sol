// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {Escrow} from "./Escrow.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobClosing} from "./JobClosing.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobOpening} from "./JobOpening.sol";
import {JobTraining} from "./JobTraining.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobMarket
/// @notice Owns the jobs' slots, the balances and every entry point. What opens a job runs the code of `JobOpening` on this
///         contract's storage.
/// @dev That half is fixed at deployment and holds nothing: called directly it finds no job, no balance and no contract of the
///      house that knows it.
contract JobMarket is JobTraining, JobClosing, Escrow, AccessManaged {
    address public immutable opening;

    constructor(
        address authority,
        MarketContracts memory contracts,
        MarketParameters memory parameters,
        JobOpening opening_
    )
        JobBase(contracts, parameters)
        JobClosing(parameters)
        Escrow(contracts.stableToken, contracts.incentiveToken)
        AccessManaged(authority)
    {
        if (opening_.configuration() != configuration) revert JobMarket_BadParameter("opening");
        opening = address(opening_);
    }

    /// @inheritdoc IJobMarket
    function post(JobTerms calldata, bytes32) external returns (bytes32) {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function cancel(bytes32, Head calldata, JobTerms calldata) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function expire(bytes32, Head calldata, JobTerms calldata, Parties calldata) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function start(
        bytes32,
        Head calldata,
        JobTerms calldata,
        IAssetRegistry.ListingProof[] calldata,
        SignedAcceptance[] calldata
    ) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function cancelAcceptance(address, uint256) external {
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
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function finish(
        Head calldata,
        bytes32,
        Committee calldata,
        Rounds calldata,
        Finish calldata,
        Attestation calldata
    ) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function ready(bytes32, Head calldata, bytes32, Committee calldata, address[] calldata, bytes32, bytes32) external {
        _run(opening);
    }

    /// @inheritdoc IJobMarket
    function pause() external restricted {
        _paused = true;
        emit Paused(msg.sender);
    }

    /// @inheritdoc IJobMarket
    function unpause() external restricted {
        _paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IJobMarket
    function challenge(bytes32, ChallengeKind, bytes calldata) external pure {
        revert JobMarket_NotYet("challenge");
    }

    /// @inheritdoc IJobMarket
    function resolve(bytes32, bytes calldata) external pure {
        revert JobMarket_NotYet("resolve");
    }

    /// @inheritdoc IJobMarket
    function recordHalt(bytes calldata, bytes calldata) external pure {
        revert JobMarket_NotYet("recordHalt");
    }

    /// @inheritdoc IJobMarket
    function paused() external view returns (bool) {
        return _paused;
    }

    /// @inheritdoc IJobMarket
    function jobOf(bytes32 jobId) external view returns (State state, uint64 deadline, bytes32 partsHash) {
        return _slotOf(jobId);
    }

    /// @inheritdoc IJobMarket
    function hashTerms(JobTerms calldata terms) external pure returns (bytes32) {
        return JobDigests.hashOf(terms);
    }

    /// @inheritdoc IJobMarket
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @dev Runs the call that came in with the code of the other half; ends the call with what it returned or reverted with.
    function _run(address half) private {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), half, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            switch done
            case 0 { revert(0, returndatasize()) }
            default { return(0, returndatasize()) }
        }
    }
}
