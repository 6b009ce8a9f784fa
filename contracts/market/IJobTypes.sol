// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Limits, Shape} from "./HeadWords.sol";
import {Bounds, Holder} from "./PartiesWords.sol";
import {Earning, Outcome} from "./ProposalWords.sol";
import {Progress} from "./RoundsWord.sol";

/// @title IJobTypes
/// @notice Structs, events and errors of jobs, as the market and its halves share them.
interface IJobTypes {
    enum State {
        None,
        Open,
        Seating,
        Running,
        Finished,
        Proposed,
        Disputed,
        Settled,
        Failed,
        Cancelled
    }

    enum Aggregation {
        Clear,
        Shares,
        Encrypted
    }

    enum FinishReason {
        Complete,
        Plateau,
        Absent
    }

    enum ResultKind {
        Exact,
        Projected,
        ByWeight
    }

    enum ChallengeKind {
        Transcript,
        Sum,
        Valuation,
        Withheld,
        Equivocation
    }

    /// @notice What the contract enforces of a job (EIP-712 struct). Its hash is what acceptances and results sign.
    /// @param specHash keccak256 of the canonical JSON of the job specification
    /// @param noiseMilli noise multiplier z × 1000; 0 = no noise, then only the full accepted set is certified
    /// @param rounds T, round 0 included
    /// @param k seats, @param m signatures needed, @param t may read together, @param f may lie or vanish
    /// @param tier least tier of every contributor
    /// @param base stable minor units paid whatever the utility
    /// @param performance stable minor units paid in proportion to the utility reached
    /// @param oracleFee stable minor units for the whole committee
    /// @param utilityTarget 1e-9 nat: the utility at which performance is paid in full
    /// @param startSeconds from post until `start` is too late
    /// @param evaluator account that delivers the validation rows, and then accepts the job and puts up a bond (the market's deposit)
    ///        at `start`; address(0) = the buyer
    /// @param validationRoot Merkle root of the validation rows (SHA-256)
    /// @param parameters of the model, intercept included: what the rows of a contributor are measured by
    struct JobTerms {
        bytes32 specHash;
        bytes32 codeHash;
        bytes32 validationRoot;
        address evaluator;
        uint16 purpose;
        uint16 legalBasis;
        uint8 aggregation;
        uint32 noiseMilli;
        uint16 rounds;
        uint8 k;
        uint8 m;
        uint8 t;
        uint8 f;
        uint8 tier;
        uint128 base;
        uint128 performance;
        uint128 oracleFee;
        int64 utilityTarget;
        uint32 startSeconds;
        uint32 roundSeconds;
        uint32 proposeSeconds;
        uint32 challengeSeconds;
        uint32 retentionDays;
        uint32 rulesVersion;
        uint32 validationRows;
        uint32 parameters;
        IAssetRegistry.AssetUse[] assets;
    }

    /// @notice `JobTerms` as calls bring them and `JobPosted` tells them; the layout of the words stands in TermsWords.sol.
    /// @dev On the wire an assetId and a price have 64 bits; the registry takes no listing with a price beyond
    ///      (`AssetRegistry_BadListing("price")`).
    struct PackedTerms {
        bytes32 specHash;
        bytes32 codeHash;
        bytes32 validationRoot;
        uint256 roles;
        uint256 pots;
        uint256 charges;
        uint256 windows;
        uint256[] assets;
    }

    /// @notice Part 1, derived from the terms at `post`: what hot calls need of them.
    /// @param shape buyer, rounds, contributors, k, m, t, and fullSetOnly = no noise: only the full accepted set is certified
    /// @param limits escrow (stable minor units: base, performance, oracle fee and prices), roundSeconds, proposeSeconds,
    ///        challengeSeconds
    struct Head {
        bytes32 termsHash;
        Shape shape;
        Limits limits;
    }

    /// @param holder account, group, consents
    /// @param populationId whose budget is spent; 0 in a job without noise, which spends none
    struct Contributor {
        Holder holder;
        bytes32 datasetRoot;
        bytes32 populationId;
    }

    /// @notice Part 2, fixed at `start`.
    /// @param bounds buyerGroup: beneficial owner of the buyer; evaluatorGroup: that of the evaluator, 0 = the buyer delivers the
    ///        validation rows; minimumCohort: groups that a certified set must have at least, the largest of the listings', and never
    ///        below 3 without noise or 2 with it (protocol, section 3); beaconRound: round of the beacon that will draw the committee
    /// @param roster hash of the oracles eligible for the draw
    struct Parties {
        Bounds bounds;
        bytes32 roster;
        Contributor[] contributors;
    }

    /// @notice Part 3, fixed at `seat`: what verifies signatures. The accounts of the seats are brought where they are paid.
    /// @param seatBond stable minor units, taken from each seat's balance until the job is closed
    /// @param accounts keccak256(abi.encode(address[])) of the seats' accounts
    /// @param operators who signs, in seat order
    struct Committee {
        uint128 seatBond;
        bytes32 accounts;
        address[] operators;
    }

