// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IAssetRegistry
/// @notice Listings (ERC-721), their versions, and the terms that the contract enforces when a job starts.
interface IAssetRegistry {
    enum Kind {
        RawData,
        DataProduct,
        Model
    }

    /// @notice What a version commits to.
    /// @param datasetRoot Merkle root of the salted row hashes (SHA-256)
    /// @param schemaHash SHA-256 of the schema's canonical JSON
    /// @param populationId whose records these are: the key of the privacy budget
    /// @param rows number of rows
    /// @param time seconds since 1970 when the version was committed; set by the contract
    struct AssetVersion {
        bytes32 datasetRoot;
        bytes32 schemaHash;
        bytes32 populationId;
        uint32 rows;
        uint64 time;
    }

    /// @notice Terms of use, enforced at `JobMarket.start`.
    /// @param price stable token, minor units (6 decimals), per job, at least
    /// @param purposes bitmap: bit p set = purpose p allowed
    /// @param jurisdictionsRoot Merkle root of allowed buyer jurisdictions; 0 = any
    /// @param buyersRoot Merkle root of allowed buyer accounts; 0 = any
    /// @param codesRoot Merkle root of allowed code hashes; 0 = any
    /// @param minimumCohort groups of contributors at least (contributors of one group count once)
    /// @param tier least tier of the buyer
    /// @param expiry seconds since 1970; 0 = never
    /// @param maxJobs jobs over the life of the listing at most; 0 = any, and then jobs are not counted
    /// @param maxRounds rounds of one job at most; 0 = any
    /// @param minNoiseMilli least noise multiplier × 1000; 0 = jobs without noise are allowed
    /// @param rhoPerJob nano-rho one job may spend at most
    /// @param derivativeRule 0 none, 1 buyer's internal use, 2 free
    /// @param royaltyPpb share of a derived model's income, parts per billion
    struct AssetTerms {
        uint128 price;
        uint256 purposes;
        bytes32 jurisdictionsRoot;
        bytes32 buyersRoot;
        bytes32 codesRoot;
        uint8 minimumCohort;
        uint8 tier;
        uint64 expiry;
        uint32 maxJobs;
        uint16 maxRounds;
        uint32 minNoiseMilli;
        uint64 rhoPerJob;
        uint8 derivativeRule;
        uint32 royaltyPpb;
    }

    /// @notice A version with its terms. The chain stores the hash of its words (`ListingWords`).
    struct Listing {
        AssetVersion version;
        AssetTerms terms;
    }

    /// @notice A listing as `start` takes it; the layout of the last two words stands in ListingWords.sol.
    struct PackedListing {
        bytes32 datasetRoot;
        bytes32 schemaHash;
        bytes32 populationId;
        uint256 purposes;
        bytes32 jurisdictionsRoot;
        bytes32 buyersRoot;
        bytes32 codesRoot;
        uint256 offer;
        uint256 limits;
    }

    /// @notice One asset in a job. `weight` in parts per billion, `rhoNano` in nano-rho, `price` in stable minor units.
    struct AssetUse {
        uint256 assetId;
        uint32 version;
        uint32 weight;
        uint64 rhoNano;
        uint128 price;
    }

    /// @notice Listing and proofs that a caller of `start` brings for one asset; a proof is empty where its root is 0.
    struct ListingProof {
        PackedListing listing;
        bytes32[] jurisdictionProof;
        bytes32[] buyerProof;
        bytes32[] codeProof;
    }

    /// @notice What the caller of `useForJob` holds for true.
    /// @param listingHash keccak256(abi.encode(PackedListing))
    struct AssetClaim {
        uint256 assetId;
        uint32 version;
        uint32 maxJobs;
        bytes32 listingHash;
    }

    /// @notice An asset that another one was made from, with the version whose terms allow it.
    struct Parent {
        uint256 assetId;
        uint32 version;
        Listing listing;
    }

    /// @notice Open listings that one owner may have, by its tier.
    struct ListingCaps {
        uint32 lite;
        uint32 member;
        uint32 core;
    }

    /// @notice What the terms are checked against.
    struct UseContext {
        address buyer;
        uint16 buyerJurisdiction;
        uint8 buyerTier;
        uint16 purpose;
        bytes32 codeHash;
        uint16 rounds;
        uint32 noiseMilli;
    }

    event AssetListed(uint256 indexed assetId, address indexed owner, Kind kind, uint32 version, Listing listing, string uri);
    event AssetRevised(uint256 indexed assetId, uint32 version, Listing listing, string uri);
    event AssetRevoked(uint256 indexed assetId);
    event AssetDerived(uint256 indexed assetId, uint256[] parents);

