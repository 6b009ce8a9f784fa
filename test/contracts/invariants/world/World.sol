// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../../../../contracts/identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../../../../contracts/ledger/IPrivacyLedger.sol";
import {IEscrow} from "../../../../contracts/market/IEscrow.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {Job} from "./Books.sol";
import {ForbiddenRules} from "./ForbiddenRules.sol";
import {People} from "./People.sol";

/// @notice The house with everybody in it, and what must hold of it after any call: test/contracts/invariants.md by number.
contract World is ForbiddenRules {
    /// @notice Where the contracts stand, for what plants a bug there.
    function contracts()
        external
        view
        returns (address market, address privacy, address usage, address committee, address registry, address incentive)
    {
        return (
            address(_market), address(_privacy), address(_usage), address(_committee), address(_registry), address(_incentive)
        );
    }

    function others()
        external
        view
        returns (address stable, address assets, address beacon, address rules_, address constitution_)
    {
        return (address(_stable), address(_assets), address(_beacon), address(_rules), address(_constitution));
    }

    /// @notice What is wrong, the first thing found; empty when all holds. One part of it after each call, the next after the next: what
    ///         is broken stays broken, and `all` looks at everything when a run ends.
    function broken() external view returns (string memory found) {
        if (bytes(_fault).length > 0) return _fault;
        uint256 part = _moves % 6;
        if (part == 0) return money();
        if (part == 1) return bytes(found = closedJobs()).length > 0 ? found : log();
        if (part == 2) return bytes(found = budgets()).length > 0 ? found : supply();
        if (part == 3) return bytes(found = stakes()).length > 0 ? found : states();
        if (part == 4) return bytes(found = roster()).length > 0 ? found : beaconRounds();
        // One participant after the other, too.
        uint256 who = _moves / 6 % People.TREASURY;
        if (bytes(found = keyOf(who)).length > 0) return found;
        return bytes(found = tokensOf(who)).length > 0 ? found : constitution();
    }

    function all() external view returns (string memory found) {
        if (bytes(_fault).length > 0) return _fault;
        if (bytes(found = money()).length > 0) return found;
        if (bytes(found = keys()).length > 0) return found;
        if (bytes(found = beside()).length > 0) return found;
        return constitution();
    }

    /// @notice Everything but money, keys and rules.
    function beside() public view returns (string memory found) {
        if (bytes(found = closedJobs()).length > 0) return found;
        if (bytes(found = budgets()).length > 0) return found;
        if (bytes(found = log()).length > 0) return found;
        if (bytes(found = stakes()).length > 0) return found;
        if (bytes(found = states()).length > 0) return found;
        if (bytes(found = roster()).length > 0) return found;
        if (bytes(found = beaconRounds()).length > 0) return found;
        return supply();
    }

    /// @notice Rules and votes.
    function constitution() public view returns (string memory found) {
        if (bytes(found = ruleVersions()).length > 0) return found;
        return government();
    }

    /// @notice 11. Nothing went through that must not, and nothing was refused that was due.
    function faults() external view returns (string memory) {
        return _fault;
    }

    /// @notice 1. Stable tokens of the market = all credits + what jobs hold = deposits − withdrawals.
    ///         2. Incentives earned = those withdrawn; with the credited ones they stay within the epochs' emission.
    function money() public view returns (string memory) {
        (uint256 credits, uint256 held, uint256 incentives) = (0, 0, 0);
        for (uint256 who = 0; who < People.ALL; who++) {
            IEscrow.Credit memory credit = _market.creditOf(_accounts[who]);
            credits += credit.stable;
            incentives += credit.incentive;
        }
        for (uint256 i = 0; i < _jobs.length; i++) {
            held += _jobs[i].held;
        }
        if (_stable.balanceOf(address(_market)) != credits + held) return "1: the market's tokens are not credits and what jobs hold";
        if (credits + held != _deposited - _withdrawn) return "1: credits and what jobs hold are not deposits less withdrawals";
        if (_stable.totalSupply() != _issued) return "1: stable tokens that were not issued";
        uint256 epochs = block.timestamp / EPOCH_SECONDS - 1_700_000_000 / uint256(EPOCH_SECONDS) + 1;
        return _withdrawnIncentives + incentives > epochs * EPOCH_EMISSION ? "2: more incentives than the epochs emit" : "";
    }

    /// @notice 3. A closed job stays as it was closed.
    function closedJobs() public view returns (string memory) {
        for (uint256 i = 0; i < _jobs.length; i++) {
            Job storage job = _jobs[i];
            if (job.slotWhenClosed != 0 && _slotOf(job.id) != job.slotWhenClosed) return "3: a closed job moved";
        }
        return "";
    }

    /// @notice 4. Of every population: spent + reserved <= cap, each what the jobs add up to.
    function budgets() public view returns (string memory) {
        for (uint256 i = 0; i < _populations.length; i++) {
            bytes32 population = _populations[i];
            IPrivacyLedger.Budget memory budget = _privacy.budgetOf(population);
            if (uint256(budget.spent) + budget.reserved > budget.cap) return "4: a budget is overdrawn";
            if (budget.cap != (_withoutBudget[population] ? 0 : POPULATION_CAP)) return "4: a cap changed";
            if (budget.reserved != _reserved[population] || budget.spent != _spent[population]) {
                return "4: a budget is not what the jobs add up to";
            }
        }
        return sampledBudgets();
    }

    /// @notice 5. The log only grows: its mountains are those of all leaves ever appended, in their order.
    function log() public view returns (string memory) {
        if (_usage.size() != _leaves) return "5: the log has another size";
        bytes32[] memory peaks = _usage.peaks();
        uint256 at = 0;
        for (uint256 height = 32; height > 0; height--) {
            if ((_leaves >> (height - 1)) & 1 == 0) continue;
            if (peaks[at++] != _mountains[height - 1]) return "5: a leaf of the log changed";
        }
        return "";
    }

    /// @notice 6. Everybody's stake, exit and reward are what was staked, asked for, slashed and claimed; the committee's tokens are their
    ///         sum.
    function stakes() public view returns (string memory) {
        uint256 sum = 0;
        for (uint256 who = 0; who < People.ALL; who++) {
            address account = _accounts[who];
            if (_committee.rewardOf(account) != _rewards[who]) return "6: what was slashed went elsewhere than to who it is due to";
            sum += _rewards[who];
            if (who < People.FIRST_ORACLE || who >= People.EVALUATOR) continue;
            if (_committee.stakeOf(account) != _stakes[who]) return "6: a stake came back that was paid out or slashed";
            if (_committee.exitOf(account).stake != _exits[who]) return "6: an exit came back that was paid out or slashed";
            sum += _stakes[who] + _exits[who];
        }
        if (_incentive.balanceOf(address(_committee)) != sum) return "6: the committee's tokens are not stakes, exits and rewards";
        return sum == _stakedIn - _stakedOut - _claimed ? "" : "6: stakes are not what was staked less what was paid out";
    }

    /// @notice 7. An open job is in the state, and has the deadline, of its last step.
    function states() public view returns (string memory) {
        for (uint256 i = 0; i < _jobs.length; i++) {
            Job storage job = _jobs[i];
            if (job.slotWhenClosed != 0) continue;
            (IJobTypes.State state, uint64 deadline,) = _market.jobOf(job.id);
            if (state != job.state || deadline != job.deadline) return "7: a job moved by itself";
        }
        return "";
    }

    /// @notice 8. The roster is hashed as it stands, and names nobody twice or below the minimum stake.
    function roster() public view returns (string memory) {
        IOracleCommittee.Candidate[] memory list = _committee.roster();
        if (_committee.rosterHash() != keccak256(abi.encode(list))) return "8: the roster's hash is not that of the roster";
        for (uint256 i = 0; i < list.length; i++) {
            if (list[i].stake < MINIMUM_STAKE || list[i].stake != _committee.stakeOf(list[i].account)) return "8: a weight is not the stake";
            for (uint256 j = 0; j < i; j++) {
                if (list[j].account == list[i].account) return "8: an oracle is on the roster twice";
            }
        }
        return "";
    }

    /// @notice 9. An operator's key is one participant's, and what it earned is what it withdrew.
    function keys() public view returns (string memory found) {
        for (uint256 who = 0; who < People.TREASURY; who++) {
            if (bytes(found = keyOf(who)).length > 0) return found;
            if (bytes(found = tokensOf(who)).length > 0) return found;
        }
    }

    function keyOf(uint256 who) public view returns (string memory) {
        IParticipantRegistry.Profile memory profile = _registry.profileOf(_accounts[who]);
        if (_registry.accountOf(profile.operator) != _accounts[who]) return "9: an operator's key leads to another account";
        return _incentive.earned(_accounts[who]) == _earned[who] ? "" : "9: incentives earned that were not withdrawn";
    }

    /// @notice 10. Supply of the incentive token <= cap, and all of it genesis or earned.
    function supply() public view returns (string memory) {
        uint256 total = _incentive.totalSupply();
        if (total > CAP) return "10: more incentive tokens than the cap";
        return total == GENESIS + _withdrawnIncentives ? "" : "10: incentive tokens that nobody earned";
    }
}
