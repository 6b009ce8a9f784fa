// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CommitteeDraw} from "../oracle/CommitteeDraw.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {JobDrawing} from "./JobDrawing.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {MarketParameters} from "./MarketParameters.sol";
import {Progress, RoundsWord} from "./RoundsWord.sol";

/// @title JobSeating
/// @notice The draw of a job's committee and the bonds of its seats.
abstract contract JobSeating is JobDrawing {
    using JobParts for Head;
    using JobParts for Parties;

    uint32 internal immutable _bondFactorBps;
    uint32 internal immutable _seatSeconds;

    constructor(MarketParameters memory parameters) {
        (_bondFactorBps, _seatSeconds) = (parameters.bondFactorBps, parameters.seatSeconds);
    }

    /// @notice See IJobMarket.
    function seat(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        IOracleCommittee.Candidate[] calldata candidates
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), parties.hashOf());
        uint256 due = _load(jobId, State.Seating, parts);
        if (block.timestamp > due) _requireExtended(jobId, due, _seatSeconds);
        Committee memory committee;
        committee.seatBond = uint128(JobMoney.seatBondUp(head, _bondFactorBps));
        uint256 k = head.shape.k();
        address[] memory accounts = new address[](k);
        committee.operators = new address[](k);
        uint32[] memory groups = _groupsOf(parties.contributors);
        _draw(jobId, head, parties, groups, candidates, accounts, committee);
        committee.accounts = keccak256(abi.encode(accounts));

        parts.rounds = JobParts.hashMade(Rounds(_unstarted(groups), 0, 0));
        uint256 deadline = block.timestamp + head.limits.roundSeconds();
        parts.committee = JobEvents.seated(jobId, committee, accounts, deadline);
        _store(jobId, State.Running, deadline, parts);
    }

    /// @dev Draws by the value of the beacon, with the stakes of the roster of the job's start (who left since still answers for the
    ///      exit's delay), and takes the bonds; who cannot pay its own loses the pick. Who withheld its part of the value sits only
    ///      where the others do not suffice: else it would have chosen among two committees for a part of its stake. Fills accounts
    ///      and operators.
    function _draw(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        uint32[] memory groups,
        IOracleCommittee.Candidate[] calldata candidates,
        address[] memory accounts,
        Committee memory committee
    ) private {
        bytes32 brought = CommitteeDraw.hashOf(candidates);
        if (brought != parties.roster) {
            revert IOracleCommittee.OracleCommittee_RosterMismatch(brought, parties.roster);
        }
        (uint64 round, CommitteeDraw.Draw memory draw) =
            (parties.bounds.beaconRound(), CommitteeDraw.open(candidates, _drawRules(head, parties, groups)));
        (bytes32 seed, bool complete) = beacon.seedOf(round);
        (uint256 k, uint256 t, uint128 seatBond) = (accounts.length, head.shape.t(), committee.seatBond);
        for (uint256 seated = 0; seated < k;) {
            if (draw.left == 0 && !complete) {
                complete = true;
                CommitteeDraw.takeBack(draw);
            }
            uint256 index = CommitteeDraw.next(draw, jobId, seed, seated, k);
            IOracleCommittee.Candidate calldata candidate = candidates[index];
            address account = candidate.account;
            if (!complete && !beacon.hasRevealed(round, account)) {
                CommitteeDraw.setAside(draw, index);
                continue;
            }
            if (!_tryDebit(account, seatBond)) {
                CommitteeDraw.skip(draw, index);
                continue;
            }
            CommitteeDraw.seat(draw, index, t);
            (accounts[seated], committee.operators[seated]) = (account, candidate.operator);
            unchecked {
                seated++;
            }
        }
    }

    /// @dev No round yet; which contributors are of one group.
    function _unstarted(uint32[] memory groups) private pure returns (Progress) {
        uint256 n = groups.length;
        bytes memory places = new bytes(n);
        bool differ = true;
        // Assembly: n²/2 comparisons of a job's contributors, of indices that stop at n.
        assembly ("memory-safe") {
            let from := add(groups, 0x20)
            for { let i := 0 } lt(i, n) { i := add(i, 1) } {
                let group := mload(add(from, shl(5, i)))
                let j := 0
                for {} sub(mload(add(from, shl(5, j))), group) {} { j := add(j, 1) }
                mstore8(add(add(places, 0x20), i), j)
                differ := and(differ, eq(i, j))
            }
        }
        return RoundsWord.packProgress(differ ? 0 : RoundsWord.kinOf(places), 0, 0, 0, 0);
    }
}
