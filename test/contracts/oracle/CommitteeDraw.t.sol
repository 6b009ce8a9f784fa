// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {CommitteeDrawHarness} from "../harness/CommitteeDrawHarness.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice The conflict rules hold of every committee that is drawn, whatever the roster.
contract CommitteeDrawTest {
    uint256 private constant ROSTER = 12;

    CommitteeDrawHarness private _harness = new CommitteeDrawHarness();

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_CommitteesKeepTheRules(
        uint96[12] calldata stakes,
        uint8[12] calldata groups,
        bytes32 seed,
        uint8 t,
        uint16 unable
    ) public view {
        IOracleCommittee.Candidate[] memory roster = _roster(stakes, groups);
        IOracleCommittee.DrawRules memory rules = _rules(t % 4);
        bytes32[] memory seeds = new bytes32[](1);
        seeds[0] = seed;
        try _harness.drawsWithout(roster, "job", seeds, rules, unable) returns (uint256[][] memory picked) {
            _check(roster, rules, picked[0], unable);
        } catch (bytes memory reason) {
            require(bytes4(reason) == IOracleCommittee.OracleCommittee_TooFewEligible.selector, "another error");
            require(_eligible(roster, rules, unable) < rules.k, "too few, where enough could sit");
        }
    }

    /// @notice The hash of a roster is that of its ABI encoding.
    /// hardhat-config: fuzz.runs = 100
    function testFuzz_TheHashIsThatOfTheEncoding(uint96[12] calldata stakes, uint8[12] calldata groups) public view {
        IOracleCommittee.Candidate[] memory roster = _roster(stakes, groups);
        require(_harness.hashOf(roster) == keccak256(abi.encode(roster)), "another hash");
    }

    /// @dev Over many seeds each of two is drawn as its stake says, within four standard deviations.
    function test_StakesAreWeights() public view {
        IOracleCommittee.Candidate[] memory roster = new IOracleCommittee.Candidate[](2);
        roster[0] = IOracleCommittee.Candidate(address(1), address(1), 1, 3e20);
        roster[1] = IOracleCommittee.Candidate(address(2), address(2), 2, 1e20);
        IOracleCommittee.DrawRules memory rules;
        (rules.k, rules.buyerGroup) = (1, 99);
        bytes32[] memory seeds = new bytes32[](1000);
        for (uint256 i = 0; i < seeds.length; i++) {
            seeds[i] = keccak256(abi.encode("seed", i));
        }
        uint256[][] memory picked = _harness.draws(roster, "job", seeds, rules);
        uint256 first = 0;
        for (uint256 i = 0; i < seeds.length; i++) {
            if (picked[i][0] == 0) first++;
        }
        // sqrt(1000 · 3/4 · 1/4) = 13.7.
        require(first > 695 && first < 805, "the draw does not follow the stakes");
    }

    function _check(
        IOracleCommittee.Candidate[] memory roster,
        IOracleCommittee.DrawRules memory rules,
        uint256[] memory picked,
        uint256 unable
    ) private pure {
        require(picked.length == rules.k, "another size");
        uint256 fromContributors = 0;
        for (uint256 i = 0; i < picked.length; i++) {
            IOracleCommittee.Candidate memory seat = roster[picked[i]];
            require((unable >> picked[i]) & 1 == 0 && seat.stake > 0, "sits, and cannot");
            require(seat.group != rules.buyerGroup && seat.group != rules.evaluatorGroup, "a conflict");
            if (_contributes(rules, seat.group)) fromContributors++;
            for (uint256 j = 0; j < i; j++) {
                require(roster[picked[j]].group != seat.group, "two of a group");
            }
        }
        require(fromContributors <= rules.t, "more than t of contributors");
    }

    /// @dev Groups that could fill a seat at most: contributors' up to t.
    function _eligible(IOracleCommittee.Candidate[] memory roster, IOracleCommittee.DrawRules memory rules, uint256 unable)
        private
        pure
        returns (uint256 seats)
    {
        (uint256 groups, uint256 fromContributors) = (0, 0);
        for (uint256 i = 0; i < ROSTER; i++) {
            uint32 group = roster[i].group;
            if (roster[i].stake == 0 || (unable >> i) & 1 == 1 || (groups >> group) & 1 == 1) continue;
            if (group == rules.buyerGroup || group == rules.evaluatorGroup) continue;
            if (_contributes(rules, group) && fromContributors++ >= rules.t) continue;
            groups |= 1 << group;
            seats++;
        }
    }

    function _contributes(IOracleCommittee.DrawRules memory rules, uint32 group) private pure returns (bool) {
        for (uint256 i = 0; i < rules.contributorGroups.length; i++) {
            if (rules.contributorGroups[i] == group) return true;
        }
        return false;
    }

    function _rules(uint8 t) private pure returns (IOracleCommittee.DrawRules memory rules) {
        (rules.k, rules.t, rules.buyerGroup, rules.evaluatorGroup) = (4, t, 1, 2);
        rules.contributorGroups = new uint32[](3);
        (rules.contributorGroups[0], rules.contributorGroups[1], rules.contributorGroups[2]) = (3, 4, 5);
    }

    function _roster(uint96[12] calldata stakes, uint8[12] calldata groups)
        private
        pure
        returns (IOracleCommittee.Candidate[] memory roster)
    {
        roster = new IOracleCommittee.Candidate[](ROSTER);
        for (uint256 i = 0; i < ROSTER; i++) {
            address account = address(uint160(i + 1));
            roster[i] = IOracleCommittee.Candidate(account, account, groups[i] % 10, stakes[i] % 3 == 0 ? 0 : stakes[i]);
        }
    }
}
