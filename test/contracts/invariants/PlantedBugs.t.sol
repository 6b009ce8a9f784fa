// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";
import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {IIncentiveToken} from "../../../contracts/tokens/IIncentiveToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {vm} from "./Cheats.sol";
import {Forgetful, Generous, Leaking, Lenient, Overpaying, Restless, Stubborn} from "./world/PlantedBugs.sol";
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

    function setUp() public {
        _world = new World();
        (_market, _privacy, _usage, _committee, _registry, _incentive) = _world.contracts();
    }

    function test_WithoutABugAllHoldsAndJobsAreSettled() public {
        _walk(400);
        string memory found = _world.all();
        require(bytes(found).length == 0, found);
        require(IUsageLedger(_usage).size() > 20, "hardly a job was closed");
    }

    function test_AWithdrawalThatPaysOneUnitMoreIsCaught() public {
        _plant(_market, address(new Leaking(REAL, IEscrow.withdraw.selector, IERC20(_stable()))));
        _expect("1");
    }

    function test_IncentivesBeyondWhatWasCreditedAreCaught() public {
        _plant(_market, address(new Generous(REAL, IEscrow.withdraw.selector, IIncentiveToken(_incentive))));
        _expect("9");
    }

    function test_ASettlementThatPaysMoreThanThePotIsCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.settle.selector, _treasury(), 1)));
        _expect("settle paid");
    }

    function test_IncentivesBeyondTheEpochAreCaught() public {
        _plant(_market, address(new Overpaying(REAL, IJobMarket.certify.selector, _treasury(), 1e30 << 128)));
        _expect("2");
    }

    function test_AJobThatCanBeSettledAgainIsCaught() public {
        _plant(_market, address(new Forgetful(REAL, IJobMarket.settle.selector, IJobMarket.jobOf.selector, 1, false)));
        _expect("s");
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
        _expect("s");
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
        bytes4[16] memory moves = [
            _world.settle.selector, _world.post.selector, _world.start.selector, _world.certify.selector,
            _world.withdraw.selector, _world.transfer.selector, _world.exit.selector, _world.stake.selector,
            _world.setKeys.selector, _world.forbidden.selector, _world.fail.selector, _world.finish.selector,
            _world.list.selector, _world.propose.selector, _world.seat.selector, _world.cancel.selector
        ];
        uint256 random = uint256(keccak256(abi.encode(i)));
        (bool done,) = address(_world).call(abi.encodeWithSelector(moves[random % 16], random));
        // Some of the moves are refused: as when the fuzzer calls.
        done;
    }

    function _treasury() private pure returns (address) {
        return vm.addr(People.accountKey(People.TREASURY));
    }

    function _stable() private view returns (address) {
        (bool done, bytes memory answer) = _market.staticcall(abi.encodeWithSignature("stableToken()"));
        require(done, "no market");
        return abi.decode(answer, (address));
    }
}
