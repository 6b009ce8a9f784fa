// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {RoundsWord} from "../../../../contracts/market/RoundsWord.sol";
import {vm} from "../../invariants/Cheats.sol";
import {Job} from "../../invariants/world/Books.sol";
import {Opening} from "./Opening.sol";
import {People} from "./People.sol";
import {Seals} from "../../invariants/world/Seals.sol";

/// @notice Rounds, who was there, and where training ends.
abstract contract Training is Opening {
    function _certify(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        IJobTypes.RoundSet memory set = _nextSet(job, head, rounds);
        IJobTypes.Attestation memory signed = _attest(job, Seals.hashOf(set), head.shape.m(), head.shape.k());
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        vm.recordLogs();
        _market.certify(head, keccak256(job.parties), committee, rounds, set, signed);
        _certified(job, rounds, set);
        _count("JobMarket.certify");
    }

    function _certifySmaller(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        IJobTypes.RoundSet memory set = _nextSet(job, head, rounds);
        // The lowest of the cohort is missing.
        set.bitmap &= set.bitmap - 1;
        IJobTypes.Attestation memory signed = _attest(job, Seals.hashOf(set), head.shape.m(), head.shape.k());
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        vm.recordLogs();
        _market.certifySmaller(head, parties, committee, rounds, set, signed);
        _certified(job, rounds, set);
        _count("JobMarket.certifySmaller");
    }

    function _finish(Job storage job, uint16 round, IJobTypes.FinishReason reason) internal {
        (IJobTypes.Head memory head, IJobTypes.Rounds memory rounds) = _running(job);
        IJobTypes.Finish memory finish = IJobTypes.Finish(job.id, round, keccak256(abi.encode("state", round)), uint8(reason));
        IJobTypes.Attestation memory signed = _attest(job, Seals.hashOf(finish), head.shape.m(), head.shape.k());
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        vm.recordLogs();
        _market.finish(head, keccak256(job.parties), committee, rounds, finish, signed);
        _finished(job);
        _count("JobMarket.finish");
    }

    function _finished(Job storage job) private {
        (IJobTypes.Rounds memory rounds,, uint64 deadline) =
            abi.decode(_logged(IJobTypes.JobFinished.selector), (IJobTypes.Rounds, uint256, uint64));
        (job.state, job.deadline, job.readySeats) = (IJobTypes.State.Finished, deadline, 0);
        job.rounds = abi.encode(rounds);
        if (rounds.digest != job.digest) _found("finish changed the digest of the rounds");
    }

    function _ready(Job storage job, uint256 seat) internal {
        IJobTypes.Head memory head = abi.decode(job.head, (IJobTypes.Head));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        vm.prank(job.seats[seat]);
        _market.ready(
            job.id, head, keccak256(job.parties), committee, job.seats, keccak256(job.rounds), "there"
        );
        job.readySeats |= 1 << seat;
        _count("JobMarket.ready");
    }

    /// @dev Signatures of `needed` of k seats.
    function _attest(Job storage job, bytes32 structHash, uint256 needed, uint256 k)
        internal
        returns (IJobTypes.Attestation memory signed)
    {
        signed.signers = _signers(needed, k);
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        for (uint256 seat = 0; seat < k; seat++) {
            if ((signed.signers >> seat) & 1 == 0) continue;
            signed.signatures =
                bytes.concat(signed.signatures, Seals.sign(_keys[committee.operators[seat]], _domain, structHash));
        }
    }

    /// @dev All seats but as many as need not sign, the first of them by chance.
    function _signers(uint256 needed, uint256 k) internal returns (uint256 signers) {
        signers = (1 << k) - 1;
        for (uint256 silent = k - needed; silent > 0; silent--) {
            signers &= ~(1 << _draw(k));
        }
        // The same one may have been drawn twice: then more than needed sign.
    }

    function _running(Job storage job) internal view returns (IJobTypes.Head memory, IJobTypes.Rounds memory) {
        return (abi.decode(job.head, (IJobTypes.Head)), abi.decode(job.rounds, (IJobTypes.Rounds)));
    }

    function _nextSet(Job storage job, IJobTypes.Head memory head, IJobTypes.Rounds memory rounds)
        internal
        view
        returns (IJobTypes.RoundSet memory set)
    {
        uint16 round = job.certified;
        uint256 cohort = round == 0 ? (1 << head.shape.contributors()) - 1 : rounds.progress.cohort();
        set = IJobTypes.RoundSet(job.id, round, keccak256(abi.encode("state", round)), cohort, "dealings");
    }

    function _certified(Job storage job, IJobTypes.Rounds memory rounds, IJobTypes.RoundSet memory set) private {
        (,, bytes32 digest, uint64 deadline) =
            abi.decode(_logged(IJobTypes.RoundCertified.selector), (IJobTypes.RoundSet, uint256, bytes32, uint64));
        job.digest = keccak256(abi.encode(job.digest, Seals.hashOf(set)));
        if (digest != job.digest) _found("the digest does not chain over the certified sets");
        job.certified++;
        (job.deadline, job.readySeats) = (deadline, 0);
        rounds.progress = RoundsWord.packProgress(rounds.progress.kin(), set.bitmap, job.certified, 0, 0);
        rounds.digest = digest;
        job.rounds = abi.encode(rounds);
    }
}
