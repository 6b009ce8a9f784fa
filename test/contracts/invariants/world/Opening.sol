// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {HeadWords} from "../../../../contracts/market/HeadWords.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {RoundsWord} from "../../../../contracts/market/RoundsWord.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {Cheats, vm} from "../Cheats.sol";
import {Job} from "./Books.sol";
import {Offers} from "./Offers.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";
import {TermsPacking} from "../../harness/TermsPacking.sol";

/// @notice From `post` to a seated committee. Every step reverts as the market does; what it did is in the books afterwards.
abstract contract Opening is Offers {
    using TermsPacking for IJobTypes.JobTerms;
    using TermsPacking for IAssetRegistry.Listing;

    function _post(uint256 buyer) internal {
        (IJobTypes.JobTerms memory terms, uint8[] memory banks) = _offer();
        vm.prank(_accounts[buyer]);
        bytes32 id = _market.post(terms.packed());
        Job storage job = _jobs.push();
        (job.id, job.state, job.deadline) = (id, IJobTypes.State.Open, uint64(block.timestamp + terms.startSeconds));
        (job.terms, job.banks, job.buyer) = (abi.encode(terms), banks, uint8(buyer));
        job.held = _escrowOf(terms) + DEPOSIT;
        job.head = abi.encode(_headOf(terms, buyer));
        for (uint256 i = 0; i < banks.length; i++) {
            job.listings.push(_holdings[banks[i]][0].listing);
        }
        _count("JobMarket.post");
    }

    function _cancel(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        vm.prank(_accounts[job.buyer]);
        _market.cancel(job.id, head, terms.packed());
        _closed(job, IJobTypes.State.Cancelled);
        _count("JobMarket.cancel");
    }

    function _start(Job storage job) internal {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IAssetRegistry.ListingProof[] memory listings = new IAssetRegistry.ListingProof[](terms.assets.length);
        for (uint256 i = 0; i < listings.length; i++) {
            listings[i].listing = abi.decode(job.listings[i], (IAssetRegistry.Listing)).packed();
        }
        IJobTypes.SignedAcceptance[] memory acceptances = _acceptances(job, head.termsHash, terms);
        job.roster = abi.encode(_committee.roster());
        vm.recordLogs();
        _market.start(job.id, head, terms.packed(), listings, acceptances);
        (IJobTypes.Parties memory parties, uint64 deadline) =
            abi.decode(_logged(IJobTypes.JobStarted.selector), (IJobTypes.Parties, uint64));
        (job.state, job.deadline, job.parties) = (IJobTypes.State.Seating, deadline, abi.encode(parties));
        if (terms.evaluator != address(0)) job.held += job.evaluatorBond = DEPOSIT;
        for (uint256 i = 0; i < listings.length; i++) {
            bytes32 population = listings[i].listing.populationId;
            _reserved[population] += terms.assets[i].rhoNano;
            if (!_isWithin(population)) _found("4: rho is reserved beyond all orders' caps");
        }
        if (!_inForce(terms.rulesVersion)) _found("17: a job started under rules that are not in force");
        if (parties.bounds.beaconRound() != _drawn.length + 1) _found("16: a job is bound to a round that is open already");
        _count("JobMarket.start");
    }

    function _seat(Job storage job) internal {
        IJobTypes.Head memory head = abi.decode(job.head, (IJobTypes.Head));
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        vm.recordLogs();
        _market.seat(job.id, head, parties, abi.decode(job.roster, (IOracleCommittee.Candidate[])));
        (IJobTypes.Committee memory committee, address[] memory accounts, uint64 deadline) =
            abi.decode(_logged(IJobTypes.JobSeated.selector), (IJobTypes.Committee, address[], uint64));
        (job.state, job.deadline) = (IJobTypes.State.Running, deadline);
        (job.committee, job.seats) = (abi.encode(committee), accounts);
        uint256 escrow = head.limits.escrow();
        uint256 k = accounts.length;
        // Rounded up for each seat.
        uint256 bond = (escrow * BOND_FACTOR_BPS / 1e4 + k - 1) / k;
        if (bond != committee.seatBond) _found("a seat's bond is not its part of the escrow, rounded up");
        job.held += bond * k;
        job.rounds = abi.encode(IJobTypes.Rounds(RoundsWord.packProgress(_kin(parties), 0, 0, 0, 0), 0, 0));
        _checkSeats(job, _drawn[parties.bounds.beaconRound() - 1], bond);
        _count("JobMarket.seat");
    }

    /// @dev That some order of a population whose orders are capped holds all that is spent and reserved: as long as nobody caps any.
    function _isWithin(bytes32) internal view virtual returns (bool) {
        return true;
    }

    /// @dev From an incomplete round who withheld its part sits only when nobody else can: but for who cannot pay the bond, and for
    ///      the oracle of a bank's owner, of which there may be too many.
    function _checkSeats(Job storage job, Round storage round, uint256 bond) private {
        if (round.revealed == round.expected) return;
        uint256 seated = 0;
        for (uint256 i = 0; i < job.seats.length; i++) {
            seated |= 1 << _numbers[job.seats[i]];
        }
        if (seated & ~round.revealers == 0) return;
        IOracleCommittee.Candidate[] memory list = abi.decode(job.roster, (IOracleCommittee.Candidate[]));
        for (uint256 i = 0; i < list.length; i++) {
            uint256 who = _numbers[list[i].account];
            bool waits = (round.revealers & ~seated) >> who & 1 == 1 && who != People.EVALUATOR - 1;
            if (waits && _market.creditOf(list[i].account).stable >= bond) _found("16: who withheld its part of the seed was drawn");
        }
    }

    function _opened(Job storage job) internal view returns (IJobTypes.Head memory, IJobTypes.JobTerms memory) {
        return (abi.decode(job.head, (IJobTypes.Head)), abi.decode(job.terms, (IJobTypes.JobTerms)));
    }

    /// @dev A job that is over: nothing of it may move any more.
    function _closed(Job storage job, IJobTypes.State state) internal {
        (job.state, job.held, job.evaluatorBond) = (state, 0, 0);
        job.slotWhenClosed = _slotOf(job.id);
        (IJobTypes.State had,,) = _market.jobOf(job.id);
        if (had != state) _found("3: a job that was closed is open");
    }

    function _slotOf(bytes32 id) internal view returns (bytes32) {
        (IJobTypes.State state, uint64 deadline, bytes32 partsHash) = _market.jobOf(id);
        return keccak256(abi.encode(state, deadline, partsHash));
    }

    function _escrowOf(IJobTypes.JobTerms memory terms) internal pure returns (uint256 sum) {
        sum = uint256(terms.base) + terms.performance + terms.oracleFee;
        for (uint256 i = 0; i < terms.assets.length; i++) {
            sum += terms.assets[i].price;
        }
    }

    /// @dev Data of the last event of that kind.
    function _logged(bytes32 topic) internal returns (bytes memory data) {
        bool found;
        (data, found) = _loggedIn(vm.getRecordedLogs(), topic);
        require(found, "no such event");
    }

    function _headOf(IJobTypes.JobTerms memory terms, uint256 buyer) private view returns (IJobTypes.Head memory head) {
        head.termsHash = _market.hashTerms(terms.packed());
        head.shape = HeadWords.packShape(
            _accounts[buyer], terms.rounds, terms.assets.length, terms.k, terms.m, terms.t, terms.noiseMilli == 0
        );
        head.limits = HeadWords.packLimits(
            _escrowOf(terms), terms.roundSeconds, terms.proposeSeconds, terms.challengeSeconds
        );
    }

    function _acceptances(Job storage job, bytes32 termsHash, IJobTypes.JobTerms memory terms)
        private
        view
        returns (IJobTypes.SignedAcceptance[] memory list)
    {
        uint256 n = terms.assets.length;
        bool evaluated = terms.evaluator != address(0);
        list = new IJobTypes.SignedAcceptance[](evaluated ? n + 1 : n);
        for (uint256 i = 0; i < list.length; i++) {
            uint256 who = i < n ? People.FIRST_BANK + job.banks[i] : People.EVALUATOR;
            bytes32 structHash = Seals.hashOf(
                IJobTypes.Acceptance(job.id, termsHash, i < n ? uint8(i) : 255, 6, uint256(termsHash), type(uint64).max)
            );
            list[i] = IJobTypes.SignedAcceptance(
                6, uint256(termsHash), type(uint64).max, Seals.signLong(_signingKey(who), _domain, structHash)
            );
        }
    }

    /// @dev Banks and evaluators sign by their operator's key of today.
    function _signingKey(uint256 who) internal view returns (uint256) {
        return People.operatorKey(who, _eras[who]);
    }

    /// @dev One byte for each contributor, the place of the first of its group; empty when all differ.
    function _places(IJobTypes.Parties memory parties) internal pure returns (bytes memory places) {
        uint256 n = parties.contributors.length;
        bool differ = true;
        places = new bytes(n);
        for (uint256 i = 0; i < n; i++) {
            uint256 j = 0;
            while (parties.contributors[j].holder.group() != parties.contributors[i].holder.group()) j++;
            places[i] = bytes1(uint8(j));
            if (i != j) differ = false;
        }
        return differ ? new bytes(0) : places;
    }

    function _kin(IJobTypes.Parties memory parties) private pure returns (uint256) {
        return RoundsWord.kinOf(_places(parties));
    }

    function _loggedIn(Cheats.Log[] memory logs, bytes32 topic) internal pure returns (bytes memory data, bool found) {
        for (uint256 i = logs.length; i > 0; i--) {
            if (logs[i - 1].topics[0] == topic) return (logs[i - 1].data, true);
        }
    }
}
