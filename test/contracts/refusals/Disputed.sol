// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {ROLE_ORACLE} from "../../../contracts/identity/Roles.sol";
import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Seals} from "../invariants/world/Seals.sol";
import {Walk} from "./Walk.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice Jobs whose result was challenged, with oracles enough for a second committee: numbers 20 and up.
abstract contract Disputed is Walk {
    using TermsPacking for IJobTypes.JobTerms;

    uint256 private constant FIRST_MORE = 20;
    uint256 internal _more;
    /// The roster that the first challenge fixed, and the second committee, as ABI encoding.
    bytes internal _panelRoster;
    bytes internal _panelSeated;
    uint64 internal _openUntil;
    uint64 internal _panelUntil;
    uint64 internal _beaconRound;

    function _moreOracles(uint256 count) internal {
        for (; count > 0; count--) {
            uint256 who = FIRST_MORE + _more++;
            IParticipantRegistry.Profile memory profile = People.profileOf(who);
            profile.roles = ROLE_ORACLE;
            vm.prank(_appointed(REGISTRAR));
            _registry.admit(_moreAccount(who), profile, People.contactOf(who));
            _keys[profile.operator] = People.operatorKey(who, 0);
            _incentive.transfer(_moreAccount(who), MINIMUM_STAKE);
            vm.prank(_moreAccount(who));
            _incentive.approve(address(_committee), type(uint256).max);
            vm.prank(_moreAccount(who));
            _committee.stake(MINIMUM_STAKE);
        }
    }

    /// @dev A proposed job without noise whose buyer disputes it.
    function _dispute(IJobTypes.ChallengeKind kind) internal returns (Job storage job) {
        job = _to(IJobTypes.State.Proposed);
        _challenge(job, kind, _accounts[job.buyer]);
    }

    function _challenge(Job storage job, IJobTypes.ChallengeKind kind, address by) internal {
        if (job.state == IJobTypes.State.Proposed) {
            (_openUntil, _beaconRound) = (job.deadline, _beacon.next());
            _panelRoster = abi.encode(_committee.roster());
        }
        _done(by, _challengeCall(job, kind));
        job.state = IJobTypes.State.Disputed;
        job.held += _bondOf(job);
    }

    function _challengeCall(Job storage job, IJobTypes.ChallengeKind kind) internal view returns (bytes memory) {
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        return abi.encodeCall(
            IJobMarket.challenge,
            (job.id, kind, "shown", _head(job), keccak256(job.parties), _seats(job), job.seats, keccak256(job.rounds), proposal)
        );
    }

    function _serveCall(Job storage job) internal view returns (bytes memory) {
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        return abi.encodeCall(
            IJobMarket.serveEvidence,
            (job.id, _head(job), keccak256(job.parties), _seats(job), job.seats, keccak256(job.rounds), proposal)
        );
    }

    function _seatSecondCall(Job storage job, bytes memory roster) internal view returns (bytes memory) {
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IOracleCommittee.Candidate[] memory candidates = abi.decode(roster, (IOracleCommittee.Candidate[]));
        return abi.encodeCall(
            IJobMarket.seatSecond,
            (job.id, _head(job), parties, _seats(job), job.seats, keccak256(job.rounds), keccak256(job.proposal), candidates)
        );
    }

    /// @dev Once the window for challenges is over.
    function _seatSecond(Job storage job) internal {
        vm.roll(block.number + 2);
        vm.warp(_openUntil + 1);
        vm.recordLogs();
        _done(address(this), _seatSecondCall(job, _panelRoster));
        IDisputeTypes.Panel memory panel;
        (panel, _panelUntil) = abi.decode(_logged(IDisputeTypes.PanelSeated.selector), (IDisputeTypes.Panel, uint64));
        _panelSeated = abi.encode(panel);
    }

    function _panel() internal view returns (IDisputeTypes.Panel memory panel) {
        if (_panelSeated.length != 0) return abi.decode(_panelSeated, (IDisputeTypes.Panel));
    }

    function _disputed(Job storage job) internal view returns (IDisputeTypes.DisputedJob memory d) {
        IJobTypes.JobTerms memory terms;
        (d.head, terms) = _opened(job);
        d.terms = terms.packed();
        d.parties = abi.decode(job.parties, (IJobTypes.Parties));
        (d.committee, d.accounts) = (_seats(job), job.seats);
        d.rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        d.proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        d.groups = _places(d.parties);
    }

    /// @dev A verdict that overturns nothing: only the job is named.
    function _verdict(Job storage job, IDisputeTypes.Ruling ruling) internal view returns (IDisputeTypes.Verdict memory v) {
        (v.proposalHash, v.ruling, v.result.jobId) = (keccak256(job.proposal), uint8(ruling), job.id);
    }

    /// @dev What the panel values instead, by that kind: `words` as they come with it.
    function _overturning(Job storage job, IJobTypes.ResultKind kind, int64 gain, bytes memory words)
        internal
        view
        returns (IDisputeTypes.Verdict memory v)
    {
        v = _verdict(job, IDisputeTypes.Ruling.Overturned);
        (v.result.termsHash, v.result.kind, v.result.roundsDigest) = (_head(job).termsHash, uint8(kind), job.digest);
        (v.result.utilityStart, v.result.utilityEnd, v.result.scoreTotal) = (-500_000_000, -500_000_000 + gain, gain);
        (v.result.modelRoot, v.result.wordsHash) = ("another model", keccak256(words));
    }

    /// @dev Signed by the first `count` seats of the panel.
    function _resolveCall(Job storage job, IDisputeTypes.Verdict memory v, bytes memory words, uint256 count)
        internal
        view
        returns (bytes memory)
    {
        IDisputeTypes.Panel memory panel = _panel();
        IJobTypes.Attestation memory signed;
        for (uint256 i = 0; i < count; i++) {
            signed.signers |= 1 << i;
            bytes memory signature = Seals.sign(_keys[panel.operators[i]], _domain, Seals.hashOf(v));
            signed.signatures = bytes.concat(signed.signatures, signature);
        }
        return abi.encodeCall(IJobMarket.resolve, (job.id, _disputed(job), panel, v, words, signed));
    }

    /// @dev By a majority of the panel; what was held for the job is in balances afterwards, to the unit.
    function _resolve(Job storage job, IDisputeTypes.Verdict memory v, bytes memory words) internal {
        uint256 count = _panel().accounts.length / 2 + 1;
        uint256 m = _head(job).shape.m();
        _closes(job, address(this), _resolveCall(job, v, words, count > m ? count : m));
    }

    function _closes(Job storage job, address by, bytes memory call) internal {
        uint256 before = _allCredits();
        _done(by, call);
        require(_allCredits() - before == job.held, "the dispute paid out another sum than was held");
    }

    function _done(address by, bytes memory call) internal {
        vm.prank(by);
        (bool done, bytes memory answer) = address(_market).call(call);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    /// @dev 5% of the escrow, or the least bond.
    function _bondOf(Job storage job) internal view returns (uint256) {
        uint256 part = _head(job).limits.escrow() / 20;
        return part > CHALLENGE_BOND ? part : CHALLENGE_BOND;
    }

    function _allCredits() internal view returns (uint256 sum) {
        sum = _credits();
        for (uint256 who = FIRST_MORE; who < FIRST_MORE + _more; who++) {
            sum += _market.creditOf(_moreAccount(who)).stable;
        }
    }

    function _head(Job storage job) internal view returns (IJobTypes.Head memory) {
        return abi.decode(job.head, (IJobTypes.Head));
    }

    function _seats(Job storage job) internal view returns (IJobTypes.Committee memory) {
        return abi.decode(job.committee, (IJobTypes.Committee));
    }

    function _stateOf(Job storage job) internal view returns (IJobTypes.State state) {
        (state,,) = _market.jobOf(job.id);
    }

    function _moreAccount(uint256 who) internal pure returns (address) {
        return vm.addr(People.accountKey(who));
    }
}
