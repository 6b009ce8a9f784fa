// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {vm} from "../../invariants/Cheats.sol";
import {Books} from "../../invariants/world/Books.sol";
import {House} from "./House.sol";
import {People} from "./People.sol";

/// @notice Everybody admitted and funded, the banks' listings, the oracles' stakes.
abstract contract Residents is House, Books {
    uint256 private _wires;

    struct Holding {
        uint256 assetId;
        uint32 version;
        bytes32 population;
        /// ABI encoding of IAssetRegistry.Listing, as the registry stored it.
        bytes listing;
        bool revoked;
        bool sold;
    }

    /// Listings by bank; the first of each is used without noise too.
    Holding[][4] internal _holdings;
    /// Times that a participant changed its operator's key.
    uint256[15] internal _eras;
    mapping(address operator => uint256) internal _keys;

    constructor() {
        for (uint256 who = 0; who < People.ALL; who++) {
            _accounts.push(vm.addr(People.accountKey(who)));
            if (who == People.STRANGER) continue;
            vm.prank(_appointed(REGISTRAR));
            _registry.admit(_accounts[who], People.profileOf(who), People.contactOf(who));
            _keys[People.profileOf(who).operator] = People.operatorKey(who, 0);
            _count("ParticipantRegistry.admit");
            _issue(who, 1e12);
            _incentive.transfer(_accounts[who], 1e24);
            _approve(who);
            _deposit(who, who < People.BUYERS ? 4e11 : 1e11);
        }
        for (uint256 bank = 0; bank < People.BANKS; bank++) {
            _list(bank, bytes32(bank + 1), 8000);
        }
        for (uint256 i = 0; i < People.ORACLES; i++) {
            _stake(People.FIRST_ORACLE + i, MINIMUM_STAKE * (1 + uint96(i)));
        }
    }

    function _issue(uint256 who, uint256 amount) internal {
        vm.prank(_appointed(ISSUER));
        _stable.mint(_accounts[who], amount, _reference());
        _issued += amount;
        _count("StableToken.mint");
    }

    /// @dev A payment outside the chain that stands for no other one.
    function _reference() internal returns (bytes32) {
        return keccak256(abi.encode("wire", ++_wires));
    }

    function _approve(uint256 who) private {
        vm.prank(_accounts[who]);
        _stable.approve(address(_market), type(uint256).max);
        vm.prank(_accounts[who]);
        _incentive.approve(address(_committee), type(uint256).max);
    }

    function _deposit(uint256 who, uint128 amount) internal {
        vm.prank(_accounts[who]);
        _market.deposit(amount);
        _deposited += amount;
        _count("JobMarket.deposit");
    }

    /// @dev Stakes and exits of all oracles.
    function _atStake() internal view returns (uint256 sum) {
        for (uint256 i = 0; i < People.ORACLES; i++) {
            address account = _accounts[People.FIRST_ORACLE + i];
            sum += _committee.stakeOf(account);
            sum += _committee.exitOf(account).stake;
        }
    }

    function _stake(uint256 who, uint96 amount) internal {
        vm.prank(_accounts[who]);
        _committee.stake(amount);
        _stakedIn += amount;
        _count("OracleCommittee.stake");
    }

    function _list(uint256 bank, bytes32 population, uint32 rows) internal {
        IAssetRegistry.Listing memory listing = _listing(population, rows, 0);
        address owner = _accounts[People.FIRST_BANK + bank];
        vm.prank(owner);
        uint256 id =
            _assets.list(IAssetRegistry.Kind.RawData, listing.version, listing.terms, uint64(POPULATION_CAP), "");
        listing.version.time = uint64(block.timestamp);
        _holdings[bank].push(Holding(id, 1, population, abi.encode(listing), false, false));
        if (!_isKnown(population)) _populations.push(population);
        _count("AssetRegistry.list");
    }

    function _listing(bytes32 population, uint32 rows, uint256 release)
        internal
        pure
        returns (IAssetRegistry.Listing memory listing)
    {
        listing.version.datasetRoot = keccak256(abi.encode(population, rows, release));
        (listing.version.schemaHash, listing.version.populationId) = ("schema", population);
        listing.version.rows = rows;
        (listing.terms.price, listing.terms.purposes, listing.terms.rhoPerJob) = (1e6, 3, 1e12);
        listing.terms.derivativeRule = 1;
    }

    function _isKnown(bytes32 population) private view returns (bool) {
        for (uint256 i = 0; i < _populations.length; i++) {
            if (_populations[i] == population) return true;
        }
        return false;
    }
}
