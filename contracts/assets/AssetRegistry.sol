// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ROLE_INSTITUTION} from "../identity/Roles.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../ledger/IPrivacyLedger.sol";
import {IAssetRegistry} from "./IAssetRegistry.sol";
import {ListingWords} from "./ListingWords.sol";
import {TermsOfUse} from "./TermsOfUse.sol";

/// @title AssetRegistry
contract AssetRegistry is IAssetRegistry, ERC721, AccessManaged, Pausable {
    /// @dev One slot, all that a job's start reads of an asset beside its listing. `owner` follows ERC-721's own in `_update`.
    struct Asset {
        address owner;
        Kind kind;
        bool revoked;
        uint32 latestVersion;
        uint32 jobs;
    }

    IParticipantRegistry public immutable registry;
    IPrivacyLedger public immutable privacyLedger;
    mapping(uint256 assetId => Asset) private _assets;
    mapping(uint256 assetId => mapping(uint32 version => bytes32)) public listingHash;
    mapping(uint256 assetId => bytes32) public populationOf;
    mapping(address account => bool) public isWriter;
    mapping(address owner => uint256) public openListings;
    /// @dev Where all buyers but one are shut out for good: the root that every version has.
    mapping(uint256 assetId => bytes32) private _onlyBuyersRoot;
    mapping(uint256 assetId => uint256[]) private _parents;
    mapping(address lister => mapping(bytes32 datasetRoot => bytes32 populationId)) private _populationOfRows;
    uint32 private immutable _liteCap;
    uint32 private immutable _memberCap;
    uint32 private immutable _coreCap;
    uint256 private _count;

    event WriterSet(address indexed writer, bool allowed);

    constructor(
        address authority,
        IParticipantRegistry registry_,
        IPrivacyLedger privacyLedger_,
        ListingCaps memory caps
    ) ERC721("Farshore Asset", "FSA") AccessManaged(authority) {
        (registry, privacyLedger) = (registry_, privacyLedger_);
        (_liteCap, _memberCap, _coreCap) = (caps.lite, caps.member, caps.core);
    }

    function setWriter(address writer, bool allowed) external restricted {
        isWriter[writer] = allowed;
        emit WriterSet(writer, allowed);
    }

    /// @inheritdoc IAssetRegistry
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IAssetRegistry
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IAssetRegistry
    function list(Kind kind, AssetVersion calldata version, AssetTerms calldata terms, uint64 populationCap, string calldata uri)
        external
        whenNotPaused
        returns (uint256 assetId)
    {
        _claimPopulation(version.populationId, populationCap);
        assetId = _list(kind, version, terms, uri);
    }

    /// @inheritdoc IAssetRegistry
    function listDerived(
        Kind kind,
        AssetVersion calldata version,
        AssetTerms calldata terms,
        Parent[] calldata parents,
        string calldata uri
    ) external whenNotPaused returns (uint256 assetId) {
        if (kind == Kind.RawData) revert AssetRegistry_BadListing("kind");
        assetId = _count + 1;
        _expectAllowed(assetId, parents, terms.buyersRoot);
        _inherit(assetId, version.populationId, parents);
        _list(kind, version, terms, uri);
        emit AssetDerived(assetId, _parents[assetId]);
    }

    function _list(Kind kind, AssetVersion calldata version, AssetTerms calldata terms, string calldata uri)
        private
        returns (uint256 assetId)
    {
        assetId = ++_count;
        populationOf[assetId] = version.populationId;
        _assets[assetId] = Asset(msg.sender, kind, false, 1, 0);
        Listing memory listing = _store(assetId, 1, version, terms);
        _mint(msg.sender, assetId);
        emit AssetListed(assetId, msg.sender, kind, 1, listing, uri);
    }

    /// @dev Fixes whose records the asset holds: those of its parents.
    function _inherit(uint256 assetId, bytes32 populationId, Parent[] calldata parents) private {
        if (parents.length == 0) revert AssetRegistry_BadParents(0);
        bytes32 shared = populationOf[parents[0].assetId];
        uint256[] storage ids = _parents[assetId];
        for (uint256 i = 0; i < parents.length; i++) {
            uint256 id = parents[i].assetId;
            if (i > 0 && id <= parents[i - 1].assetId) revert AssetRegistry_BadParents(id);
            if (populationOf[id] != shared) shared = 0;
            ids.push(id);
        }
        bool own = shared != 0 && privacyLedger.holderOf(shared) == msg.sender;
        bytes32 needed = own ? shared : derivedPopulation(msg.sender, ids);
        if (populationId != needed) revert AssetRegistry_PopulationChanged(assetId, populationId, needed);
        if (own) return;
        _claimPopulation(needed, 0);
        uint64 cap = privacyLedger.budgetOf(needed).cap;
        if (cap != 0) revert AssetRegistry_FreshBudget(needed, cap);
    }

    /// @dev What each parent's terms say of assets that others make from it.
    function _expectAllowed(uint256 assetId, Parent[] calldata parents, bytes32 buyersRoot) private {
        for (uint256 i = 0; i < parents.length; i++) {
            Parent calldata parent = parents[i];
            uint256 id = parent.assetId;
            bytes32 needed = listingHash[id][parent.version];
            if (needed == 0) revert AssetRegistry_UnknownVersion(id, parent.version);
            bytes32 had = ListingWords.hashOf(parent.listing);
            if (had != needed) revert AssetRegistry_ListingMismatch(id, had, needed);
            if (_assets[id].revoked) revert AssetRegistry_Revoked(id);
            if (_assets[id].owner == msg.sender) continue;
            uint8 rule = parent.listing.terms.derivativeRule;
            if (rule == TermsOfUse.DERIVATIVE_NONE) revert AssetRegistry_DerivativeNotAllowed(id, rule);
            if (rule == TermsOfUse.DERIVATIVE_INTERNAL) _onlyBuyersRoot[assetId] = TermsOfUse.leafOf(msg.sender);
        }
        _expectBuyers(assetId, buyersRoot);
    }

    /// @inheritdoc IAssetRegistry
    function revise(uint256 assetId, AssetVersion calldata version, AssetTerms calldata terms, string calldata uri)
        external
        returns (uint32 version_)
    {
        _expectOwner(assetId);
        _expectInstitution(msg.sender);
        if (_assets[assetId].revoked) revert AssetRegistry_Revoked(assetId);
        bytes32 needed = populationOf[assetId];
        if (version.populationId != needed) revert AssetRegistry_PopulationChanged(assetId, version.populationId, needed);
        _expectBuyers(assetId, terms.buyersRoot);
        version_ = ++_assets[assetId].latestVersion;
        emit AssetRevised(assetId, version_, _store(assetId, version_, version, terms), uri);
    }

    /// @inheritdoc IAssetRegistry
    function revoke(uint256 assetId) external {
        address owner = _ownerOf(assetId);
        bool left = registry.statusOf(owner) == IParticipantRegistry.Status.Left;
        if (owner != msg.sender && !left) revert AssetRegistry_NotOwner(msg.sender, assetId);
        if (_assets[assetId].revoked) revert AssetRegistry_Revoked(assetId);
        _assets[assetId].revoked = true;
        openListings[owner]--;
        emit AssetRevoked(assetId);
    }

    /// @inheritdoc IAssetRegistry
    function useForJob(AssetClaim[] calldata claims) external returns (address[] memory owners) {
        if (!isWriter[msg.sender]) revert AssetRegistry_NotWriter(msg.sender);
        owners = new address[](claims.length);
        for (uint256 i = 0; i < owners.length; i++) {
            owners[i] = _use(claims[i]);
        }
    }

    function _use(AssetClaim calldata claim) private returns (address) {
        uint256 assetId = claim.assetId;
        bytes32 needed = listingHash[assetId][claim.version];
        if (needed == 0) revert AssetRegistry_UnknownVersion(assetId, claim.version);
        if (claim.listingHash != needed) revert AssetRegistry_ListingMismatch(assetId, claim.listingHash, needed);
        Asset storage asset = _assets[assetId];
        (address owner, bool revoked) = (asset.owner, asset.revoked);
        if (revoked) revert AssetRegistry_Revoked(assetId);
        uint32 limit = claim.maxJobs;
        if (limit != 0) {
            uint32 jobs = asset.jobs;
            if (jobs >= limit) revert AssetRegistry_TooManyJobs(assetId, limit);
            asset.jobs = jobs + 1;
        }
        return owner;
    }

    /// @inheritdoc IAssetRegistry
    function latestVersion(uint256 assetId) external view returns (uint32) {
        return _assets[assetId].latestVersion;
    }

    /// @inheritdoc IAssetRegistry
    function isRevoked(uint256 assetId) external view returns (bool) {
        return _assets[assetId].revoked;
    }

    /// @inheritdoc IAssetRegistry
    function parentsOf(uint256 assetId) external view returns (uint256[] memory) {
        return _parents[assetId];
    }

    /// @inheritdoc IAssetRegistry
    function kindOf(uint256 assetId) external view returns (Kind) {
        return _assets[assetId].kind;
    }

    /// @inheritdoc IAssetRegistry
    function jobsOf(uint256 assetId) external view returns (uint32) {
        return _assets[assetId].jobs;
    }

    /// @inheritdoc IAssetRegistry
    function derivedPopulation(address lister, uint256[] memory parents) public view returns (bytes32) {
        bytes32[] memory populations = new bytes32[](parents.length);
        for (uint256 i = 0; i < parents.length; i++) {
            populations[i] = populationOf[parents[i]];
        }
        return keccak256(abi.encode(lister, populations));
    }

    /// @dev A listing moves only between active institutions, and not while budget of its population is reserved; it takes a place
    ///      among the new owner's open listings.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        bool open = !_assets[tokenId].revoked;
        if (from != address(0)) {
            _assets[tokenId].owner = to;
            _expectInstitution(from);
            if (privacyLedger.budgetOf(populationOf[tokenId]).reserved != 0) revert AssetRegistry_BudgetReserved(tokenId);
            if (open) openListings[from]--;
        }
        uint256 limit = _capOf(_expectInstitution(to));
        if (!open) return from;
        if (openListings[to] >= limit) revert AssetRegistry_TooManyListings(to, openListings[to], limit);
        openListings[to]++;
    }

    function _capOf(IParticipantRegistry.Tier tier) private view returns (uint256) {
        if (tier == IParticipantRegistry.Tier.Core) return _coreCap;
        return tier == IParticipantRegistry.Tier.Member ? _memberCap : _liteCap;
    }

    function _claimPopulation(bytes32 populationId, uint64 cap) private {
        if (populationId == 0) revert AssetRegistry_BadListing("populationId");
        address holder = privacyLedger.holderOf(populationId);
        if (holder == address(0)) privacyLedger.open(populationId, msg.sender, cap);
        else if (holder != msg.sender) revert AssetRegistry_PopulationTaken(populationId, holder);
    }

    function _store(uint256 assetId, uint32 number, AssetVersion calldata version, AssetTerms calldata terms)
        private
        returns (Listing memory listing)
    {
        TermsOfUse.checkListing(version, terms);
        bytes32 listed = _populationOfRows[msg.sender][version.datasetRoot];
        if (listed == 0) _populationOfRows[msg.sender][version.datasetRoot] = version.populationId;
        else if (listed != version.populationId) revert AssetRegistry_RowsListed(version.datasetRoot, listed);
        listing = Listing(version, terms);
        listing.version.time = uint64(block.timestamp);
        listingHash[assetId][number] = ListingWords.hashOf(listing);
    }

    function _expectBuyers(uint256 assetId, bytes32 buyersRoot) private view {
        bytes32 needed = _onlyBuyersRoot[assetId];
        if (needed != 0 && buyersRoot != needed) revert AssetRegistry_DerivativeForOthers(assetId, buyersRoot, needed);
    }

    function _expectOwner(uint256 assetId) private view {
        if (_ownerOf(assetId) != msg.sender) revert AssetRegistry_NotOwner(msg.sender, assetId);
    }

    function _expectInstitution(address account) private view returns (IParticipantRegistry.Tier) {
        IParticipantRegistry.Profile memory profile = registry.profileOf(account);
        bool active = profile.status == IParticipantRegistry.Status.Active;
        if (!active || profile.roles & ROLE_INSTITUTION == 0) revert AssetRegistry_NotInstitution(account);
        return profile.tier;
    }
}
