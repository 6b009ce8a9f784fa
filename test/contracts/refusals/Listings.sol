// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IPrivacyLedger} from "../../../contracts/ledger/IPrivacyLedger.sol";
import {TermsOfUseHarness} from "../harness/TermsOfUseHarness.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice What may not be listed, and what a listing does not let a job do.
abstract contract ListingsRefused is Refusals {
    using TermsPacking for IAssetRegistry.Listing;

    function test_ListingsBeyondTheirRanges() public {
        IAssetRegistry.Listing memory l = _fresh();
        l.version.rows = 0;
        _bad(l, "rows");
        (l = _fresh()).version.datasetRoot = 0;
        _bad(l, "datasetRoot");
        (l = _fresh()).version.schemaHash = 0;
        _bad(l, "schemaHash");
        (l = _fresh()).version.populationId = 0;
        _bad(l, "populationId");
        (l = _fresh()).terms.purposes = 0;
        _bad(l, "purposes");
        (l = _fresh()).terms.expiry = uint64(block.timestamp);
        _bad(l, "expiry");
        (l = _fresh()).terms.derivativeRule = 3;
        _bad(l, "derivativeRule");
        (l = _fresh()).terms.royaltyPpb = 1e9 + 1;
        _bad(l, "royaltyPpb");
        (l = _fresh()).terms.tier = 3;
        _bad(l, "tier");
    }

    function test_WhoMayNotList() public {
        IAssetRegistry.Listing memory l = _fresh();
        bytes memory refusal = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_NotInstitution.selector, _accounts[0]);
        _expect(_accounts[0], address(_assets), _call(l), refusal);
        refusal = abi.encodeWithSelector(
            IAssetRegistry.AssetRegistry_PopulationTaken.selector, bytes32(uint256(1)), _accounts[2]
        );
        l.version.populationId = bytes32(uint256(1));
        _expect(_accounts[3], address(_assets), _call(l), refusal);
        vm.prank(_appointed(GUARDIAN));
        _assets.pause();
        _expect(_accounts[2], address(_assets), _call(l), abi.encodeWithSelector(Pausable.EnforcedPause.selector));
    }

    function test_RevisionsAndRevocations() public {
        (address owner, uint256 id) = (_accounts[2], _holdings[0][0].assetId);
        IAssetRegistry.Listing memory l = _listing(bytes32(uint256(1)), 8000, 1);
        bytes memory revise = abi.encodeCall(IAssetRegistry.revise, (id, l.version, l.terms, ""));
        bytes memory notOwner = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_NotOwner.selector, _accounts[3], id);
        _expect(_accounts[3], address(_assets), revise, notOwner);
        _expect(_accounts[3], address(_assets), abi.encodeCall(IAssetRegistry.revoke, (id)), notOwner);
        l.version.populationId = "other";
        bytes memory changed = abi.encodeWithSelector(
            IAssetRegistry.AssetRegistry_PopulationChanged.selector, id, bytes32("other"), bytes32(uint256(1))
        );
        _expect(owner, address(_assets), abi.encodeCall(IAssetRegistry.revise, (id, l.version, l.terms, "")), changed);
        vm.prank(owner);
        _assets.revoke(id);
        bytes memory revoked = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_Revoked.selector, id);
        _expect(owner, address(_assets), revise, revoked);
        _expect(owner, address(_assets), abi.encodeCall(IAssetRegistry.revoke, (id)), revoked);
    }

    function test_UsesThatTheRegistryRefuses() public {
        uint256 id = _holdings[0][0].assetId;
        bytes32 hash = keccak256(abi.encode(abi.decode(_holdings[0][0].listing, (IAssetRegistry.Listing)).packed()));
        _use(id, 1, 0, hash, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_NotWriter.selector, address(this)));
        _assets.setWriter(address(this), true);
        _use(id, 9, 0, hash, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_UnknownVersion.selector, id, 9));
        _use(id, 1, 0, "x", abi.encodeWithSelector(IAssetRegistry.AssetRegistry_ListingMismatch.selector, id, bytes32("x"), hash));
        IAssetRegistry.AssetClaim[] memory claims = new IAssetRegistry.AssetClaim[](1);
        claims[0] = IAssetRegistry.AssetClaim(id, 1, 1, hash);
        require(_assets.useForJob(claims)[0] == _accounts[2], "another owner");
        require(_assets.jobsOf(id) == 1 && _assets.latestVersion(id) == 1 && !_assets.isRevoked(id), "not counted");
        require(_assets.kindOf(id) == IAssetRegistry.Kind.RawData, "another kind");
        _use(id, 1, 1, hash, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_TooManyJobs.selector, id, 1));
        vm.prank(_accounts[2]);
        _assets.revoke(id);
        _use(id, 1, 0, hash, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_Revoked.selector, id));
    }

    function test_AListingDoesNotMoveWhileBudgetIsReserved() public {
        uint256 id = _holdings[0][0].assetId;
        _privacy.setWriter(address(this), true);
        (bytes32[] memory populations, uint64[] memory amounts) = (new bytes32[](1), new uint64[](1));
        (populations[0], amounts[0]) = (bytes32(uint256(1)), 5);
        _privacy.reserve(populations, amounts);
        bytes memory move = abi.encodeCall(_assets.transferFrom, (_accounts[2], _accounts[3], id));
        _expect(_accounts[2], address(_assets), move, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_BudgetReserved.selector, id));
        bytes memory close = abi.encodeCall(IPrivacyLedger.close, (populations, amounts, amounts));
        amounts[0] = 6;
        bytes memory more = abi.encodeCall(IPrivacyLedger.close, (populations, amounts, amounts));
        _expect(address(this), address(_privacy), more, abi.encodeWithSelector(IPrivacyLedger.PrivacyLedger_NotReserved.selector, populations[0], 5, 6));
        (bool done,) = address(_privacy).call(close);
        require(done, "what was reserved is spent");
        populations[0] = "nobody's";
        bytes memory unknown = abi.encodeCall(IPrivacyLedger.reserve, (populations, amounts));
        _expect(address(this), address(_privacy), unknown, abi.encodeWithSelector(IPrivacyLedger.PrivacyLedger_UnknownPopulation.selector, populations[0]));
    }

    function test_JobsThatAListingDoesNotAllow() public {
        (IAssetRegistry.UseContext memory c, IAssetRegistry.AssetUse memory u, IAssetRegistry.Listing memory p) = _allowed();
        _check(c, u, p, "");
        p.terms.expiry = uint64(block.timestamp - 1);
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_Expired.selector, 7, block.timestamp - 1));
        (c, u, p) = _allowed();
        c.purpose = 9;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_PurposeNotAllowed.selector, 7, 9));
        (c, u, p) = _allowed();
        p.terms.tier = 2;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_TierTooLow.selector, 7, 0, 2));
        (c, u, p) = _allowed();
        u.price = 1;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_PriceTooLow.selector, 7, 1, 1e6));
        (c, u, p) = _allowed();
        p.terms.maxRounds = 1;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_TooManyRounds.selector, 7, 2, 1));
        (c, u, p) = _allowed();
        p.terms.minNoiseMilli = 1;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_NoiseTooLow.selector, 7, 0, 1));
        (c, u, p) = _allowed();
        u.rhoNano = 2e12;
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_RhoTooHigh.selector, 7, 2e12, 1e12));
    }

    function test_WhoIsOnNoList() public {
        (IAssetRegistry.UseContext memory c, IAssetRegistry.AssetUse memory u, IAssetRegistry.Listing memory p) = _allowed();
        p.terms.jurisdictionsRoot = "only these";
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_JurisdictionNotAllowed.selector, 7, 276));
        (c, u, p) = _allowed();
        p.terms.buyersRoot = "only these";
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_BuyerNotAllowed.selector, 7, _accounts[0]));
        (c, u, p) = _allowed();
        p.terms.codesRoot = "only these";
        _check(c, u, p, abi.encodeWithSelector(IAssetRegistry.AssetRegistry_CodeNotAllowed.selector, 7, bytes32("code")));
    }

    function _allowed()
        private
        view
        returns (IAssetRegistry.UseContext memory c, IAssetRegistry.AssetUse memory u, IAssetRegistry.Listing memory p)
    {
        c = IAssetRegistry.UseContext(_accounts[0], 276, 0, 0, "code", 2, 0);
        u = IAssetRegistry.AssetUse(7, 1, 1, 0, 1e6);
        p = _listing("p", 8000, 0);
    }

    function _check(
        IAssetRegistry.UseContext memory c,
        IAssetRegistry.AssetUse memory u,
        IAssetRegistry.Listing memory p,
        bytes memory refusal
    ) private {
        TermsOfUseHarness harness = new TermsOfUseHarness();
        IAssetRegistry.ListingProof memory proof;
        proof.listing = p.packed();
        if (refusal.length == 0) return harness.check(c, u, proof);
        _expect(address(this), address(harness), abi.encodeCall(TermsOfUseHarness.check, (c, u, proof)), refusal);
    }

    function _use(uint256 id, uint32 version, uint32 most, bytes32 hash, bytes memory refusal) private {
        IAssetRegistry.AssetClaim[] memory claims = new IAssetRegistry.AssetClaim[](1);
        claims[0] = IAssetRegistry.AssetClaim(id, version, most, hash);
        _expect(address(this), address(_assets), abi.encodeCall(IAssetRegistry.useForJob, (claims)), refusal);
    }

    function _fresh() private pure returns (IAssetRegistry.Listing memory) {
        return _listing("fresh", 8000, 0);
    }

    function _call(IAssetRegistry.Listing memory l) private pure returns (bytes memory) {
        return abi.encodeCall(IAssetRegistry.list, (IAssetRegistry.Kind.RawData, l.version, l.terms, 1, ""));
    }

    function _bad(IAssetRegistry.Listing memory l, string memory field) private {
        bytes memory refusal = abi.encodeWithSelector(IAssetRegistry.AssetRegistry_BadListing.selector, field);
        _expect(_accounts[People.FIRST_BANK], address(_assets), _call(l), refusal);
    }
}
