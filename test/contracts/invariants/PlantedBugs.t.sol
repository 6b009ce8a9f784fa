// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IRuleBook} from "../../../contracts/governance/IRuleBook.sol";
import {RuleBook} from "../../../contracts/governance/RuleBook.sol";
import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";
import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {CommitRevealBeacon} from "../../../contracts/oracle/CommitRevealBeacon.sol";
import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {IIncentiveToken} from "../../../contracts/tokens/IIncentiveToken.sol";
import {IERC7943Fungible} from "../../../contracts/tokens/IERC7943Fungible.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {vm} from "./Cheats.sol";
import {
    Deaf, Fickle, Forgetful, Forgiving, Generous, Hasty, Leaking, Lenient, Overpaying, Restless, Stubborn, Thawing
} from "./world/PlantedBugs.sol";
import {People} from "./world/People.sol";
import {World} from "./world/World.sol";

/// @notice The check of `invariant_all` on a house with a bug in one of its contracts: it must fail, and say what it is about.
contract PlantedBugsTest {
    address private constant REAL = address(0xC0DE);
    uint256 private constant STEPS = 1200;

    World private _world;
    address private _market;
    address private _privacy;
    address private _usage;
    address private _committee;
    address private _registry;
    address private _incentive;
    address private _stable;
    address private _assets;
    address private _beacon;
    address private _rules;
    address private _constitution;
    bytes4[] private _moves;

    function setUp() public {
        _world = new World();
        (_market, _privacy, _usage, _committee, _registry, _incentive) = _world.contracts();
        _choose();
        (_stable, _assets, _beacon, _rules, _constitution) = _world.others();
    }

    function test_WithoutABugAllHoldsAndJobsAreSettled() public {
        _walk(400);
        string memory found = _world.all();
        require(bytes(found).length == 0, found);
        require(IUsageLedger(_usage).size() > 20, "hardly a job was closed");
    }

    function test_AWithdrawalThatPaysOneUnitMoreIsCaught() public {
        _plant(_market, address(new Leaking(REAL, IEscrow.withdraw.selector, IERC20(_stable))));
        _expect("1");
    }

    function test_IncentivesBeyondWhatWasCreditedAreCaught() public {
        _plant(_market, address(new Generous(REAL, IEscrow.withdraw.selector, IIncentiveToken(_incentive))));
        _expect("9");
    }

    function test_ASettlementThatPaysMoreThanThePotIsCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.settle.selector, _buyer(), 1)));
        _expect("11: settle paid");
    }

    function test_IncentivesBeyondTheEpochAreCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.certify.selector, _buyer(), 1e30 << 128)));
        _expect("2");
    }

    function test_AJobThatCanBeSettledAgainIsCaught() public {
        _plant(_market, address(new Forgetful(REAL, IJobMarket.settle.selector, IJobMarket.jobOf.selector, 1, false)));
        _expect("3: ");
    }

    function test_ABudgetThatIsNotReservedIsCaught() public {
        _plant(_privacy, address(new Lenient(REAL, IPrivacyLedger.reserve.selector)));
        _expect("4");
    }

    function test_ABudgetThatIsSpentTwiceIsCaught() public {
        _plant(_privacy, address(new Lenient(REAL, IPrivacyLedger.close.selector)));
        _expect("s");
    }

    function test_ALogThatForgetsItsSizeIsCaught() public {
        _plant(_usage, address(new Forgetful(REAL, IUsageLedger.append.selector, IUsageLedger.size.selector, 0, false)));
        _expect("5");
    }

    function test_ALogThatAnyoneWritesIsCaught() public {
        _plant(_usage, address(new Lenient(REAL, IUsageLedger.append.selector)));
        _expect("w");
    }

    function test_AnExitThatIsPaidTwiceIsCaught() public {
        bytes4 getter = IOracleCommittee.exitOf.selector;
        _plant(_committee, address(new Forgetful(REAL, IOracleCommittee.completeExit.selector, getter, 2, false)));
        _expect("6");
    }

    function test_AClosedJobThatMovesIsCaught() public {
        _plant(_market, address(new Restless(REAL, IJobMarket.settle.selector, false)));
        _expect("3");
    }

    function test_AnOpenJobWhoseDeadlineMovesIsCaught() public {
        _plant(_market, address(new Restless(REAL, IJobMarket.seat.selector, true)));
        _expect("7");
    }

    function test_ARosterWithAnOldHashIsCaught() public {
        bytes4 getter = IOracleCommittee.rosterHash.selector;
        _plant(_committee, address(new Forgetful(REAL, IOracleCommittee.stake.selector, getter, 0, false)));
        _expect("8");
    }

    function test_AnOperatorWhoseKeyLeadsNowhereIsCaught() public {
        bytes4 getter = IParticipantRegistry.accountOf.selector;
        _plant(_registry, address(new Forgetful(REAL, IParticipantRegistry.setKeys.selector, getter, 1, false)));
        _expect("9");
    }

    function test_ATransferThatMintsIsCaught() public {
        bytes4 getter = IERC20.totalSupply.selector;
        _plant(_incentive, address(new Forgetful(REAL, IERC20.transfer.selector, getter, 0, true)));
        _expect("10");
    }

    function test_AForbiddenMoveThatGoesThroughIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.cancel.selector)));
        _expect("c");
    }

    function test_AClosingThatIsRefusedIsCaught() public {
        _plant(_market, address(new Stubborn(REAL, IJobMarket.settle.selector)));
        _expect("12: settle");
    }

    function test_AVerdictThatPaysMoreThanTheJobHeldIsCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.resolve.selector, _buyer(), 1)));
        _expect("14: a dispute paid another sum");
    }

    function test_AnAdjudicatorThatPaysMoreThanTheJobHeldIsCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.adjudicate.selector, _buyer(), 1)));
        _expect("14: a dispute paid another sum");
    }

    function test_ADisputeThatCanBeRuledAgainIsCaught() public {
        _plant(_market, address(new Forgetful(REAL, IJobMarket.resolve.selector, IJobMarket.jobOf.selector, 1, false)));
        _expect("3: ");
    }

    function test_ABatchThatPaysMoreIsCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.settleBatch.selector, _buyer(), 1)));
        _expect("11: a batch");
    }

    function test_ASignerThatMayChallengeIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.challenge.selector)));
        _expect("14: ");
    }

    function test_APanelThatIsDrawnAgainIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.seatSecond.selector)));
        _expect("14: a panel was drawn");
    }

    function test_AnAdjudicatorThatAnyoneIsIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.adjudicate.selector)));
        _expect("14: ");
    }

    function test_AVerdictThatAMinoritySignsIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.resolve.selector)));
        _expect("14: a minority");
    }

    function test_AVerdictThatIsRefusedIsCaught() public {
        _plant(_market, address(new Stubborn(REAL, IJobMarket.resolve.selector)));
        _expect("12: resolve");
    }

    function test_ADisputeThatNobodyMayCloseIsCaught() public {
        _plant(_market, address(new Stubborn(REAL, IJobMarket.closeDispute.selector)));
        _expect("12: closeDispute");
    }

    function test_AnEquivocationThatIsNoneIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.reportEquivocation.selector)));
        _expect("14: an oracle was slashed");
    }

    function test_ASlashedStakeThatStaysIsCaught() public {
        _plant(_committee, address(new Forgiving(REAL, false)));
        _expect("6");
    }

    function test_ARewardForAFaultThatIsLargerIsCaught() public {
        _plant(_committee, address(new Forgiving(REAL, true)));
        _expect("6");
    }

    function test_AHaltThatMovesNoWindowIsCaught() public {
        _plant(_market, address(new Deaf(REAL, IJobMarket.recordHalt.selector)));
        _expectAny();
    }

    function test_AHaltThatIsNoneIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.recordHalt.selector)));
        _expect("12: a halt");
    }

    function test_ARoundOfTheBeaconThatChangesIsCaught() public {
        _plant(_beacon, address(new Fickle(REAL)));
        _expect("16: ");
    }

    function test_ARoundThatIsOpenedForNothingIsCaught() public {
        _plant(_beacon, address(new Lenient(REAL, CommitRevealBeacon.open.selector)));
        _expect("16: a round was opened");
    }

    function test_APunishmentForNothingIsCaught() public {
        _plant(_beacon, address(new Lenient(REAL, CommitRevealBeacon.punish.selector)));
        _expect("16: who owes nothing");
    }

    function test_AWithholderThatIsDrawnIsCaught() public {
        _plant(_beacon, address(new Deaf(REAL, IBeacon.hasRevealed.selector)));
        _expect("16: who withheld");
    }

    function test_AGuessedPartIsCaught() public {
        _plant(_beacon, address(new Lenient(REAL, CommitRevealBeacon.reveal.selector)));
        _expect("16: a part was revealed");
    }

    function test_AFreezeThatBindsNobodyIsCaught() public {
        _plant(_stable, address(new Thawing(REAL)));
        _expect("15: frozen tokens moved");
    }

    function test_AForcedTransferThatLeavesTheMoneyIsCaught() public {
        bytes4 getter = IERC20.balanceOf.selector;
        _plant(_stable, address(new Forgetful(REAL, IERC7943Fungible.forcedTransfer.selector, getter, 1, false)));
        _expect("15: ");
    }

    function test_ASeizureThatAnyoneMakesIsCaught() public {
        _plant(_market, address(new Lenient(REAL, IJobMarket.seize.selector)));
        _expect("15: ");
    }

    function test_SamplesBeyondAllCapsAreCaught() public {
        _plant(_privacy, address(new Lenient(REAL, IPrivacyLedger.reserveSampled.selector)));
        _expect("4: ");
    }

    function test_ACapOfAnOrderThatRisesIsCaught() public {
        _plant(_privacy, address(new Lenient(REAL, IPrivacyLedger.capOrders.selector)));
        _expect("4: ");
    }

    function test_RulesThatReplaceOthersAreCaught() public {
        bytes4 getter = IRuleBook.latestVersion.selector;
        _plant(_rules, address(new Forgetful(REAL, RuleBook.publish.selector, getter, 0, false)));
        _expect("17: ");
    }

    function test_RulesThatEndInThePastAreCaught() public {
        _plant(_rules, address(new Lenient(REAL, RuleBook.retire.selector)));
        _expect("17: ");
    }

    function test_AVoteWithoutItsDelayIsCaught() public {
        _plant(_constitution, address(new Hasty(REAL)));
        _expect("18: a vote took effect before its time");
    }

    function test_AProposalOfWhatMayNeverChangeIsCaught() public {
        _plant(_constitution, address(new Lenient(REAL, IGovernor.propose.selector)));
        _expect("18: what may never change");
    }

    function test_ADerivedListingThatForgetsItsParentsIsCaught() public {
        _plant(_assets, address(new Lenient(REAL, IAssetRegistry.listDerived.selector)));
        _expect("19: ");
    }

    /// @dev The real code moves to REAL, and the bug stands where it stood, on its storage.
    function _plant(address target, address bug) private {
        vm.etch(REAL, target.code);
        vm.etch(target, bug.code);
    }

    function _expect(bytes memory start) private {
        require(!_run(STEPS), "the planted bug went unseen");
        bytes memory found = bytes(_world.all());
        for (uint256 i = 0; i < start.length; i++) {
            require(found[i] == start[i], string.concat("found something else: ", string(found)));
        }
    }

    function _expectAny() private {
        require(!_run(STEPS), "the planted bug went unseen");
    }

    /// @dev True when nothing was found.
    function _run(uint256 steps) private returns (bool) {
        for (uint256 i = 0; i < steps; i++) {
            _step(i);
            if (bytes(_world.broken()).length > 0) return false;
        }
        return true;
    }

    function _walk(uint256 steps) private {
        for (uint256 i = 0; i < steps; i++) {
            _step(i);
        }
    }

    function _step(uint256 i) private {
        uint256 random = uint256(keccak256(abi.encode(i)));
        (bool done,) = address(_world).call(abi.encodeWithSelector(_moves[random % _moves.length], random));
        // Some of the moves are refused: as when the fuzzer calls.
        done;
    }

    /// @dev What the fuzzer calls, those of jobs, disputes and forbidden moves more often.
    function _choose() private {
        World w = _world;
        _moves = [
            w.settle.selector, w.post.selector, w.start.selector, w.certify.selector, w.withdraw.selector,
            w.transfer.selector, w.exit.selector, w.stake.selector, w.setKeys.selector, w.forbidden.selector, w.forbidden.selector, w.forbidden.selector
        ];
        bytes4[28] memory more = [
            w.fail.selector, w.finish.selector, w.list.selector, w.propose.selector, w.seat.selector, w.cancel.selector,
            w.challenge.selector, w.challenge.selector, w.resolve.selector, w.adjudicate.selector, w.closeDispute.selector,
            w.forbiddenInDisputes.selector, w.forbiddenInDisputes.selector, w.forbiddenByRules.selector,
            w.reportEquivocation.selector, w.punish.selector, w.commit.selector, w.settleBatch.selector, w.recordHalt.selector,
            w.freeze.selector, w.forceTransfer.selector, w.capOrders.selector, w.rules.selector, w.vote.selector,
            w.execute.selector, w.listDerived.selector, w.claim.selector, w.forbidden.selector
        ];
        for (uint256 i = 0; i < more.length; i++) {
            _moves.push(more[i]);
        }
    }

    /// @dev Its credit is one slot; the treasury's are two.
    function _buyer() private pure returns (address) {
        return vm.addr(People.accountKey(0));
    }
}
