// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {IParticipantRegistry} from "../../../../contracts/identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../../../../contracts/ledger/IPrivacyLedger.sol";
import {IUsageLedger} from "../../../../contracts/ledger/IUsageLedger.sol";
import {IEscrow} from "../../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {IIncentiveToken} from "../../../../contracts/tokens/IIncentiveToken.sol";
import {IStableToken} from "../../../../contracts/tokens/IStableToken.sol";
import {vm} from "../Cheats.sol";
import {Job} from "./Books.sol";
import {OtherMoves} from "./OtherMoves.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";
import {TermsPacking} from "../../harness/TermsPacking.sol";

/// @notice Moves that nobody may make. One that goes through is a fault.
abstract contract ForbiddenMoves is OtherMoves {
    using TermsPacking for IJobTypes.JobTerms;

    /// @dev Whoever calls, but the treasury, which issues the stable token.
    function forbidden(uint256 random) external move(random) {
        address caller = _accounts[_once(4) ? People.STRANGER : _draw(People.TREASURY)];
        uint256 kind = _draw(4);
        if (kind == 0) _restricted(caller);
        else if (kind == 1) _written(caller);
        else if (kind == 2) _tooMuch();
        else if (_jobs.length > 0) _jobs_(_jobs[_draw(_jobs.length)], caller);
    }

    function _refused(address caller, address target, bytes memory data, string memory what) internal {
        vm.prank(caller);
        (bool done,) = target.call(data);
        if (done) _found(what);
        _count("forbidden");
    }

    function _restricted(address caller) private {
        uint256 which = _draw(8);
        if (which == 0) _refused(caller, address(_stable), abi.encodeCall(IStableToken.mint, (caller, 1, "wire")), "minted stable tokens");
        if (which == 1) {
            bytes memory admit = abi.encodeCall(
                IParticipantRegistry.admit, (_accounts[People.STRANGER], People.profileOf(People.EVALUATOR), People.contactOf(People.EVALUATOR))
            );
            _refused(caller, address(_registry), admit, "admitted a participant");
        }
        if (which == 2) _refused(caller, address(_market), abi.encodeCall(IJobMarket.pause, ()), "paused the market");
        if (which == 3) _refused(caller, address(_usage), abi.encodeWithSignature("setWriter(address,bool)", caller, true), "made itself a writer of the log");
        if (which == 4) _refused(caller, address(_privacy), abi.encodeWithSignature("setWriter(address,bool)", caller, true), "made itself a writer of budgets");
        if (which == 5) _refused(caller, address(_incentive), abi.encodeCall(IIncentiveToken.setMinter, (caller, true)), "made itself a minter");
        if (which == 6) _refused(caller, address(_registry), abi.encodeCall(IParticipantRegistry.setRoles, (caller, 63)), "gave itself roles");
        if (which == 7) _refused(caller, address(_stable), abi.encodeCall(IStableToken.setProtocolContract, (caller, true)), "made itself a protocol contract");
    }

    function _written(address caller) private {
        uint256 which = _draw(5);
        IUsageLedger.JobFacts memory facts;
        if (which == 0) _refused(caller, address(_usage), abi.encodeCall(IUsageLedger.append, (facts, new IUsageLedger.AssetFacts[](1))), "wrote to the log");
        if (which == 1) _refused(caller, address(_privacy), abi.encodeCall(IPrivacyLedger.open, ("population", caller, 1)), "opened a population");
        if (which == 2) {
            (bytes32[] memory populations, uint64[] memory amounts) = (new bytes32[](1), new uint64[](1));
            (populations[0], amounts[0]) = (bytes32(uint256(1)), 1);
            _refused(caller, address(_privacy), abi.encodeCall(IPrivacyLedger.close, (populations, amounts, amounts)), "spent a budget");
        }
        if (which == 3) _refused(caller, address(_incentive), abi.encodeCall(IIncentiveToken.mintEarned, (caller, 1)), "minted incentives");
        if (which == 4) _refused(caller, address(_assets), abi.encodeCall(IAssetRegistry.useForJob, (new IAssetRegistry.AssetClaim[](0))), "used assets");
    }

    function _tooMuch() private {
        uint256 who = _draw(People.ALL);
        address caller = _accounts[who];
        uint256 which = _draw(6);
        uint128 held = _market.creditOf(caller).stable;
        if (which == 0) _refused(caller, address(_market), abi.encodeCall(IEscrow.withdraw, (held + 1, 0)), "withdrew more than it had");
        if (which == 1) _refused(caller, address(_committee), abi.encodeCall(IOracleCommittee.requestExit, (_committee.stakeOf(caller) + 1)), "left with more than its stake");
        IOracleCommittee.Exit memory pending = _committee.exitOf(caller);
        if (which == 2 && block.timestamp < pending.availableAt) _refused(caller, address(_committee), abi.encodeCall(IOracleCommittee.completeExit, ()), "left before the delay");
        if (which == 3) _refused(caller, address(_stable), abi.encodeWithSignature("transfer(address,uint256)", _accounts[People.STRANGER], 0), "sent tokens to a stranger");
        uint256 bank = _draw(People.BANKS);
        // Anybody revokes what is of who left.
        bool left = _registry.statusOf(_accounts[People.FIRST_BANK + bank]) == IParticipantRegistry.Status.Left;
        if (who != People.FIRST_BANK + bank && !left) {
            uint256 asset = _holdings[bank][0].assetId;
            if (which == 4) _refused(caller, address(_assets), abi.encodeCall(IAssetRegistry.revoke, (asset)), "revoked another's listing");
            if (which == 5) _refused(caller, address(_assets), abi.encodeWithSignature("transferFrom(address,address,uint256)", _accounts[People.FIRST_BANK + bank], caller, asset), "took another's listing");
        }
    }

    /// @dev Steps out of turn, of an open job or of a closed one.
    function _jobs_(Job storage job, address caller) private {
        IJobTypes.State state = job.state;
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        if (caller != _accounts[job.buyer] || state != IJobTypes.State.Open) {
            _refused(caller, address(_market), abi.encodeCall(IJobMarket.cancel, (job.id, head, terms.packed())), "cancelled a job out of turn");
        }
        if (state == IJobTypes.State.Open || job.parties.length == 0) return;
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        if (state != IJobTypes.State.Seating || block.timestamp <= _endOf(job) + GRACE) {
            _refused(caller, address(_market), abi.encodeCall(IJobMarket.expire, (job.id, head, terms.packed(), parties)), "let a job expire out of turn");
        }
        if (job.committee.length == 0) return;
        _afterSeating(job, head, terms, parties, caller);
    }

    function _afterSeating(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.JobTerms memory terms,
        IJobTypes.Parties memory parties,
        address caller
    ) private {
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        if (block.timestamp <= _endOf(job) + GRACE || job.slotWhenClosed != 0 || job.state >= IJobTypes.State.Proposed) {
            bytes memory fail = abi.encodeCall(
                IJobMarket.fail, (job.id, head, terms.packed(), parties, committee, job.seats, rounds)
            );
            _refused(caller, address(_market), fail, "failed a job out of turn");
        }
        _forged(job, head, committee, rounds, caller);
        if (job.proposal.length == 0 || (job.state == IJobTypes.State.Proposed && block.timestamp > _endOf(job))) return;
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        bytes memory settle = abi.encodeCall(
            IJobMarket.settle, (job.id, head, terms.packed(), parties, committee, job.seats, rounds, proposal)
        );
        _refused(caller, address(_market), settle, "settled a job out of turn");
    }

    /// @dev A round that one seat too few signed, or that one seat signed for another.
    function _forged(
        Job storage job,
        IJobTypes.Head memory head,
        IJobTypes.Committee memory committee,
        IJobTypes.Rounds memory rounds,
        address caller
    ) private {
        IJobTypes.RoundSet memory set = _nextSet(job, head, rounds);
        bytes32 structHash = Seals.hashOf(set);
        bool foreign = _once(2);
        IJobTypes.Attestation memory signed;
        uint256 signatures = foreign ? head.shape.m() : head.shape.m() - 1;
        signed.signers = (1 << signatures) - 1;
        for (uint256 seat = 0; seat < signatures; seat++) {
            uint256 signer = foreign && seat == signatures - 1 ? 0 : seat;
            signed.signatures =
                bytes.concat(signed.signatures, Seals.sign(_keys[committee.operators[signer]], _domain, structHash));
        }
        bytes memory certify =
            abi.encodeCall(IJobMarket.certify, (head, keccak256(job.parties), committee, rounds, set, signed));
        _refused(caller, address(_market), certify, "certified a round without m seats");
    }
}
