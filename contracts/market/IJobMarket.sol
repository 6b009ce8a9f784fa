// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title IJobMarket
/// @notice The job state machine. One storage slot a job holds state, deadline and a hash of five parts:
///         head (terms), parties, committee, rounds, proposal. Callers bring the parts that they need, and the hashes of
///         the others, as calldata; every part can be rebuilt from the events.
/// @dev slot = state (8 bits) | deadline (48 bits, seconds) | first 200 bits of
///      keccak256(abi.encode(headHash, partiesHash, committeeHash, roundsHash, proposalHash)); a part that does not exist
///      yet counts as bytes32(0); a part's hash is keccak256(abi.encode(part)).
interface IJobMarket is IJobTypes {
    function post(JobTerms calldata terms, bytes32 salt) external returns (bytes32 jobId);
    function cancel(bytes32 jobId, Head calldata head, JobTerms calldata terms) external;
    function start(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) external;
    function cancelAcceptance(address account, uint256 nonce) external;
    /// @notice Draws the committee with the value of the beacon round that `start` fixed and takes each seat's bond from its
    ///         balance. Candidates without the balance, or who lost stake or their place on the roster since, are not drawn.
    /// @param candidates the roster whose hash `start` fixed
    function seat(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        IOracleCommittee.Candidate[] calldata candidates
    ) external;
    /// @notice From Open (past its deadline and grace) or Seating: everything back to the buyer, reservations released.
    function expire(bytes32 jobId, Head calldata head, JobTerms calldata terms, Parties calldata parties) external;
    /// @notice Certifies the next round with the cohort of the round before (round 0: everybody), until its deadline. What oracles
    ///         sign names the job, here, in `certifySmaller`, in `finish` and in `propose`.
    function certify(
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation
    ) external;
    /// @notice With noise only: certifies a part of the last cohort that still has the minimum of groups, after the round's
    ///         deadline and until the grace is over. Who is left out does not come back.
    function certifySmaller(
        Head calldata head,
        Parties calldata parties,
        Committee calldata committee,
        Rounds calldata rounds,
        RoundSet calldata set,
        Attestation calldata attestation
    ) external;
    /// @notice Ends training at the last certified state. complete: all rounds, plateau: fewer, both until the deadline;
    ///         absent: the next round did not come, after the deadline and until the grace is over.
    function finish(
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        Finish calldata finish_,
        Attestation calldata attestation
    ) external;
    /// @param words exact: the packed table of 2^n int64, big endian; projected: later; byWeight: empty
    function propose(
        Head calldata head,
        JobTerms calldata terms,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        JobResult calldata result,
        bytes calldata words,
        Attestation calldata attestation
    ) external;
    /// @param accounts the seats' accounts, in seat order
    function settle(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds,
        Proposal calldata proposal
    ) external;
    /// @notice From Running or Finished past deadline and grace: closed by fault, from what was certified.
    function fail(
        bytes32 jobId,
        Head calldata head,
        JobTerms calldata terms,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds
    ) external;
    /// @notice A seat (its account or operator) says, before the deadline, that it was there with `digest` for the step that is due.
    function ready(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        bytes32 digest
    ) external;
    function challenge(bytes32 jobId, ChallengeKind kind, bytes calldata evidence) external;
    function resolve(bytes32 jobId, bytes calldata verdict) external;
    function recordHalt(bytes calldata parentHeader, bytes calldata header) external;
    /// @notice Guardian only: stops post and start, never what closes an open job.
    function pause() external;
    function unpause() external;

    function jobOf(bytes32 jobId) external view returns (State state, uint64 deadline, bytes32 partsHash);
    function hashTerms(JobTerms calldata terms) external pure returns (bytes32);
    function domainSeparator() external view returns (bytes32);
    function paused() external view returns (bool);
}
