// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {AssetRegistry} from "../../../contracts/assets/AssetRegistry.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice Assets that are made from others: whose records they hold, who may make them, and for whom.
abstract contract DerivedRefused is Refusals {
    using TermsPacking for IAssetRegistry.Listing;

    bytes4 private immutable _badParents = IAssetRegistry.AssetRegistry_BadParents.selector;

    function test_ParentsThatAreNone() public {
        IAssetRegistry.Listing memory l = _of(bytes32(uint256(1)));
        IAssetRegistry.Parent[] memory none = new IAssetRegistry.Parent[](0);
        _refused(0, _make(IAssetRegistry.Kind.Model, l, none), abi.encodeWithSelector(_badParents, 0));
        bytes memory raw = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_BadListing.selector, "kind");
        _refused(0, _make(IAssetRegistry.Kind.RawData, l, _parents(0, 0)), raw);
        uint256 id = _holdings[0][0].assetId;
        _refused(0, _model(l, _parents(0, 0)), abi.encodeWithSelector(_badParents, id));
        IAssetRegistry.Parent[] memory other = _parents(0, 1);
        other[0].version = 9;
        _refused(0, _model(l, other), abi.encodeWithSelector(IAssetRegistry.AssetRegistry_UnknownVersion.selector, id, 9));
        other = _parents(0, 1);
        bytes32 needed = keccak256(abi.encode(other[0].listing.packed()));
        other[0].listing.terms.price++;
        bytes32 had = keccak256(abi.encode(other[0].listing.packed()));
        _refused(0, _model(l, other), abi.encodeWithSelector(IAssetRegistry.AssetRegistry_ListingMismatch.selector, id, had, needed));
        vm.prank(_appointed(GUARDIAN));
        _assets.pause();
        _refused(0, _model(l, _parents(0, 1)), abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        _assets.unpause();
        vm.prank(_accounts[People.FIRST_BANK]);
        _assets.revoke(id);
        _refused(0, _model(l, _parents(0, 1)), abi.encodeWithSelector(IAssetRegistry.AssetRegistry_Revoked.selector, id));
    }

    function test_WhatAnOwnerMakesOfItsOwnHasTheSamePopulationAndBudget() public {
        _list(0, bytes32(uint256(1)), 9000);
        IAssetRegistry.Parent[] memory own = new IAssetRegistry.Parent[](2);
        own[0] = _parent(0, 0);
        own[1] = _parent(0, 1);
        uint256 next = _holdings[0][1].assetId + 1;
        bytes memory changed = abi.encodeWithSelector(
            IAssetRegistry.AssetRegistry_PopulationChanged.selector, next, bytes32("mine"), bytes32(uint256(1))
        );
        _refused(0, _model(_of("mine"), own), changed);
        IAssetRegistry.Listing memory l = _of(bytes32(uint256(1)));
        vm.prank(_accounts[People.FIRST_BANK]);
        require(_assets.listDerived(IAssetRegistry.Kind.Model, l.version, l.terms, own, "") == next, "another number");
        uint256[] memory kept = _assets.parentsOf(next);
        require(kept.length == 2 && kept[1] == own[1].assetId, "parents forgotten");
        require(_assets.kindOf(next) == IAssetRegistry.Kind.Model, "another kind");
    }

    function test_WhatIsMadeOfAnothersHasItsOwnPopulationWithoutABudgetAndForItsBuyerAlone() public {
        (uint256[] memory ids, IAssetRegistry.Parent[] memory parents) = (new uint256[](2), _parents(0, 1));
        (ids[0], ids[1]) = (parents[0].assetId, parents[1].assetId);
        bytes32 population = _assets.derivedPopulation(_accounts[People.FIRST_BANK], ids);
        IAssetRegistry.Listing memory l = _of(population);
        uint256 next = _holdings[3][0].assetId + 1;
        // The second bank's terms allow internal use: whoever makes it is its only buyer.
        bytes32 own = _leaf(_accounts[People.FIRST_BANK]);
        bytes4 others = IAssetRegistry.AssetRegistry_DerivativeForOthers.selector;
        _refused(0, _model(l, parents), abi.encodeWithSelector(others, next, 0, own));
        l.terms.buyersRoot = own;
        vm.prank(_accounts[People.FIRST_BANK]);
        require(_assets.listDerived(IAssetRegistry.Kind.Model, l.version, l.terms, parents, "") == next, "another number");
        require(_privacy.budgetOf(population).cap == 0, "a fresh budget");
        // For good: no later version is for others.
        l.terms.buyersRoot = 0;
        _refused(0, abi.encodeCall(IAssetRegistry.revise, (next, l.version, l.terms, "")), abi.encodeWithSelector(others, next, 0, own));
    }

    function test_AListingThatForbidsItIsNoParent() public {
        IAssetRegistry.Listing memory closed = _listing("closed", 8000, 0);
        closed.terms.derivativeRule = 0;
        vm.prank(_accounts[People.FIRST_BANK + 1]);
        uint256 id = _assets.list(IAssetRegistry.Kind.RawData, closed.version, closed.terms, 1, "");
        closed.version.time = uint64(block.timestamp);
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](1);
        parents[0] = IAssetRegistry.Parent(id, 1, closed);
        bytes memory refusal = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_DerivativeNotAllowed.selector, id, 0);
        _refused(0, _model(_of("x"), parents), refusal);
    }

    /// @dev A population of its own that was opened with a budget before does not do: budgets come from raw data alone.
    function test_ADerivedPopulationHasNoBudgetOfBefore() public {
        (uint256[] memory ids, IAssetRegistry.Parent[] memory parents) = (new uint256[](2), _parents(0, 1));
        (ids[0], ids[1]) = (parents[0].assetId, parents[1].assetId);
        bytes32 population = _assets.derivedPopulation(_accounts[People.FIRST_BANK], ids);
        _list(0, population, 8000);
        IAssetRegistry.Listing memory l = _of(population);
        l.terms.buyersRoot = _leaf(_accounts[People.FIRST_BANK]);
        bytes memory fresh = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_FreshBudget.selector, population, POPULATION_CAP);
        _refused(0, _model(l, parents), fresh);
    }

    function test_RowsAreOfOnePopulationAndAnOwnerHasSoManyListings() public {
        IAssetRegistry.Listing memory l = _listing("p", 8000, 0);
        address owner = _accounts[People.FIRST_BANK];
        vm.prank(owner);
        _assets.list(IAssetRegistry.Kind.RawData, l.version, l.terms, 1, "");
        l.version.populationId = "q";
        bytes memory call = abi.encodeCall(IAssetRegistry.list, (IAssetRegistry.Kind.RawData, l.version, l.terms, 1, ""));
        bytes memory listed =
            abi.encodeWithSelector(IAssetRegistry.AssetRegistry_RowsListed.selector, l.version.datasetRoot, bytes32("p"));
        _refused(0, call, listed);
        IAssetRegistry.ListingCaps memory caps = IAssetRegistry.ListingCaps(1, 1, 2);
        AssetRegistry small = new AssetRegistry(address(_manager), _registry, _privacy, caps);
        _privacy.setWriter(address(small), true);
        vm.prank(owner);
        small.list(IAssetRegistry.Kind.RawData, l.version, l.terms, 1, "");
        bytes4 many = IAssetRegistry.AssetRegistry_TooManyListings.selector;
        _expect(owner, address(small), call, abi.encodeWithSelector(many, owner, 1, 1));
        _toCore(owner);
        vm.prank(owner);
        small.list(IAssetRegistry.Kind.RawData, l.version, l.terms, 1, "");
        _expect(owner, address(small), call, abi.encodeWithSelector(many, owner, 2, 2));
    }

    /// @dev Earned over two epochs: one emits no more than the tier needs.
    function _toCore(address account) private {
        _incentive.setMinter(address(this), true);
        _incentive.mintEarned(account, MEMBER_AT);
        vm.warp(block.timestamp + EPOCH_SECONDS);
        _incentive.mintEarned(account, 100_000e18);
        _registry.promote(account);
    }

    function _parents(uint256 first, uint256 second) private view returns (IAssetRegistry.Parent[] memory parents) {
        parents = new IAssetRegistry.Parent[](2);
        (parents[0], parents[1]) = (_parent(first, 0), _parent(second, 0));
    }

    function _parent(uint256 bank, uint256 number) private view returns (IAssetRegistry.Parent memory) {
        Holding storage holding = _holdings[bank][number];
        return IAssetRegistry.Parent(holding.assetId, 1, abi.decode(holding.listing, (IAssetRegistry.Listing)));
    }

    function _refused(uint256 bank, bytes memory call, bytes memory refusal) private {
        _expect(_accounts[People.FIRST_BANK + bank], address(_assets), call, refusal);
    }

    function _model(IAssetRegistry.Listing memory l, IAssetRegistry.Parent[] memory parents) private pure returns (bytes memory) {
        return _make(IAssetRegistry.Kind.Model, l, parents);
    }

    function _make(IAssetRegistry.Kind kind, IAssetRegistry.Listing memory l, IAssetRegistry.Parent[] memory parents)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IAssetRegistry.listDerived, (kind, l.version, l.terms, parents, ""));
    }

    /// @dev A model over that population.
    function _of(bytes32 population) private pure returns (IAssetRegistry.Listing memory l) {
        l = _listing(population, 1, 7);
    }

    /// @dev Root of a list of one account, as `TermsOfUse` hashes its leaves.
    function _leaf(address account) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account))));
    }
}