    error AssetRegistry_NotOwner(address caller, uint256 assetId);
    error AssetRegistry_NotInstitution(address account);
    error AssetRegistry_NotWriter(address caller);
    error AssetRegistry_UnknownVersion(uint256 assetId, uint32 version);
    error AssetRegistry_Revoked(uint256 assetId);
    error AssetRegistry_ListingMismatch(uint256 assetId, bytes32 had, bytes32 needed);
    error AssetRegistry_BadListing(string field);
    error AssetRegistry_PopulationChanged(uint256 assetId, bytes32 had, bytes32 needed);
    error AssetRegistry_PopulationTaken(bytes32 populationId, address holder);
    error AssetRegistry_BudgetReserved(uint256 assetId);
    error AssetRegistry_Expired(uint256 assetId, uint64 expiry);
    error AssetRegistry_PurposeNotAllowed(uint256 assetId, uint16 purpose);
    error AssetRegistry_JurisdictionNotAllowed(uint256 assetId, uint16 jurisdiction);
    error AssetRegistry_BuyerNotAllowed(uint256 assetId, address buyer);
    error AssetRegistry_CodeNotAllowed(uint256 assetId, bytes32 codeHash);
    error AssetRegistry_TierTooLow(uint256 assetId, uint8 had, uint8 needed);
    error AssetRegistry_PriceTooLow(uint256 assetId, uint128 had, uint128 needed);
    error AssetRegistry_TooManyJobs(uint256 assetId, uint32 limit);
    error AssetRegistry_TooManyRounds(uint256 assetId, uint16 had, uint16 limit);
    error AssetRegistry_NoiseTooLow(uint256 assetId, uint32 had, uint32 needed);
    error AssetRegistry_RhoTooHigh(uint256 assetId, uint64 had, uint64 limit);

    error AssetRegistry_TooManyListings(address owner, uint256 open, uint256 limit);
    error AssetRegistry_RowsListed(bytes32 datasetRoot, bytes32 populationId);
    error AssetRegistry_FreshBudget(bytes32 populationId, uint64 cap);
    error AssetRegistry_BadParents(uint256 assetId);
    error AssetRegistry_DerivativeNotAllowed(uint256 parentId, uint8 derivativeRule);
    error AssetRegistry_DerivativeForOthers(uint256 assetId, bytes32 buyersRoot, bytes32 needed);

    /// @notice Lists an asset. Emits `AssetListed`. Active institutions with fewer open listings than their tier allows.
    /// @dev A population has one budget, opened by its first listing and held by that lister: listing again, revising or revoking
    ///      never opens a second one, and nobody else lists on it. The same dataset root does not come under another population of
    ///      the same lister. What the chain cannot see: rows that were salted anew, or a population under a new name, are new to it;
    ///      contributors of one group count once, and an auditor who gets the rows compares them.
    /// @param populationCap nano-rho that all jobs on the population may ever spend; used when the population is new
    function list(Kind kind, AssetVersion calldata version, AssetTerms calldata terms, uint64 populationCap, string calldata uri)
        external
        returns (uint256 assetId);

    /// @notice Lists a data product or a model that was made from listed assets. Emits `AssetListed` and `AssetDerived`.
    /// @dev A parent of another owner decides by the `derivativeRule` of the version named: 0 forbids; 1, internal use, allows a
    ///      listing for the lister alone (`buyersRoot` is the leaf of its account, for every later version too); 2 allows any.
    ///      The population is inherited: that of the parents where it is one and the lister holds it, so that its budget is
    ///      shared; else `derivedPopulation`, whose cap is 0: no job spends budget of people through it whose budget belongs to
    ///      others. What the chain cannot see: whether all parents are named, which version was used, and what is in the asset.
    /// @param version its `populationId` is the inherited one
    /// @param parents by ascending id, at least one, none of them revoked
    function listDerived(
        Kind kind,
        AssetVersion calldata version,
        AssetTerms calldata terms,
        Parent[] calldata parents,
        string calldata uri
    ) external returns (uint256 assetId);

    /// @notice Adds a version with its own rows and terms. Emits `AssetRevised`. The owner, an active institution.
    function revise(uint256 assetId, AssetVersion calldata version, AssetTerms calldata terms, string calldata uri)
        external
        returns (uint32 version_);

    /// @notice Takes a listing off the market for good, and frees its place. Emits `AssetRevoked`. The owner, suspended or not;
    ///         anyone where the owner left.
    /// @dev No job starts with it from this block on: one that is open cannot start and comes back to its buyer by `cancel` or
    ///      `expire`. A job that runs already is finished, settled and paid by its own rules; the ledgers keep what it used.
    function revoke(uint256 assetId) external;

    /// @notice Guardian only: stops `list`, never what an owner does with a listing that is there.
    function pause() external;
    function unpause() external;

    /// @notice Counts the use of every asset whose listing and terms the caller has checked (`TermsOfUse`), and refuses what only
    ///         the registry knows. Only a writer (the market).
    /// @return owners account that owns each asset now: contributor and payee of the job
    function useForJob(AssetClaim[] calldata claims) external returns (address[] memory owners);

    function listingHash(uint256 assetId, uint32 version) external view returns (bytes32);
    function latestVersion(uint256 assetId) external view returns (uint32);
    function isRevoked(uint256 assetId) external view returns (bool);
    /// @notice Assets that it was made from; none for one that was listed by itself.
    function parentsOf(uint256 assetId) external view returns (uint256[] memory);
    /// @notice Listings of the owner that are not revoked.
    function openListings(address owner) external view returns (uint256);
    /// @notice keccak256(abi.encode(lister, populations of the parents in their order)).
    function derivedPopulation(address lister, uint256[] calldata parents) external view returns (bytes32);
    function kindOf(uint256 assetId) external view returns (Kind);
    /// @notice Jobs that used the asset under a version with a limit.
    function jobsOf(uint256 assetId) external view returns (uint32);
}
