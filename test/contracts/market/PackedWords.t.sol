// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HeadWords, Limits, Shape} from "../../../contracts/market/HeadWords.sol";
import {Bounds, Holder, PartiesWords} from "../../../contracts/market/PartiesWords.sol";
import {PastUse, PastUseWord} from "../../../contracts/market/PastUse.sol";
import {Earning, Outcome, ProposalWords} from "../../../contracts/market/ProposalWords.sol";
import {Progress, RoundsWord} from "../../../contracts/market/RoundsWord.sol";

/// @notice What is packed into a word is read back from it, and no field touches another; bits beyond the fields are 0.
contract PackedWordsTest {
    struct Seats {
        address buyer;
        uint16 rounds;
        uint8 contributors;
        uint8 k;
        uint8 m;
        uint8 t;
        bool fullSetOnly;
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Shape(Seats calldata s) public pure {
        Shape word = HeadWords.packShape(s.buyer, s.rounds, s.contributors, s.k, s.m, s.t, s.fullSetOnly);
        require(word.buyer() == s.buyer && word.rounds() == s.rounds && word.contributors() == s.contributors, "terms");
        require(word.k() == s.k && word.m() == s.m && word.t() == s.t && word.fullSetOnly() == s.fullSetOnly, "seats");
        require(Shape.unwrap(word) >> 216 == 0, "beyond");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Limits(uint128 escrow, uint32 round, uint32 propose, uint32 challenge) public pure {
        Limits word = HeadWords.packLimits(escrow, round, propose, challenge);
        require(word.escrow() == escrow && word.roundSeconds() == round, "escrow, round");
        require(word.proposeSeconds() == propose && word.challengeSeconds() == challenge, "propose, challenge");
        require(Limits.unwrap(word) >> 224 == 0, "beyond");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Bounds(uint32 buyerGroup, uint32 evaluatorGroup, uint8 minimumCohort, uint64 beaconRound) public pure {
        Bounds word = PartiesWords.packBounds(buyerGroup, evaluatorGroup, minimumCohort, beaconRound);
        require(word.buyerGroup() == buyerGroup && word.evaluatorGroup() == evaluatorGroup, "groups");
        require(word.minimumCohort() == minimumCohort && word.beaconRound() == beaconRound, "cohort, round");
        require(Bounds.unwrap(word) >> 136 == 0, "beyond");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Holder(address account, uint32 group, uint32 consents) public pure {
        Holder word = PartiesWords.packHolder(account, group, consents);
        require(word.account() == account && word.group() == group, "account, group");
        require(uint32(Holder.unwrap(word)) == consents && Holder.unwrap(word) >> 224 == 0, "consents, beyond");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Outcome(uint8 kind, uint64 signers, uint128 excess) public pure {
        Outcome word = ProposalWords.packOutcome(kind, signers, excess);
        require(word.kind() == kind && word.signers() == signers && word.excess() == excess, "fields");
        require(Outcome.unwrap(word) >> 200 == 0, "beyond");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Earning(uint128 amount, uint32 share) public pure {
        Earning word = Earning.wrap(ProposalWords.packEarning(amount, share));
        require(word.amount() == amount && word.share() == share && Earning.unwrap(word) >> 160 == 0, "fields");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_Progress(uint152 kin, uint64 cohort, uint16 certified, uint16 completed, uint8 reason) public pure {
        Progress word = RoundsWord.packProgress(kin, cohort, certified, completed, reason);
        require(word.kin() == kin && word.cohort() == cohort && word.certified() == certified, "kin, cohort, certified");
        require(word.completed() == completed && word.reason() == reason, "completed, reason");
    }

    /// hardhat-config: fuzz.runs = 500
    function testFuzz_PastUse(uint144 cohort, uint32 fewest, uint32 most, uint48 root) public pure {
        PastUse word = PastUseWord.pack(cohort, fewest, most, root);
        require(word.cohort() == cohort && word.root() == root, "cohort, root");
        require(word.fewest() == fewest && word.most() == most, "rows");
    }

    /// @notice What is kept of a hash fits its field, and hashes that differ there are told apart.
    /// hardhat-config: fuzz.runs = 500
    function testFuzz_HashBits(bytes32 hash, bytes calldata groups) public pure {
        require(PastUseWord.cohortBits(hash) == uint144(bytes18(hash)), "first 144 bits");
        require(PastUseWord.rootBits(hash) == uint48(bytes6(hash)), "first 48 bits");
        uint256 kin = RoundsWord.kinOf(groups);
        require(groups.length == 0 ? kin == 0 : kin == uint152(bytes19(keccak256(groups))), "first 152 bits");
    }

    function test_GroupsThatAllDifferHaveNoKin() public pure {
        require(RoundsWord.kinOf("") == 0, "none");
    }
}
