// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IParticipantRegistry as Registry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {ParticipantRegistry} from "../../../contracts/identity/ParticipantRegistry.sol";
import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";
import {IOracleCommittee} from "../../../contracts/oracle/IOracleCommittee.sol";
import {OracleCommittee} from "../../../contracts/oracle/OracleCommittee.sol";
import {IIncentiveToken} from "../../../contracts/tokens/IIncentiveToken.sol";
import {IncentiveToken} from "../../../contracts/tokens/IncentiveToken.sol";
import {IERC7943Fungible} from "../../../contracts/tokens/IERC7943Fungible.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Whom the registry does not admit, what the committee, the tokens and the beacon refuse.
abstract contract ParticipantsRefused is Refusals {
    function test_Admissions() public {
        address fresh = _accounts[People.STRANGER];
        (Registry.Profile memory p, Registry.Contact memory c) = _newcomer();
        _refused(_accounts[0], p, c, abi.encodeWithSelector(Registry.ParticipantRegistry_AlreadyAdmitted.selector, _accounts[0]));
        _refused(address(0), p, c, _badField(address(0), "account"));
        p.status = Registry.Status.Suspended;
        _refused(fresh, p, c, _badField(fresh, "status"));
        (p, c) = _newcomer();
        p.roles = 0;
        _refused(fresh, p, c, _badField(fresh, "roles"));
        (p, c) = _newcomer();
        p.group = 0;
        _refused(fresh, p, c, _badField(fresh, "group"));
        (p, c) = _newcomer();
        p.operator = address(0);
        _refused(fresh, p, c, _badField(fresh, "operator"));
        (p, c) = _newcomer();
        c.encryptionKey = 0;
        _refused(fresh, p, c, _badField(fresh, "encryptionKey"));
        (p, c) = _newcomer();
        p.operator = People.profileOf(0).operator;
        _refused(fresh, p, c, abi.encodeWithSelector(Registry.ParticipantRegistry_OperatorTaken.selector, p.operator, _accounts[0]));
    }

    function test_LegalEntityIdentifiers() public {
        (Registry.Profile memory p, Registry.Contact memory c) = _newcomer();
        bytes20[4] memory wrong = [bytes20("54930000000000000000"), "5493-000000000000000", "5493000000000000000A", "549300000000000000ZZ"];
        for (uint256 i = 0; i < 4; i++) {
            c.lei = wrong[i];
            address fresh = _accounts[People.STRANGER];
            _refused(fresh, p, c, abi.encodeWithSelector(Registry.ParticipantRegistry_BadLei.selector, fresh, wrong[i]));
        }
        // Deutsche Bank's, letters and all.
        c.lei = "7LTWFZYICNSX8D621K86";
        vm.prank(_appointed(REGISTRAR));
        _registry.admit(_accounts[People.STRANGER], p, c);
        require(_registry.contactOf(_accounts[People.STRANGER]).lei == c.lei, "not kept");
        require(_registry.count() == 15 && _registry.accountAt(14) == _accounts[People.STRANGER], "not listed");
        require(_registry.isActive(_accounts[People.STRANGER]), "not active");
    }

    function test_StatusRolesAndKeys() public {
        address stranger = _accounts[People.STRANGER];
        bytes memory unknown = abi.encodeWithSelector(Registry.ParticipantRegistry_UnknownParticipant.selector, stranger);
        _expect(_appointed(SUPERVISOR), address(_registry), abi.encodeCall(Registry.setStatus, (stranger, Registry.Status.Active, uint16(0))), unknown);
        _expect(_appointed(REGISTRAR), address(_registry), abi.encodeCall(Registry.setRoles, (stranger, 1)), unknown);
        _expect(stranger, address(_registry), abi.encodeCall(Registry.promote, (stranger)), unknown);
        bytes memory none = abi.encodeCall(Registry.setStatus, (_accounts[0], Registry.Status.None, uint16(0)));
        bytes4 transition = Registry.ParticipantRegistry_WrongTransition.selector;
        bytes memory refusal = abi.encodeWithSelector(transition, _accounts[0], Registry.Status.Active, Registry.Status.None);
        _expect(_appointed(SUPERVISOR), address(_registry), none, refusal);
        bytes memory notAccount = abi.encodeWithSelector(Registry.ParticipantRegistry_NotAccount.selector, stranger, stranger);
        _expect(stranger, address(_registry), abi.encodeCall(Registry.setKeys, (address(1), "key", "", "")), notAccount);
        _expect(stranger, address(_registry), abi.encodeCall(Registry.leave, ()), notAccount);
        address operator = People.profileOf(0).operator;
        bytes memory noKey = abi.encodeCall(Registry.setKeys, (operator, 0, "", ""));
        _expect(_accounts[0], address(_registry), noKey, _badField(_accounts[0], "encryptionKey"));
        bytes memory token = abi.encodeCall(ParticipantRegistry.setIncentiveToken, (_incentive));
        _expect(address(this), address(_registry), token, abi.encodeWithSelector(ParticipantRegistry.ParticipantRegistry_TokenAlreadySet.selector, _incentive));
    }

    function test_TiersAreEarned() public {
        _incentive.setMinter(address(this), true);
        bytes memory promote = abi.encodeCall(Registry.promote, (_accounts[0]));
        bytes4 notEarned = Registry.ParticipantRegistry_TierNotEarned.selector;
        _expect(address(this), address(_registry), promote, abi.encodeWithSelector(notEarned, _accounts[0], 0, MEMBER_AT));
        _incentive.mintEarned(_accounts[0], MEMBER_AT);
        _registry.promote(_accounts[0]);
        _expect(address(this), address(_registry), promote, abi.encodeWithSelector(notEarned, _accounts[0], MEMBER_AT, 100_000e18));
        vm.warp(block.timestamp + EPOCH_SECONDS);
        _incentive.mintEarned(_accounts[0], 100_000e18);
        _registry.promote(_accounts[0]);
        require(_registry.profileOf(_accounts[0]).tier == Registry.Tier.Core, "earned, and not core");
    }

    function test_StakesAndExits() public {
        address oracle = _accounts[People.FIRST_ORACLE];
        bytes memory stake = abi.encodeCall(IOracleCommittee.stake, (1));
        _expect(_accounts[0], address(_committee), stake, abi.encodeWithSelector(IOracleCommittee.OracleCommittee_NotOracle.selector, _accounts[0]));
        _exit(oracle, 0, abi.encodeWithSelector(IOracleCommittee.OracleCommittee_StakeTooSmall.selector, oracle, MINIMUM_STAKE, 0));
        vm.prank(oracle);
        _committee.requestExit(MINIMUM_STAKE);
        _expect(oracle, address(_committee), stake, abi.encodeWithSelector(IOracleCommittee.OracleCommittee_StakeTooSmall.selector, oracle, 1, MINIMUM_STAKE));
        _exit(oracle, 1, abi.encodeWithSelector(IOracleCommittee.OracleCommittee_ExitPending.selector, oracle));
        bytes memory notReady = abi.encodeWithSelector(IOracleCommittee.OracleCommittee_ExitNotReady.selector, oracle, block.timestamp + EXIT_DELAY);
        _expect(oracle, address(_committee), abi.encodeCall(IOracleCommittee.completeExit, ()), notReady);
        try new OracleCommittee(address(_manager), _registry, _incentive, 0, 1) returns (OracleCommittee) { revert("no minimum"); } catch {}
        try new OracleCommittee(address(_manager), _registry, _incentive, 1, 0) returns (OracleCommittee) { revert("no delay"); } catch {}
        try new OracleCommittee(address(_manager), _registry, _incentive, 1, 366 days) returns (OracleCommittee) { revert("a delay of years"); } catch {}
    }

    function test_BeaconRounds() public {
        uint64 next = _beacon.next();
        bytes memory value = abi.encodeCall(IBeacon.valueOf, (next));
        _expect(address(this), address(_beacon), value, abi.encodeWithSelector(IBeacon.Beacon_NotReady.selector, next));
        vm.roll(next + 1);
        bytes32 kept = _beacon.record(next);
        require(_beacon.record(next) == kept && kept != 0, "another value");
        vm.roll(next + 300);
        require(_beacon.valueOf(next) == kept, "not kept");
        value = abi.encodeCall(IBeacon.valueOf, (next + 1));
        _expect(address(this), address(_beacon), value, abi.encodeWithSelector(IBeacon.Beacon_Lost.selector, next + 1));
    }

    function test_Tokens() public {
        address stranger = _accounts[People.STRANGER];
        bytes memory send = abi.encodeWithSignature("transfer(address,uint256)", stranger, 1);
        _expect(_accounts[0], address(_stable), send, abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, stranger));
        _incentive.setMinter(address(this), true);
        bytes memory mint = abi.encodeCall(IIncentiveToken.mintEarned, (stranger, EPOCH_EMISSION + 1));
        bytes4 exceeded = IIncentiveToken.IncentiveToken_EmissionExceeded.selector;
        _expect(address(this), address(_incentive), mint, abi.encodeWithSelector(exceeded, EPOCH_EMISSION + 1, EPOCH_EMISSION));
        mint = abi.encodeCall(IIncentiveToken.mintEarned, (stranger, 1));
        _expect(stranger, address(_incentive), mint, abi.encodeWithSelector(IIncentiveToken.IncentiveToken_NotMinter.selector, stranger));
        require(_stable.decimals() == 6 && _incentive.nonces(stranger) == 0, "decimals, nonces");
        require(_incentive.clock() == block.timestamp && bytes(_incentive.CLOCK_MODE()).length == 14, "votes count by time");
        address[] memory one = new address[](1);
        try new IncentiveToken(address(_manager), CAP, _schedule(), one, new uint256[](0)) returns (IncentiveToken) { revert("bad genesis"); } catch {}
        try new IncentiveToken(address(_manager), 0, _schedule(), one, new uint256[](1)) returns (IncentiveToken) { revert("no cap"); } catch {}
    }

    function test_Balances() public {
        address who = _accounts[0];
        IEscrow.Credit memory held = _market.creditOf(who);
        _expect(who, address(_market), abi.encodeCall(IEscrow.deposit, (0)), abi.encodeWithSelector(IEscrow.Escrow_ZeroAmount.selector));
        _expect(who, address(_market), abi.encodeCall(IEscrow.withdraw, (0, 0)), abi.encodeWithSelector(IEscrow.Escrow_ZeroAmount.selector));
        bytes4 small = IEscrow.Escrow_BalanceTooSmall.selector;
        _expect(who, address(_market), abi.encodeCall(IEscrow.withdraw, (held.stable + 1, 0)), abi.encodeWithSelector(small, who, held.stable, held.stable + 1));
        _expect(who, address(_market), abi.encodeCall(IEscrow.withdraw, (0, 1)), abi.encodeWithSelector(small, who, 0, 1));
        vm.prank(who);
        _market.withdraw(type(uint128).max, type(uint128).max);
        require(_market.creditOf(who).stable == 0, "not all of it");
    }

    function _exit(address oracle, uint96 amount, bytes memory refusal) private {
        _expect(oracle, address(_committee), abi.encodeCall(IOracleCommittee.requestExit, (amount)), refusal);
    }

    function _newcomer() private pure returns (Registry.Profile memory, Registry.Contact memory) {
        return (People.profileOf(People.STRANGER), People.contactOf(People.STRANGER));
    }

    function _badField(address account, string memory field) private pure returns (bytes memory) {
        return abi.encodeWithSelector(Registry.ParticipantRegistry_BadField.selector, account, field);
    }

    function _refused(address account, Registry.Profile memory p, Registry.Contact memory c, bytes memory refusal) private {
        _expect(_appointed(REGISTRAR), address(_registry), abi.encodeCall(Registry.admit, (account, p, c)), refusal);
    }

    function _schedule() private pure returns (IIncentiveToken.Schedule memory) {
        return IIncentiveToken.Schedule(EPOCH_EMISSION, EPOCH_SECONDS, HALVING_EPOCHS);
    }
}
