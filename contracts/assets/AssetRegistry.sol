// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ROLE_INSTITUTION} from "../identity/Roles.sol";
import {IParticipantRegistry} from "../identity/IParticipantRegistry.sol";
import {IPrivacyLedger} from "../ledger/IPrivacyLedger.sol";
import {IAssetRegistry} from "./IAssetRegistry.sol";
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
    uint256 private _count;

    event WriterSet(address indexed writer, bool allowed);

    constructor(address authority, IParticipantRegistry registry_, IPrivacyLedger privacyLedger_)
        ERC721("Farshore Asset", "FSA")
        AccessManaged(authority)
    {
        (registry, privacyLedger) = (registry_, privacyLedger_);
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
        _expectInstitution(msg.sender);
        _claimPopulation(version.populationId, populationCap);
        assetId = ++_count;
        populationOf[assetId] = version.populationId;
        _assets[assetId] = Asset(msg.sender, kind, false, 1, 0);
        Listing memory listing = _store(assetId, 1, version, terms);
        _mint(msg.sender, assetId);
        emit AssetListed(assetId, msg.sender, kind, 1, listing, uri);
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
        version_ = ++_assets[assetId].latestVersion;
        emit AssetRevised(assetId, version_, _store(assetId, version_, version, terms), uri);
    }

    /// @inheritdoc IAssetRegistry
    function revoke(uint256 assetId) external {
        _expectOwner(assetId);
        _assets[assetId].revoked = true;
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
        Asset memory asset = _assets[assetId];
        if (asset.revoked) revert AssetRegistry_Revoked(assetId);
        uint32 limit = claim.maxJobs;
        if (limit != 0) {
            if (asset.jobs >= limit) revert AssetRegistry_TooManyJobs(assetId, limit);
            _assets[assetId].jobs = asset.jobs + 1;
        }
        return asset.owner;
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
    function kindOf(uint256 assetId) external view returns (Kind) {
        return _assets[assetId].kind;
    }

    /// @inheritdoc IAssetRegistry
    function jobsOf(uint256 assetId) external view returns (uint32) {
        return _assets[assetId].jobs;
    }

    /// @dev A listing moves only between active institutions, and not while budget of its population is reserved.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from != address(0)) {
            _assets[tokenId].owner = to;
            _expectInstitution(from);
            _expectInstitution(to);
            if (privacyLedger.budgetOf(populationOf[tokenId]).reserved != 0) revert AssetRegistry_BudgetReserved(tokenId);
        }
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
        listing = Listing(version, terms);
        listing.version.time = uint64(block.timestamp);
        listingHash[assetId][number] = keccak256(abi.encode(listing));
    }

    function _expectOwner(uint256 assetId) private view {
        if (_ownerOf(assetId) != msg.sender) revert AssetRegistry_NotOwner(msg.sender, assetId);
    }

    function _expectInstitution(address account) private view {
        IParticipantRegistry.Profile memory profile = registry.profileOf(account);
        bool active = profile.status == IParticipantRegistry.Status.Active;
        if (!active || profile.roles & ROLE_INSTITUTION == 0) revert AssetRegistry_NotInstitution(account);
    }
}
