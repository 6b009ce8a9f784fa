// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {IDisputeTypes} from "./IDisputeTypes.sol";

/// @title IJobMarket
/// @notice The job state machine. One storage slot a job holds state, deadline and a hash of five parts:
///         head (terms), parties, committee, rounds, proposal. Callers bring the parts that they need, and the hashes of
///         the others, as calldata; every part can be rebuilt from the events.
/// @dev slot = flag (1 bit: a seat said that it was ready; before `start`: an acceptance was cancelled) | state (7 bits) |
///      deadline (48 bits, seconds) | first 200 bits of
///      keccak256(abi.encode(headHash, partiesHash, committeeHash, roundsHash, proposalHash)); a part that does not exist
///      yet counts as bytes32(0); a part's hash is keccak256(abi.encode(part)).
interface IJobMarket is IDisputeTypes {
    /// @notice Takes escrow and deposit from the caller's balance and opens the job. Beside the terms' own rules: the caller has fewer
    ///         jobs open than its tier allows (`Escrow_TooManyOpenJobs`), so that nobody floods nodes with jobs that cost nothing but
    ///         time.
    /// @dev jobId = keccak256(abi.encode(market, buyer, validationRoot)): validation rows serve one job of a buyer and no other, whatever
    ///      becomes of it (`JobMarket_AlreadyPosted`). Other buyers' jobs are not looked at: what they hide of their rows is theirs, and
    ///      the same rows have another root with another salt anyhow.
    function post(PackedTerms calldata terms) external returns (bytes32 jobId);
    function cancel(bytes32 jobId, Head calldata head, PackedTerms calldata terms) external;
    /// @notice Makes an open job binding for everybody: fixes owners, groups and the beacon round, reserves rho, and takes the
    ///         evaluator's bond (the market's deposit) from its balance. All or nothing. Requirements beside those of the listings:
    ///         - rules of the terms' version in force, or retired within the rule book's grace (`RuleBook_NotValid`): what is in force
    ///           when a job is posted may be retired before it starts, and a job that started goes on
    ///         - contributors active, of the tier, of no conflicting group, in at least the minimum of groups
    ///         - weights follow the rows that the listings commit to, within one part per billion: else
    ///           `JobMarket_BadTerms("weight")`
    ///         - without noise, by each contributor: rows of at least max(1000, 20 · parameters), or the consent to few rows
    ///           (`JobMarket_TooFewRows`); the consent to sums without noise, and in the clear that to be read
    ///           (`JobMarket_MissingConsent`)
    ///         - without noise, of each asset: the cohort (set of assets) of its first use (`JobMarket_OtherCohort`), and the dataset
    ///           root of its last use, or rows that differ by max(1000, 20 · parameters) from the most or the fewest that it was ever
    ///           used with (`JobMarket_VersionTooClose`); what that cannot see: rows of two versions that were exchanged one for one
    ///         A job that expires before it is seated used nothing: its cohort is free again unless another job was started with it.
    /// @param listings of the terms' assets, in their order
    /// @param acceptances of the contributors in the same order; with an evaluator one entry more, its own (assetIndex 255)
    function start(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata terms,
        IAssetRegistry.ListingProof[] calldata listings,
        SignedAcceptance[] calldata acceptances
    ) external;
    /// @notice Takes an acceptance back, signed or not yet, also before the job is posted; until it starts. By the account or its operator.
    ///         Emits AcceptanceCancelled. Requirements: `JobMarket_NotAccount`, `JobMarket_WrongState` once the job has started or was
    ///         closed.
    function cancelAcceptance(bytes32 jobId, address account, uint256 nonce) external;
    /// @notice Draws the committee with the value of the beacon round that `start` fixed and takes each seat's bond from its
    ///         balance. Candidates without the balance are not drawn. Stakes are those of the roster at `start`: who left since
    ///         still answers for the exit's delay, and who was slashed since may still sit.
    /// @param candidates the roster whose hash `start` fixed
    function seat(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        IOracleCommittee.Candidate[] calldata candidates
    ) external;
    /// @notice From Open (past its deadline and grace) or Seating: everything back to the buyer, the evaluator's bond to
    ///         it, reservations released.
    function expire(bytes32 jobId, Head calldata head, PackedTerms calldata terms, Parties calldata parties) external;
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
    /// @notice Ends training at the last state that m seats sign. complete: all rounds, plateau: fewer, both the certified ones
    ///         and until the deadline; absent: the next round did not come, or the sums of the last certified one did not (`round` is
    ///         then one less than certified, and at least 1), after the deadline and until the grace is over.
    function finish(
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        Finish calldata finish_,
        Attestation calldata attestation
    ) external;
    /// @notice Computes what each contributor is owed from a result that m seats signed, and opens the window for challenges.
    ///         exact: only with aggregation Clear; scoreTotal is the gain of utility and the table's last value. projected: any
    ///         aggregation; scoreTotal is within max(1% of the gain, 1000) of it (1e-9 nat); each seat signed the result with the hash
    ///         of its own words in `wordsHash`, all other fields alike; the words of all seats brought lie on one polynomial of degree
    ///         t (`JobMarket_InconsistentWords`), whose values at 0 give 1e9·phi_i = 1e9·R_i − p_i·ridgeTerm with
    ///         |sum of 1e9·phi_i − (scoreTotal − removed)·2^58| <= 2^58, the rounding of one unit of 1e-9 nat. byWeight: gain 0, whoever
    ///         owed the validation rows forfeits its deposit or bond at `settle`. What fails is named by `JobMarket_BadResult(field)`.
    ///
    ///         Guards of exact and projected scores, in this order, and what each does not stop:
    ///         - a score beyond ±2 · scoreTotal earns nothing. Not stopped: an explosion below that, and what the other half of a
    ///           pair costs the others: its score is lost to the pot as any negative one
    ///         - members of one group are paid by the sum of their raw scores, scaled down to it, nothing at 0 or below. Not stopped:
    ///           a pair under two groups that the registry does not know to be one owner
    ///         - nobody gets more than floor(3.5 · weight · pot / 1e9) of the pot (base and performance); the excess is the
    ///           treasury's at `settle`. Not stopped: anything below it; with three of equal weight it never binds
    ///         None of them stops an update that is scaled up within the bound on its norm, or copies in other groups.
    ///         With scoreTotal at 0 or below, or no score left above 0, base is paid by weight and no performance.
    ///         `protocolFeeBps` of the pot are the treasury's at `settle`, taken before it is divided, and so is that part of each price.
    /// @param groups of each contributor one byte, the place of the first one of its group; empty when all groups differ. `rounds`
    ///        holds their hash: `JobMarket_BadResult("groups")`
    /// @param words exact: the packed table of 2^n int64, big endian; projected: for each seat among the signers, ascending, n words of
    ///        8 bytes (uint64, big endian, below 2^61 − 1); byWeight: empty
    function propose(
        Head calldata head,
        PackedTerms calldata terms,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        bytes calldata groups,
        PackedResult calldata result,
        bytes calldata words,
        Attestation calldata attestation
    ) external;
    /// @notice Pays what `propose` computed, after the window for challenges. The evaluator gets its bond back; by weight the bond is
    ///         the treasury's instead, or without evaluator the buyer's deposit.
    /// @param accounts the seats' accounts, in seat order
    function settle(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata terms,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        Rounds calldata rounds,
        Proposal calldata proposal
    ) external;
    /// @notice Settles several jobs. One that cannot be settled now is skipped (SettlementSkipped) and stands in no other's way.
    /// @param settlements for each the arguments of `settle`, ABI-encoded
    function settleBatch(bytes[] calldata settlements) external;
    /// @notice Moves a credit inside the market, by the regulator's role: what a token's forced transfer cannot reach. The account may
    ///         be suspended or gone. Jobs under way are not touched: what they pay later can be seized later.
    ///         Emits Seized.
    ///         Requirements: the role (`AccessManagedUnauthorized`); `JobMarket_ProtocolAccount` for the treasury's credit or the
    ///         market as either side; `Escrow_BalanceTooSmall`; `Escrow_ZeroAmount`.
    /// @param to whose credit it becomes; address(0) = the treasury
    /// @param stable minor units; `type(uint128).max` = all
    /// @param caseId the regulator's reference, for the record
    function seize(address account, address to, uint128 stable, bytes32 caseId) external;
    /// @notice From Running or Finished past deadline and grace: closed by fault, from what was certified. The evaluator gets its bond
    ///         back. Seats that were not `ready` lose their bond to the contributors and 10% of their stake to the treasury.
    function fail(
        bytes32 jobId,
        Head calldata head,
        PackedTerms calldata terms,
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
    /// @notice Disputes a proposal within its window (Proposed → Disputed), or joins a dispute within the same window. Each challenge
    ///         puts up max(`challengeBond`, 5% of the escrow) from its balance; one account may bring several kinds, each with a bond.
    ///         The first one fixes the roster and the beacon round of the second committee. What it disputes does not limit what is
    ///         rechecked: the second committee judges the whole result.
    ///         Emits JobChallenged.
    ///         Requirements: caller an active participant or its operator (`JobMarket_NotActive`), of no signer's group
    ///         (`JobMarket_Conflict`: it would buy back a part of its own fine; a member that did not sign, and the buyer, who is hurt by
    ///         an inflated result, may challenge); in time (`JobMarket_TooLate`); at most 16 challenges
    ///         (`JobMarket_TooManyChallenges`); the bond (`Escrow_BalanceTooSmall`).
    /// @param evidenceHash keccak256 of what the challenger shows off-chain; not looked at here
    /// @param accounts of the first committee's seats, in seat order
    function challenge(
        bytes32 jobId,
        ChallengeKind kind,
        bytes32 evidenceHash,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        Proposal calldata proposal
    ) external;
    /// @notice A seat of the first committee (account or operator) states that the evidence of the proposal's `evidenceRoot` can be had
    ///         from it, from the first challenge until the window for the panel's seats ends (the challenge window and
    ///         `seatSeconds`). Verified: who said so, and when. Attested by the panel: that it was so; where it was not, the panel
    ///         cannot recheck and rules NothingValued. When a challenge says `Withheld`, a signer that did not call this counts as
    ///         silent if the proposal is upheld: its bond goes to the contributors, 10% of its stake is slashed, it gets no fee.
    ///         Emits EvidenceServed.
    ///         Requirements: `JobMarket_NotSeat`, `JobMarket_TooLate`.
    function serveEvidence(
        bytes32 jobId,
        Head calldata head,
        bytes32 partiesHash,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        Proposal calldata proposal
    ) external;
    /// @notice Draws the second committee once the window for challenges is over, for `seatSeconds`: up to 2k + 1 oracles of the
    ///         roster that the first challenge fixed, none of a group of the first committee, of the buyer, the evaluator or a
    ///         challenger, at most t of contributors' groups. With fewer than k the adjudicator decides. No bonds: it holds no shares.
    ///         With a beacon whose values pass, somebody has `record`ed the round's.
    ///         Emits PanelSeated or PanelTooSmall.
    ///         Requirements: `JobMarket_TooEarly`, `JobMarket_TooLate`, `JobMarket_PanelSeated`,
    ///         `OracleCommittee_RosterMismatch`, the beacon's value.
    /// @param candidates the roster whose hash the first challenge fixed
    function seatSecond(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        Committee calldata committee,
        address[] calldata accounts,
        bytes32 roundsHash,
        bytes32 proposalHash,
        IOracleCommittee.Candidate[] calldata candidates
    ) external;
    /// @notice Closes the job by a verdict that a majority of the panel signed (half of it and one, and m at least), within
    ///         `verdictSeconds` from its seats.
    ///         - Upheld: settled as proposed. Challengers lose their bonds: a half to the contributors by weight, a quarter to who
    ///           signed the verdict, the rest to the treasury. Who challenged with `Withheld` gets its bond back if a signer did not
    ///           serve.
    ///         - Overturned: settled by the panel's result, with the arithmetic and the guards of `propose`. The bonds of all signers
    ///           of the proposal go to the contributors by weight, their fee to who signed the verdict; half of each signer's stake is
    ///           slashed, a part of it to the challengers in equal parts; these get their bonds back.
    ///         - NothingValued: closed as by `fail` from Finished, with the signers in the place of silent seats; their fee, their stakes
    ///           and the challengers' bonds as when overturned.
    ///         Emits JobRevalued (Overturned), JobSettled or JobFailed, DisputeClosed.
    ///         Requirements: `JobMarket_NoPanel`, `JobMarket_PanelMismatch`, `JobMarket_TooLate`, the signatures,
    ///         `JobMarket_BadVerdict`, and for an overturned result those of `propose`.
    /// @param words exact: the table of `propose`; projected: n scores (IDisputeTypes.Verdict); else empty
    function resolve(
        bytes32 jobId,
        DisputedJob calldata job,
        Panel calldata panel,
        Verdict calldata verdict,
        bytes calldata words,
        Attestation calldata attestation
    ) external;
    /// @notice The adjudicator's role closes a dispute by its own verdict, once the panel's time is over with the grace (not seated, too
    ///         few, or no verdict), for `adjudicationSeconds`. As `resolve`, but the panel's part is the treasury's.
    ///         Requirements: the role (`AccessManagedUnauthorized`), `JobMarket_TooEarly`, `JobMarket_TooLate`.
    /// @param panel that was seated, of which silent seats lose 10% of their stake; an empty one where none was
    function adjudicate(
        bytes32 jobId,
        DisputedJob calldata job,
        Panel calldata panel,
        Verdict calldata verdict,
        bytes calldata words
    ) external;
    /// @notice Anyone closes a dispute that nobody decided, once the adjudicator's time is over with the grace: settled as proposed, all
    ///         bonds return, nobody is slashed but silent seats of the panel (10% of the stake).
    ///         Emits JobSettled, DisputeClosed.
    ///         Requirements: `JobMarket_TooEarly`.
    /// @param panel as in `adjudicate`
    function closeDispute(bytes32 jobId, DisputedJob calldata job, Panel calldata panel) external;
    /// @notice A seat of the panel (account or operator) says, before the panel's deadline, that it has a verdict with `digest`. Where
    ///         no verdict comes, who said nothing counts as silent.
    ///         Emits PanelReady.
    ///         Requirements: `JobMarket_NoPanel`, `JobMarket_PanelMismatch`, `JobMarket_TooLate`, `JobMarket_NotSeat`.
    function readySecond(bytes32 jobId, Panel calldata panel, bytes32 digest) external;
    /// @notice Two statements of one kind, about the same and different, each signed by one operator over this market's domain: its
    ///         oracle loses the whole stake, pending exits too; the caller gets a part. No dispute is needed, and no seat.
    ///         RoundSet is not among them: the chain settles which of two counts.
    ///         Emits EquivocationProven.
    ///         Requirements: `JobMarket_NoEquivocation` with what is wrong: length, subject, digest, signature, operator, known (this
    ///         oracle paid for a contradiction about the same already).
    /// @param first fields of the struct as EIP-712 encodes them, 32 bytes each, without its type
    /// @param firstSignature 64 bytes (ERC-2098)
    function reportEquivocation(
        StatementKind kind,
        bytes calldata first,
        bytes calldata second,
        bytes calldata firstSignature,
        bytes calldata secondSignature
    ) external;
    /// @notice Puts a halt of the chain on record: two headers that follow each other more than `haltGap` seconds apart. Every window
    ///         that was open when it began, to the second, ends later by its length; one that was opened by a later block does not.
    ///         In time while the second header's hash is known (256 blocks); until then, or when the halt outlasts window and grace, an
    ///         exit may come first: the first block after a halt cannot hold this call.
    ///         Emits HaltRecorded.
    ///         Requirements: `JobMarket_BadHeader` with what is wrong: header, blockhash, parentHash, parentHeader;
    ///         `JobMarket_NoHalt`; `JobMarket_HaltKnown`.
    /// @param parentHeader RLP as the chain hashes it. QBFT and IBFT leave the committed seals out of extraData for the hash, QBFT the
    ///        round too: bring the header in that form. Nothing is read of extraData.
    function recordHalt(bytes calldata parentHeader, bytes calldata header) external;
    /// @notice Guardian only: stops post and start, never what closes an open job.
    function pause() external;
    function unpause() external;

    function jobOf(bytes32 jobId) external view returns (State state, uint64 deadline, bytes32 partsHash);
    function hashTerms(PackedTerms calldata terms) external pure returns (bytes32);
    function domainSeparator() external view returns (bytes32);
    function paused() external view returns (bool);
    /// @return how many jobs of the buyer are not closed
    function openJobsOf(address buyer) external view returns (uint256);
}
