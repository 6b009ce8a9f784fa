// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBeacon} from "./IBeacon.sol";

/// @title ICommitRevealBeacon
/// @notice Randomness of the oracles themselves: each committed to a chain of hashes before, one preimage a round.
/// @dev A participant commits to x_0 = keccak256(x_1), x_1 = keccak256(x_2), … and reveals x_j in the j-th round after its commitment. All that
///      goes into a round was fixed before anybody revealed for it, and no job that is bound to it knows more: `next` names a round for
///      which nobody has revealed. The value of a round is the exclusive or of what was revealed, so the order of transactions changes
///      nothing, and one participant that keeps its secret makes it unknown to all others.
///
///      WHAT A WITHHOLDER GAINS. Whoever reveals last sees the value with and without its own part and takes the one that suits it: a choice
///      of 2^a values for a colluding participants. It costs each that withholds a part of its stake, its place here (`punish`), and its own
///      seat: from an incomplete round only those who revealed are drawn, so that one alone gains nothing. What the choice is worth to
///      several is measured by `npm run bench -- beacon`.
///      A round of which half or fewer were revealed has no value (`Beacon_Lost`): its jobs expire, and everybody who owed a part is punished.
interface ICommitRevealBeacon is IBeacon {
    /// @param last what the next preimage must hash to
    /// @param lastRound round that `last` was revealed for, or during which it was committed to
    /// @param endRound last round for which the chain has a preimage; 0 = takes no part
    /// @param commits commitments made so far: tells a participant which of its chains this is
    /// @param number its place among all that ever committed
    struct Participant {
        bytes32 last;
        uint64 lastRound;
        uint64 endRound;
        uint32 commits;
        uint32 number;
    }

    /// @param round that was opened last
    /// @param closesAt seconds since 1970 when it ends at the latest
    /// @param revealed parts so far, @param expected parts that it has when nobody is missing
    /// @param isClosed true once all parts are there or `closesAt` is past
    struct RoundView {
        uint64 round;
        uint64 closesAt;
        uint32 revealed;
        uint32 expected;
        bool isClosed;
    }

    event BeaconCommitted(address indexed account, bytes32 head, uint64 lastRound, uint64 endRound);
    event BeaconOpened(uint64 indexed round, bytes32 indexed jobId, uint32 expected, uint64 closesAt);
    event BeaconRevealed(uint64 indexed round, address indexed account, bytes32 preimage);
    event BeaconPunished(uint64 indexed round, address indexed account, address indexed reporter);
    event BeaconDropped(address indexed account);
    event MarketSet(address indexed market, bool allowed);

    error Beacon_BadParameter(string field);
    error Beacon_NotOracle(address caller);
    error Beacon_BadLength(uint256 had, uint256 most);
    /// @dev The participant owes the round that is open or missed it: it reveals, or is punished, before it commits again.
    error Beacon_Owes(address account, uint64 round);
    error Beacon_NotMarket(address market);
    /// @dev A round is opened for a job that waits for a draw, of its committee or of the one that decides its dispute, and once for each.
    error Beacon_NotSeating(bytes32 jobId);
    error Beacon_JobUsed(bytes32 jobId);
    error Beacon_StillOpen(uint64 round, uint64 closesAt);
    error Beacon_TooFewParticipants(uint256 had, uint256 needed);
    error Beacon_WrongRound(uint64 had, uint64 needed);
    error Beacon_Closed(uint64 round);
    error Beacon_WrongPreimage(address account, uint64 round);
    error Beacon_NotOwed(address account, uint64 round);
    /// @dev It owes an earlier round: that is punished, not made good.
    error Beacon_Missed(address account, uint64 round);
    error Beacon_NoParticipant(address account);
    error Beacon_StillStaked(address account);

    /// @notice Commits the oracle whose account or operator calls to `length` rounds from the next one on. Also instead of a chain that
    ///         is not used up: nobody knows yet what the next round will be.
    /// Requirements: an active oracle on the roster (`Beacon_NotOracle`), `length` from 1 to MAXIMUM_LENGTH (`Beacon_BadLength`), nothing owed
    /// (`Beacon_Owes`).
    /// @param head the hash of the first preimage
    function commit(bytes32 head, uint32 length) external;
    /// @notice Opens the next round, for a job that is to be seated: anyone may call.
    /// Requirements: a market of the house (`Beacon_NotMarket`), a job of it in Seating or Disputed that opened no round in that state (`Beacon_NotSeating`,
    /// `Beacon_JobUsed`), the round before closed (`Beacon_StillOpen`), participants enough (`Beacon_TooFewParticipants`).
    function open(address market, bytes32 jobId) external returns (uint64 round);
    /// @notice Brings a participant's part of the open round; anyone may bring it.
    /// Requirements: the open round (`Beacon_WrongRound`, `Beacon_Closed`), a participant that owes it (`Beacon_NotOwed`) and missed none before
    /// (`Beacon_Missed`), the preimage (`Beacon_WrongPreimage`).
    function reveal(uint64 round, address account, bytes32 preimage) external;
    /// @notice Slashes a participant that did not reveal for the last round, and ends its part here. Anyone may call and is rewarded.
    /// Requirements: that round closed without it (`Beacon_StillOpen`, `Beacon_NotOwed`).
    function punish(address account) external;
    /// @notice Ends the part of who is no oracle on the roster any more and owes nothing: its later rounds are not waited for. Anyone may call.
    /// Requirements: nothing owed (`Beacon_Owes`), rounds left (`Beacon_NoParticipant`), no stake or not active (`Beacon_StillStaked`).
    function drop(address account) external;
    /// @notice Names a market whose jobs may open rounds. Governance only.
    function setMarket(address market, bool allowed) external;

    function participantOf(address account) external view returns (Participant memory);
    /// @notice True while the participant owes a part to the round that was opened last, or to one before.
    function owes(address account) external view returns (bool);
    /// @notice The round that was opened last.
    function current() external view returns (RoundView memory);
    /// @notice Participants of the next round, as things stand.
    function participants() external view returns (uint256);
}
