// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {IParticipantRegistry} from "../../../../contracts/identity/IParticipantRegistry.sol";
import {IEscrow} from "../../../../contracts/market/IEscrow.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {vm} from "../Cheats.sol";
import {Job} from "./Books.sol";
import {People} from "./People.sol";
import {Seals} from "./Seals.sol";
import {Voting} from "./Voting.sol";

/// @notice What the fuzzer calls beside jobs: money, listings, stakes, the registry and the clock.
abstract contract OtherMoves is Voting {
    /// 0 = nobody, else the number of who is suspended + 1.
    uint256 internal _suspended;
    uint256 private _populationsMade;

    function deposit(uint256 random) external move(random) {
        uint256 who = _draw(People.TREASURY);
        uint128 amount = uint128(1 + _draw(1e9));
        if (_once(3)) _issue(who, _draw(1e9));
        if (_once(3)) _depositWithPermit(who, amount);
        else _deposit(who, amount);
    }

    function burn(uint256 random) external move(random) {
        uint256 amount = _draw(1e6);
        uint256 from = _draw(People.TREASURY);
        vm.prank(_accounts[from]);
        _stable.transfer(_accounts[People.TREASURY], amount);
        _sent(from, amount);
        vm.prank(_appointed(ISSUER));
        _stable.burn(amount, _reference());
        _issued -= amount;
        _count("StableToken.burn");
    }

    function _depositWithPermit(uint256 who, uint128 amount) private {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                _accounts[who],
                _market,
                amount,
                _stable.nonces(_accounts[who]),
                block.timestamp
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _stable.DOMAIN_SEPARATOR(), structHash));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(People.accountKey(who), digest);
        vm.prank(_accounts[who]);
        _market.depositWithPermit(amount, block.timestamp, v, r, s);
        // The permit replaced an allowance without end.
        vm.prank(_accounts[who]);
        _stable.approve(address(_market), type(uint256).max);
        _deposited += amount;
        _sent(who, amount);
        _count("JobMarket.depositWithPermit");
    }

    function withdraw(uint256 random) external move(random) {
        uint256 who = _once(4) ? _draw(People.BUYERS) : People.FIRST_BANK + _draw(People.TREASURY - People.FIRST_BANK);
        IEscrow.Credit memory held = _market.creditOf(_accounts[who]);
        uint128 stable = uint128(_draw(uint256(held.stable) / 10 + 1));
        // Who was paid incentives takes them all.
        uint128 incentive = held.incentive;
        if (stable == 0 && incentive == 0) stable = 1;
        vm.prank(_accounts[who]);
        _market.withdraw(stable, incentive);
        _withdrawn += stable;
        _tokens[who] += stable;
        _withdrawnIncentives += incentive;
        _earned[who] += incentive;
        _count("JobMarket.withdraw");
    }

    /// @dev Tokens outside of the market: to another participant, or to the issuer who burns them.
    function transfer(uint256 random) external move(random) {
        (uint256 from, uint256 to) = (_draw(People.TREASURY), _draw(People.TREASURY));
        uint256 amount = _draw(1e6);
        vm.prank(_accounts[from]);
        _stable.transfer(_accounts[to], amount);
        _sent(from, amount);
        _tokens[to] += amount;
        vm.prank(_accounts[from]);
        _incentive.transfer(_accounts[to], _draw(1e18));
        _count("StableToken.transfer");
        _count("IncentiveToken.transfer");
    }

    function list(uint256 random) external move(random) {
        uint256 bank = _draw(People.BANKS);
        bool fresh = _once(2);
        bytes32 population = fresh ? bytes32(100 + _populationsMade) : bytes32(bank + 1);
        _list(bank, population, uint32(1000 + _draw(1e6)));
        if (fresh) _populationsMade++;
    }

    /// @dev What was made from a bank's own data shares their budget; from another's too, it has none and is for its lister alone.
    function listDerived(uint256 random) external move(random) {
        (uint256 bank, uint256 other) = (_draw(People.BANKS), _draw(People.BANKS));
        if (_holdings[bank][0].revoked || _holdings[other][0].revoked) return _advance();
        (uint256 low, uint256 high) = bank < other ? (bank, other) : (other, bank);
        address lister = _accounts[People.FIRST_BANK + bank];
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](bank == other ? 1 : 2);
        bytes32[] memory populations = new bytes32[](parents.length);
        for (uint256 i = 0; i < parents.length; i++) {
            Holding storage holding = _holdings[i == 0 ? low : high][0];
            IAssetRegistry.Listing memory own = abi.decode(holding.listing, (IAssetRegistry.Listing));
            (parents[i], populations[i]) = (IAssetRegistry.Parent(holding.assetId, holding.version, own), holding.population);
        }
        bytes32 population = bank == other ? populations[0] : keccak256(abi.encode(lister, populations));
        IAssetRegistry.Listing memory listing = _listing(population, uint32(1000 + _draw(1e6)), 1);
        if (bank != other) listing.terms.buyersRoot = keccak256(bytes.concat(keccak256(abi.encode(lister))));
        vm.prank(lister);
        uint256 id = _assets.listDerived(IAssetRegistry.Kind.DataProduct, listing.version, listing.terms, parents, "");
        _derived(bank, id, listing, bank != other);
    }

    function _derived(uint256 bank, uint256 id, IAssetRegistry.Listing memory listing, bool withoutBudget) private {
        bytes32 population = listing.version.populationId;
        listing.version.time = uint64(block.timestamp);
        _holdings[bank].push(Holding(id, 1, population, abi.encode(listing), false, false));
        if (withoutBudget && !_withoutBudget[population]) _populations.push(population);
        if (withoutBudget) _withoutBudget[population] = true;
        if (_assets.populationOf(id) != population) _found("19: what is derived has another population than its parents");
        _count("AssetRegistry.listDerived");
    }

    /// @dev The same rows under other terms, or by far more of them: what a cohort without noise allows.
    function revise(uint256 random) external move(random) {
        uint256 bank = _draw(People.BANKS);
        Holding storage holding = _holdings[bank][_draw(_holdings[bank].length)];
        if (holding.revoked || holding.sold) return _advance();
        IAssetRegistry.Listing memory listing = abi.decode(holding.listing, (IAssetRegistry.Listing));
        listing.terms.purposes |= 4;
        if (_once(2)) {
            listing.version.rows += uint32(1000 + _draw(1000));
            listing.version.datasetRoot = keccak256(abi.encode(listing.version.datasetRoot));
        }
        vm.prank(_accounts[People.FIRST_BANK + bank]);
        holding.version = _assets.revise(holding.assetId, listing.version, listing.terms, "");
        listing.version.time = uint64(block.timestamp);
        holding.listing = abi.encode(listing);
        _count("AssetRegistry.revise");
    }

    /// @dev Those that jobs use are spared, but rarely: without them nothing else happens.
    function revoke(uint256 random) external move(random) {
        uint256 bank = _draw(People.BANKS);
        uint256 number = _draw(_holdings[bank].length);
        Holding storage holding = _holdings[bank][number];
        if (holding.revoked || holding.sold || (number == 0 && (bank < 3 || !_once(8)))) return _advance();
        vm.prank(_accounts[People.FIRST_BANK + bank]);
        _assets.revoke(holding.assetId);
        holding.revoked = true;
        _count("AssetRegistry.revoke");
    }

    function stake(uint256 random) external move(random) {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        uint96 held = _committee.stakeOf(_accounts[who]);
        _stake(who, held >= MINIMUM_STAKE ? uint96(_draw(1e21)) : MINIMUM_STAKE - held + uint96(_draw(1e21)));
    }

    function exit(uint256 random) external move(random) {
        uint256 who = People.FIRST_ORACLE + _draw(People.ORACLES);
        IOracleCommittee.Exit memory pending = _committee.exitOf(_accounts[who]);
        if (pending.availableAt == 0) {
            uint96 held = _committee.stakeOf(_accounts[who]);
            // A whole stake rarely: a committee needs four.
            uint96 amount = held > MINIMUM_STAKE && !_once(10) ? uint96(1 + _draw(held - MINIMUM_STAKE)) : held;
            if (amount == held && !_once(10)) return _advance();
            vm.prank(_accounts[who]);
            _committee.requestExit(amount);
            (_stakes[who], _exits[who]) = (_stakes[who] - amount, amount);
            return _count("OracleCommittee.requestExit");
        }
        if (block.timestamp < pending.availableAt) vm.warp(pending.availableAt);
        vm.prank(_accounts[who]);
        _committee.completeExit();
        _stakedOut += pending.stake;
        _exits[who] = 0;
        _count("OracleCommittee.completeExit");
    }

    /// @dev Somebody takes what slashing left to it.
    function claim(uint256 random) external move(random) {
        uint256 first = _draw(People.ALL);
        for (uint256 i = 0; i < People.ALL; i++) {
            uint256 who = (first + i) % People.ALL;
            if (_rewards[who] == 0) continue;
            vm.prank(_accounts[who]);
            _committee.claimReward();
            _claimed += _rewards[who];
            _rewards[who] = 0;
            return _count("OracleCommittee.claimReward");
        }
        _advance();
    }

    function refresh(uint256 random) external move(random) {
        _committee.refresh(_accounts[_draw(People.ALL)]);
        _count("OracleCommittee.refresh");
    }

    /// @dev One at a time is suspended, has left or has lost its roles, and is back at the next call.
    function suspend(uint256 random) external move(random) {
        uint256 who = _suspended;
        if (who == 0 && !_once(3)) return _advance();
        if (who != 0) return _readmit(who - 1);
        who = _draw(People.TREASURY);
        uint256 way = _draw(3);
        if (way == 0) {
            vm.prank(_accounts[who]);
            _registry.leave();
        } else if (way == 1) {
            vm.prank(_appointed(REGISTRAR));
            _registry.setRoles(_accounts[who], 0);
        } else {
            vm.prank(_appointed(SUPERVISOR));
            _registry.setStatus(_accounts[who], IParticipantRegistry.Status.Suspended, 1);
        }
        _suspended = who + 1;
        if (way == 0) _count("ParticipantRegistry.leave");
    }

    function _readmit(uint256 who) private {
        IParticipantRegistry.Status status = _registry.statusOf(_accounts[who]);
        if (status == IParticipantRegistry.Status.Left) {
            vm.prank(_appointed(REGISTRAR));
            _registry.readmit(_accounts[who]);
            _count("ParticipantRegistry.readmit");
        } else if (status == IParticipantRegistry.Status.Suspended) {
            vm.prank(_appointed(SUPERVISOR));
            _registry.setStatus(_accounts[who], IParticipantRegistry.Status.Active, 0);
            _count("ParticipantRegistry.setStatus");
        }
        vm.prank(_appointed(REGISTRAR));
        _registry.setRoles(_accounts[who], People.roleOf(who));
        _suspended = 0;
        _count("ParticipantRegistry.setRoles");
    }

    function setKeys(uint256 random) external move(random) {
        uint256 who = _draw(People.TREASURY);
        uint256 key = People.operatorKey(who, _eras[who] + 1);
        bytes memory proof = _operatorProof(_accounts[who], key);
        vm.prank(_accounts[who]);
        _registry.setKeys(vm.addr(key), "encryption", "", proof);
        _eras[who]++;
        _keys[vm.addr(key)] = key;
        _count("ParticipantRegistry.setKeys");
    }

    function _operatorProof(address account, uint256 key) private view returns (bytes memory) {
        bytes32 typeHash = keccak256("OperatorKey(address account,address operator,uint256 nonce)");
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Farshore"),
                keccak256("1"),
                block.chainid,
                address(_registry)
            )
        );
        bytes32 structHash = keccak256(abi.encode(typeHash, account, vm.addr(key), _registry.keyNonce(account)));
        return Seals.signLong(key, domain, structHash);
    }

    function promote(uint256 random) external move(random) {
        uint256 first = _draw(People.TREASURY);
        for (uint256 i = 0; i < People.TREASURY; i++) {
            address account = _accounts[(first + i) % People.TREASURY];
            if (_incentive.earned(account) < MEMBER_AT || uint8(_registry.profileOf(account).tier) > 0) continue;
            _registry.promote(account);
            return _count("ParticipantRegistry.promote");
        }
        _advance();
    }

    function cancelAcceptance(uint256 random) external move(random) {
        uint256 who = _draw(People.TREASURY);
        (Job storage open, bool found) = _in(IJobTypes.State.Open);
        // Of a job that nobody posted, or of one that may still start without it.
        bytes32 job = found ? open.id : bytes32(_draw(type(uint256).max));
        vm.prank(_accounts[who]);
        _market.cancelAcceptance(job, _accounts[who], _draw(type(uint256).max));
        _count("JobMarket.cancelAcceptance");
    }

    function pause(uint256 random) external move(random) {
        bool paused = _market.paused();
        if (!paused && !_once(3)) return _advance();
        vm.prank(paused ? address(this) : _appointed(GUARDIAN));
        if (paused) _market.unpause();
        else _market.pause();
        _count(paused ? "JobMarket.unpause" : "JobMarket.pause");
    }

    function pauseListing(uint256 random) external move(random) {
        bool paused = _assets.paused();
        if (!paused && !_once(3)) return _advance();
        vm.prank(paused ? address(this) : _appointed(GUARDIAN));
        if (paused) _assets.unpause();
        else _assets.pause();
        _count(paused ? "AssetRegistry.unpause" : "AssetRegistry.pause");
    }

    /// @dev A listing that no job uses goes to another bank, and stays there.
    function sell(uint256 random) external move(random) {
        (uint256 from, uint256 to) = (_draw(People.BANKS), _draw(People.BANKS));
        uint256 last = _holdings[from].length - 1;
        if (last == 0 || _holdings[from][last].sold) return _advance();
        Holding storage holding = _holdings[from][last];
        address seller = _accounts[People.FIRST_BANK + from];
        bool reserved = _privacy.budgetOf(holding.population).reserved != 0;
        vm.prank(seller);
        try _assets.transferFrom(seller, _accounts[People.FIRST_BANK + to], holding.assetId) {
            if (reserved) _found("a listing was sold while budget of its population was reserved");
        } catch {
            return;
        }
        holding.sold = true;
        _count("AssetRegistry.transferFrom");
    }

    function wait(uint256 random) external move(random) {
        vm.warp(block.timestamp + _draw(3600));
        vm.roll(block.number + _draw(50));
    }
}
