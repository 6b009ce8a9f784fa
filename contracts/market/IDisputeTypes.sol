// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";

/// @title IDisputeTypes
/// @notice Structs, events and errors of disputes (protocol, section 8) and of halts of the chain.
interface IDisputeTypes is IJobTypes {
    /// @notice How a dispute ended. Undecided: nobody answered, the proposal stands. NothingValued: the result cannot stand and no
    ///         other can be computed (the evidence is not to be had): the job is closed as by `fail`.
    enum Ruling {
        Undecided,
        Upheld,
        Overturned,
        NothingValued
    }

    /// @notice What an operator states, and must not state twice with different contents for what comes first in the struct:
    ///         ShareStatement: job, round and kind of share. State (`StateAttestation`): job and round. Result (`JobResult`, which
    ///         holds the hash of the seat's words): job.
    enum StatementKind {
        ShareStatement,
        State,
        Result
    }

    /// @notice The second committee: who is paid and who signs, in seat order.
    struct Panel {
        address[] accounts;
        address[] operators;
    }

    /// @notice EIP-712, signed by the operators of the panel; sent unsigned by the adjudicator.
    /// @param proposalHash keccak256(abi.encode(Proposal)) of the proposal that was judged
    /// @param ruling Upheld, Overturned or NothingValued
    /// @param result names the job. Overturned: the panel's own result, of the same rules as in `propose` but for the words and
    ///        ridgeTerm, which is 0. Projected: the words are the score of each contributor in 1e-9 nat (int64, big endian, 8 bytes
    ///        each), because the panel holds no shares; their sum is scoreTotal − removed within one unit for each. Else all
    ///        other fields are 0 by convention; nothing depends on them.
    struct Verdict {
        bytes32 proposalHash;
        uint8 ruling;
        JobResult result;
    }

    /// @notice A disputed job as callers bring it to close it.
    /// @param accounts of the first committee's seats, in seat order
    /// @param groups as in `propose`
    struct DisputedJob {
        Head head;
        PackedTerms terms;
        Parties parties;
        Committee committee;
        address[] accounts;
        Rounds rounds;
        Proposal proposal;
        bytes groups;
    }

    /// @param account that put up the bond (stable minor units)
    /// @param evidenceHash keccak256 of what the challenger shows, kept off-chain
    /// @param openUntil end of the window for challenges, seconds; the panel is drawn after it, until `deadline`
    /// @param beaconRound round of the beacon that draws the panel from `roster`
    event JobChallenged(
        bytes32 indexed jobId,
        address indexed account,
        ChallengeKind kind,
        bytes32 evidenceHash,
        uint128 bond,
        uint64 openUntil,
        uint64 deadline,
        uint64 beaconRound,
        bytes32 roster
    );
    event EvidenceServed(bytes32 indexed jobId, uint8 seat, bytes32 evidenceRoot);
    /// @param deadline until which the panel's verdict counts, seconds
    event PanelSeated(bytes32 indexed jobId, Panel panel, uint64 deadline);
    /// @param seated how many could sit, of which k are needed: the adjudicator decides
    event PanelTooSmall(bytes32 indexed jobId, uint256 seated, uint64 deadline);
    /// @notice The panel's result takes the place of the proposal's, and JobSettled follows with what it pays.
    event JobRevalued(bytes32 indexed jobId, JobResult result, Proposal proposal);
    /// @notice How a dispute ended; JobSettled or JobFailed of the same job is emitted in the same call.
    /// @param answered bitmap of the panel's seats that signed the verdict; 0 without one or by the adjudicator
    /// @param penalised bitmap of the first committee's seats that lost their bond
    /// @param shares stable minor units of each contributor out of lost bonds, beside what JobSettled credits; of a job that failed
    ///        seats' bonds are in JobFailed's credits and the challengers' are here
    /// @param panelPay stable minor units for each seat in `answered`
    /// @param remainder of bonds and fees, the treasury's
    /// @param refunded bitmap of the challenges, in order, whose bond went back
    event DisputeClosed(
        bytes32 indexed jobId,
        Ruling ruling,
        uint256 answered,
        uint256 penalised,
        uint128[] shares,
        uint128 panelPay,
        uint128 remainder,
        uint256 refunded
    );
    /// @notice A seat of the panel said before its deadline that it had a verdict of this digest.
    event PanelReady(bytes32 indexed jobId, uint8 seat, bytes32 digest);
    event EquivocationProven(
        address indexed account, address indexed operator, StatementKind kind, bytes32 jobId, bytes32 first, bytes32 second
    );
    event HaltRecorded(uint64 from, uint64 until, uint64 blockNumber);

    /// @dev As many challenges as one dispute takes.
    error JobMarket_TooManyChallenges(bytes32 jobId, uint256 limit);
    error JobMarket_PanelSeated(bytes32 jobId);
    error JobMarket_NoPanel(bytes32 jobId);
    error JobMarket_PanelMismatch(bytes32 had, bytes32 needed);
    error JobMarket_BadVerdict(string field);
    /// @dev Not two signed statements of one kind and about the same that differ.
    error JobMarket_NoEquivocation(string field);
    error JobMarket_BadHeader(string field);
    error JobMarket_NoHalt(uint256 had, uint256 needed);
    error JobMarket_HaltKnown(uint64 from);
}
