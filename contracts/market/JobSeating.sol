// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CommitteeDraw} from "../oracle/CommitteeDraw.sol";
import {IOracleCommittee} from "../oracle/IOracleCommittee.sol";
import {JobBase} from "./JobBase.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobMoney} from "./JobMoney.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobSeating
/// @notice The draw of a job's committee and the bonds of its seats.
abstract contract JobSeating is JobBase {
    using JobParts for Head;
    using JobParts for Parties;

    uint32 internal immutable _bondFactorBps;

    constructor(MarketParameters memory parameters) {
        _bondFactorBps = parameters.bondFactorBps;
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
        _requireInTime(jobId, _load(jobId, State.Seating, parts));
        Committee memory committee;
        committee.seatBond = uint128(JobMoney.seatBondUp(head, _bondFactorBps));
        committee.seats = _draw(jobId, head, parties, candidates, committee.seatBond);

        parts.rounds = JobParts.NO_ROUNDS;
        uint256 deadline = block.timestamp + head.roundSeconds;
        parts.committee = JobEvents.seated(jobId, committee, deadline);
        _store(jobId, State.Running, deadline, parts);
    }

    /// @dev Draws by the value of the beacon and takes the bonds.
    function _draw(
        bytes32 jobId,
        Head calldata head,
        Parties calldata parties,
        IOracleCommittee.Candidate[] calldata candidates,
        uint128 seatBond
    ) private returns (IOracleCommittee.Seat[] memory seats) {
        bytes32 brought = CommitteeDraw.hashOf(candidates);
        if (brought != parties.roster) {
            revert IOracleCommittee.OracleCommittee_RosterMismatch(brought, parties.roster);
        }
        IOracleCommittee.DrawRules memory rules = _drawRules(head, parties);
        uint256[] memory weights = _weights(candidates, rules, seatBond, parties.roster);
        bytes32 seed = beacon.valueOf(parties.beaconRound);
        uint256[] memory picked = CommitteeDraw.draw(candidates, weights, jobId, seed, rules);
        seats = new IOracleCommittee.Seat[](picked.length);
        for (uint256 i = 0; i < picked.length; i++) {
            IOracleCommittee.Candidate calldata candidate = candidates[picked[i]];
            (seats[i].account, seats[i].operator) = (candidate.account, candidate.operator);
            _debit(candidate.account, seatBond);
        }
    }

    /// @dev No weight: who cannot pay the bond, who left the roster or lost stake since the job started.
    function _weights(
        IOracleCommittee.Candidate[] calldata candidates,
        IOracleCommittee.DrawRules memory rules,
        uint128 seatBond,
        bytes32 roster
    ) private view returns (uint256[] memory weights) {
        weights = new uint256[](candidates.length);
        for (uint256 i = 0; i < weights.length; i++) {
            uint256 weight = CommitteeDraw.weightOf(candidates[i], rules);
            if (weight != 0 && _creditOf(candidates[i].account).stable >= seatBond) weights[i] = weight;
        }
        if (oracleCommittee.rosterHash() != roster) _dropWhoLeft(candidates, weights);
    }

    function _dropWhoLeft(IOracleCommittee.Candidate[] calldata candidates, uint256[] memory weights) private view {
        address[] memory accounts = new address[](weights.length);
        for (uint256 i = 0; i < accounts.length; i++) {
            accounts[i] = candidates[i].account;
        }
        uint96[] memory stakes = oracleCommittee.standingOf(accounts);
        for (uint256 i = 0; i < stakes.length; i++) {
            if (stakes[i] < weights[i]) weights[i] = 0;
        }
    }

    function _drawRules(Head calldata head, Parties calldata parties)
        private
        pure
        returns (IOracleCommittee.DrawRules memory rules)
    {
        (rules.k, rules.t) = (head.k, head.t);
        (rules.buyerGroup, rules.evaluatorGroup) = (parties.buyerGroup, parties.evaluatorGroup);
        Contributor[] calldata contributors = parties.contributors;
        rules.contributorGroups = new uint32[](contributors.length);
        for (uint256 i = 0; i < contributors.length; i++) {
            rules.contributorGroups[i] = contributors[i].group;
        }
    }
}