    /// @notice Part 4. It exists from `seat` on, with all fields 0 but kin.
    /// @param progress certified: rounds certified so far; cohort: bitmap of the last certified set; completed: tau, rounds whose next
    ///        state is certified, set by `finish`, and so is reason, why training ended. completed = certified, or one less when the
    ///        sums of the last certified round never came: that round is void (not paid), its privacy budget is spent all the same
    ///        kin: 0 when the contributors' groups all differ, else the first 152 bits of keccak256 of one byte for each, the place of
    ///        the first one of its group: what `propose` needs of the parties
    /// @param digest chain over certified sets: digest' = keccak256(abi.encode(digest, EIP-712 struct hash of RoundSet)); starts at 0
    /// @param lastState state hash that `finish` certified
    struct Rounds {
        Progress progress;
        bytes32 digest;
        bytes32 lastState;
    }

    /// @notice Part 5, computed by `propose`.
    /// @param outcome kind; signers: bitmap of the seats whose signatures were brought; excess: stable minor units that the treasury
    ///        gets at `settle`: the protocol's fee on the pot, and what the cap of 3.5 weights cut off
    /// @param earnings of each contributor; amount: stable minor units, its part of base and performance pot, prices are not in it;
    ///        share: parts per billion of all amounts, by largest remainder, sum 1e9 (or all 0 when nothing is paid by share)
    struct Proposal {
        Outcome outcome;
        bytes32 modelRoot;
        bytes32 evidenceRoot;
        bytes32 deliveryRoot;
        Earning[] earnings;
    }

    /// @notice EIP-712, signed by the account (ECDSA or ERC-1271) or its operator. An evaluator's has assetIndex 255.
    struct Acceptance {
        bytes32 jobId;
        bytes32 termsHash;
        uint8 assetIndex;
        uint32 consents;
        uint256 nonce;
        uint64 expiry;
    }

    struct SignedAcceptance {
        uint32 consents;
        uint256 nonce;
        uint64 expiry;
        bytes signature;
    }

    /// @notice EIP-712, signed by oracles' operators. `stateHash` is that of theta_round, which the round starts from.
    struct RoundSet {
        bytes32 jobId;
        uint16 round;
        bytes32 stateHash;
        uint256 bitmap;
        bytes32 dealingsRoot;
    }

    /// @notice EIP-712, exchanged off-chain: theta_round, and the digest of the certified rounds that led to it.
    struct StateAttestation {
        bytes32 jobId;
        uint16 round;
        bytes32 stateHash;
        bytes32 roundsDigest;
    }

    /// @notice EIP-712. `round` = number of rounds completed = index of the last state: the certified ones, or by absence one less.
    struct Finish {
        bytes32 jobId;
        uint16 round;
        bytes32 stateHash;
        uint8 reason;
    }

    /// @notice EIP-712. Utilities, scoreTotal and removed (what the guards took from the scores before they were projected) in 1e-9
    ///         nat; ridgeTerm: kappa of protocol section 6, in 2^-58 nat. Only a projected result has the last two. `wordsHash` = keccak256 of the signer's own valuation words:
    ///         exact: the packed table of 2^n int64 (the same for all); projected: its own words; byWeight: empty bytes.
    struct JobResult {
        bytes32 jobId;
        bytes32 termsHash;
        uint8 kind;
        bytes32 roundsDigest;
        bytes32 modelRoot;
        bytes32 evidenceRoot;
        bytes32 deliveryRoot;
        int64 utilityStart;
        int64 utilityEnd;
        int64 scoreTotal;
        int64 removed;
        int64 ridgeTerm;
        bytes32 wordsHash;
    }

    /// @notice A `JobResult` as `propose` takes it: what the job does not say itself, which are termsHash and roundsDigest, nor the words.
    /// @param figures removed (64 bits from 0) | scoreTotal (64) | utilityEnd (128) | utilityStart (192), each in two's complement
    /// @param rest kind (8 bits from 0) | ridgeTerm (64 from 8, two's complement)
    struct PackedResult {
        bytes32 jobId;
        bytes32 modelRoot;
        bytes32 evidenceRoot;
        bytes32 deliveryRoot;
        uint256 figures;
        uint256 rest;
    }

    /// @notice EIP-712, signed by a seat off-chain: what it says of its shares of a round, for whoever disputes it later.
    /// @param kind 0: its sum over the certified set, 1: its opening of the size H_i[0,0], 2: its opening of the norm, 3: its share of
    ///        the validation key
    /// @param roundsDigest of the rounds certified up to and including this one
    /// @param valuesHash keccak256 of the values as they were sent
    struct ShareStatement {
        bytes32 jobId;
        uint16 round;
        uint8 kind;
        bytes32 roundsDigest;
        bytes32 valuesHash;
    }

    /// @notice Signatures of the seats in `signers` (bit i = seat i), in seat order, 64 bytes each (ERC-2098).
    struct Attestation {
        uint256 signers;
        bytes signatures;
    }

