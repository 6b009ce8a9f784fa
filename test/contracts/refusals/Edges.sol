// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry as Registry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {IIncentiveToken} from "../../../contracts/tokens/IIncentiveToken.sol";
import {IncentiveToken} from "../../../contracts/tokens/IncentiveToken.sol";
import {Shapley} from "../../../contracts/settlement/Shapley.sol";
import {SettlementHarness} from "../harness/SettlementHarness.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";

/// @notice What the registry, the committee, the incentive token and the arithmetic refuse beside the usual.
abstract contract EdgesRefused is Refusals {
    function test_StandingsHaveReasonsAndKeysHaveProofs() public {
        address who = _accounts[0];
        bytes memory suspend = abi.encodeCall(Registry.setStatus, (who, Registry.Status.Suspended, uint16(0)));
        bytes memory reason = abi.encodeWithSelector(Registry.ParticipantRegistry_BadReason.selector, who, 0);
        _expect(_appointed(SUPERVISOR), address(_registry), suspend, reason);
        bytes memory stays = abi.encodeWithSelector(
            Registry.ParticipantRegistry_WrongTransition.selector, who, Registry.Status.Active, Registry.Status.Active
        );
        _expect(_appointed(REGISTRAR), address(_registry), abi.encodeCall(Registry.readmit, (who)), stays);
        vm.prank(_appointed(SUPERVISOR));
        _registry.setStatus(who, Registry.Status.Suspended, 7);
        require(_registry.standingOf(who).reason == 7, "no reason is kept");
        address key = vm.addr(77);
        bytes memory proof = abi.encodeWithSelector(Registry.ParticipantRegistry_BadOperatorProof.selector, _accounts[1], key);
        _expect(_accounts[1], address(_registry), abi.encodeCall(Registry.setKeys, (key, "key", "", new bytes(65))), proof);
    }

    function test_AnOperatorsKeyIsOneOraclesForEver() public {
        uint256 first = People.FIRST_ORACLE;
        address key = vm.addr(People.operatorKey(first, 0));
        _rotate(first, People.operatorKey(first, 1));
        _rotate(first + 1, People.operatorKey(first, 0));
        bytes memory stake = abi.encodeCall(IOracleCommittee.stake, (MINIMUM_STAKE));
        address second = _accounts[first + 1];
        bytes memory taken =
            abi.encodeWithSelector(IOracleCommittee.OracleCommittee_OperatorTaken.selector, key, _accounts[first]);
        _expect(second, address(_committee), stake, taken);
        require(_committee.accountOfOperator(key) == _accounts[first], "a key was forgotten");
    }

    function test_WhoSlashesAndHowMuch() public {
        address[] memory accounts = new address[](1);
        accounts[0] = _accounts[People.FIRST_ORACLE];
        address[] memory reporters = new address[](1);
        reporters[0] = address(0xBEE);
        bytes memory slash = abi.encodeCall(IOracleCommittee.slash, (accounts, 10_000, reporters, address(this)));
        bytes memory not = abi.encodeWithSelector(IOracleCommittee.OracleCommittee_NotSlasher.selector, address(this));
        _expect(address(this), address(_committee), slash, not);
        _committee.setSlasher(address(this), true);
        require(_committee.isSlasher(address(this)), "not named");
        bytes memory much = abi.encodeCall(IOracleCommittee.slash, (accounts, 10_001, reporters, address(this)));
        bytes memory bad = abi.encodeWithSelector(IOracleCommittee.OracleCommittee_BadParameter.selector, "bps");
        _expect(address(this), address(_committee), much, bad);
        uint256 held = _committee.stakeOf(accounts[0]);
        require(_committee.slash(accounts, 10_000, reporters, address(this)) == held, "another sum");
        require(_committee.rewardOf(reporters[0]) == held * 3 / 10, "another reward");
        // Nothing is left: nobody is rewarded.
        require(_committee.slash(accounts, 10_000, reporters, address(0xCE)) == 0, "twice");
        bytes memory none = abi.encodeWithSelector(IOracleCommittee.OracleCommittee_NoReward.selector, address(0xCE));
        _expect(address(0xCE), address(_committee), abi.encodeCall(IOracleCommittee.claimReward, ()), none);
        vm.prank(reporters[0]);
        _committee.claimReward();
        require(_incentive.balanceOf(reporters[0]) == held * 3 / 10, "not paid out");
        // A vote took its right away: nothing is taken, and whoever calls goes on.
        _committee.setSlasher(address(this), false);
        accounts[0] = _accounts[People.FIRST_ORACLE + 1];
        held = _committee.stakeOf(accounts[0]);
        require(_committee.slash(accounts, 10_000, reporters, address(this)) == 0, "taken");
        require(_committee.stakeOf(accounts[0]) == held && !_committee.isSlasher(address(this)), "taken");
    }

    function test_TheIncentiveTokensScheduleAndCap() public {
        _badSchedule(IIncentiveToken.Schedule(1, 0, 1), "epochSeconds");
        _badSchedule(IIncentiveToken.Schedule(1, 1, 0), "halvingEpochs");
        (address[] memory who, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (who[0], amounts[0]) = (address(this), 11);
        vm.expectRevert(abi.encodeWithSelector(IIncentiveToken.IncentiveToken_CapExceeded.selector, 11, 10));
        new IncentiveToken(address(_manager), 10, IIncentiveToken.Schedule(1, 1, 1), who, amounts);
        IIncentiveToken.Schedule memory schedule = _incentive.schedule();
        require(schedule.initialEmission == EPOCH_EMISSION && schedule.halvingEpochs == HALVING_EPOCHS, "another schedule");
    }

    function test_TablesThatDoNotFitTheirPlayers() public {
        SettlementHarness settlement = new SettlementHarness();
        bytes4 many = Shapley.Shapley_TooManyPlayers.selector;
        _arithmetic(settlement, abi.encodeCall(settlement.weights, ("", 0)), abi.encodeWithSelector(many, 0, 12));
        _arithmetic(settlement, abi.encodeCall(settlement.weights, ("", 13)), abi.encodeWithSelector(many, 13, 12));
        bytes4 table = Shapley.Shapley_BadTable.selector;
        _arithmetic(settlement, abi.encodeCall(settlement.weights, ("", 1)), abi.encodeWithSelector(table, 0, 16));
        _arithmetic(settlement, abi.encodeCall(settlement.valueOf, (new bytes(8), 1)), abi.encodeWithSelector(table, 8, 16));
    }

    function _arithmetic(SettlementHarness settlement, bytes memory call, bytes memory refusal) private {
        _expect(address(this), address(settlement), call, refusal);
    }

    function _badSchedule(IIncentiveToken.Schedule memory schedule, string memory field) private {
        vm.expectRevert(abi.encodeWithSelector(IIncentiveToken.IncentiveToken_BadSchedule.selector, field));
        new IncentiveToken(address(_manager), 1, schedule, new address[](0), new uint256[](0));
    }

    /// @dev The participant names another operator, whose key proves itself.
    function _rotate(uint256 who, uint256 key) private {
        address account = _accounts[who];
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Farshore"),
                keccak256("1"),
                block.chainid,
                address(_registry)
            )
        );
        bytes32 typed = keccak256("OperatorKey(address account,address operator,uint256 nonce)");
        bytes32 named = keccak256(abi.encode(typed, account, vm.addr(key), _registry.keyNonce(account)));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, named)));
        vm.prank(account);
        _registry.setKeys(vm.addr(key), "key", "", abi.encodePacked(r, s, v));
        _committee.refresh(account);
    }
}