    event JobPosted(bytes32 indexed jobId, address indexed buyer, bytes32 termsHash, PackedTerms terms, uint64 deadline);
    event JobCancelled(bytes32 indexed jobId, uint128 refunded);
    event JobExpired(bytes32 indexed jobId, uint128 refunded);
    event JobStarted(bytes32 indexed jobId, Parties parties, uint64 deadline);
    event JobSeated(bytes32 indexed jobId, Committee committee, address[] accounts, uint64 deadline);
    event RoundCertified(bytes32 indexed jobId, RoundSet set, uint256 signers, bytes32 digest, uint64 deadline);
    event JobFinished(bytes32 indexed jobId, Rounds rounds, uint256 signers, uint64 deadline);
    /// @notice The result and, with its roots, the proposal that follows from it.
    event JobProposed(
        bytes32 indexed jobId,
        PackedResult result,
        bytes32 wordsHash,
        Outcome outcome,
        uint64 deadline,
        Earning[] earnings
    );
    /// @param credits contributors in order, then seats in order, each with stable minor units (128 bits from 0: price and share of the
    ///        pots; a seat's fee, its bond comes back beside it) | incentive token, 18 decimals (128 bits from 128)
    event JobSettled(
        bytes32 indexed jobId, uint128 refunded, uint128 treasury, uint64 firstProof, uint256[] credits
    );
    /// @param credits stable minor units: contributors in order (price, base, forfeited bonds), then seats in order (fee; the bonds
    ///        of those that were ready come back beside it)
    /// @param firstProof 0 when no round was certified: then nothing was appended
    event JobFailed(
        bytes32 indexed jobId, uint16 completed, uint128[] credits, uint128 refunded, uint128 treasury, uint64 firstProof
    );
    event OracleReady(bytes32 indexed jobId, uint8 seat, bytes32 digest);
    /// @param reason first bytes of what `settle` reverted with: the selector of its error
    event SettlementSkipped(bytes32 indexed jobId, bytes4 reason);
    /// @param caseId the regulator's own reference
    event Seized(address indexed account, address indexed to, uint128 stable, bytes32 indexed caseId);
    event AcceptanceCancelled(bytes32 indexed jobId, address indexed account, uint256 nonce);
    event Paused(address indexed caller);
    event Unpaused(address indexed caller);

    error JobMarket_Paused();
    error JobMarket_BadParameter(string field);
    error JobMarket_UnknownJob(bytes32 jobId);
    error JobMarket_AlreadyPosted(bytes32 jobId);
    error JobMarket_WrongState(bytes32 jobId, State had, State needed);
    error JobMarket_PartsMismatch(bytes32 jobId);
    error JobMarket_AccountsMismatch(bytes32 had, bytes32 needed);
    error JobMarket_TermsMismatch(bytes32 had, bytes32 needed);
    error JobMarket_BadTerms(string field);
    error JobMarket_TooLate(bytes32 jobId, uint64 deadline);
    error JobMarket_TooEarly(bytes32 jobId, uint64 allowedAt);
    error JobMarket_NotBuyer(address caller, address buyer);
    error JobMarket_NotActive(address account);
    error JobMarket_MissingRole(address account, uint16 role);
    error JobMarket_TierTooLow(address account, uint8 had, uint8 needed);
    error JobMarket_Conflict(address account, uint32 group);
    error JobMarket_CohortTooSmall(uint256 had, uint256 needed);
    error JobMarket_AcceptanceExpired(address account, uint64 expiry);
    error JobMarket_AcceptanceCancelled(address account, uint256 nonce);
    /// @dev Index 255: the evaluator's.
    error JobMarket_BadAcceptance(uint8 assetIndex, address account);
    error JobMarket_NotAccount(address caller, address account);
    error JobMarket_BadSignature(uint256 seat, address recovered);
    /// @dev A bit beyond the seats, or not 64 bytes of signatures for each bit.
    error JobMarket_BadSigners(uint256 signers, uint256 signatureBytes);
    error JobMarket_TooFewSignatures(uint256 had, uint256 needed);
    error JobMarket_WrongRound(uint16 had, uint16 needed);
    error JobMarket_WrongReason(FinishReason had, uint16 round);
    error JobMarket_NotFullSet(uint256 bitmap);
    /// @dev A smaller set must be a proper, non-empty part of the last cohort.
    error JobMarket_NotSmallerSet(uint256 bitmap, uint256 cohort);
    error JobMarket_BadResult(string field);
    /// @dev The first seat whose word for that contributor is not on the polynomial of the first t + 1 seats.
    error JobMarket_InconsistentWords(uint256 seat, uint256 contributor);
    error JobMarket_TooFewRows(uint8 assetIndex, uint256 had, uint256 needed);
    /// @dev consent: its bit (1 few rows, 2 clear, 4 sums without noise).
    error JobMarket_MissingConsent(uint8 assetIndex, uint32 consent);
    error JobMarket_OtherCohort(uint256 assetId);
    /// @dev needed: rows from which on a larger version is allowed.
    error JobMarket_VersionTooClose(uint256 assetId, uint256 rows, uint256 needed);
    error JobMarket_NotSeat(bytes32 jobId, address caller);
    /// @dev The treasury's and the market's own credit is no participant's.
    error JobMarket_ProtocolAccount(address account);
    error JobMarket_WrongRhoNano(uint8 assetIndex, uint64 had, uint64 needed);
}
