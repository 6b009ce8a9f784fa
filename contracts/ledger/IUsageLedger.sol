// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IUsageLedger
/// @notice Append-only log of usage proofs: a Merkle mountain range of keccak256 leaves.
/// @dev leaf hash = keccak256(0x00 ‖ abi.encode(UsageProof)), node = keccak256(0x01 ‖ left ‖ right),
///      root = peaks bagged from right to left as keccak256(0x01 ‖ peak ‖ bag) and then keccak256(0x02 ‖ size ‖ bag).
interface IUsageLedger {
    /// @notice One leaf per (job, asset), built by the market from its own state.
    /// @param rhoNano nano-rho committed
    /// @param outcome final state of the job: 1 settled, 2 failed, 3 settled after absence
    /// @param time block time, seconds since 1970
    struct UsageProof {
        bytes32 jobId;
        uint256 assetId;
        uint32 version;
        bytes32 datasetRoot;
        address institution;
        address buyer;
        uint16 purpose;
        uint16 legalBasis;
        bytes32 termsHash;
        bytes32 codeHash;
        uint32 rulesVersion;
        uint8 aggregation;
        uint64 rhoNano;
        bytes32 roundsDigest;
        bytes32 modelRoot;
        uint8 outcome;
        uint64 time;
    }

    /// @notice What the leaves of one job have in common.
    struct JobFacts {
        bytes32 jobId;
        address buyer;
        uint16 purpose;
        uint16 legalBasis;
        bytes32 termsHash;
        bytes32 codeHash;
        uint32 rulesVersion;
        uint8 aggregation;
        uint64 rhoNano;
        bytes32 roundsDigest;
        bytes32 modelRoot;
        uint8 outcome;
        uint64 time;
    }

    /// @notice What is an asset's own in a leaf.
    struct AssetFacts {
        uint256 assetId;
        uint32 version;
        bytes32 datasetRoot;
        address institution;
    }

    /// @notice What the event tells of an asset. asset: institution (160 bits from 0) | version (32 from 160) | assetId (64 from 192)
    struct AssetWords {
        uint256 asset;
        bytes32 datasetRoot;
    }

    /// @notice Leaves `first` .. `first + assets.length - 1` were appended: each is the job's facts with one asset's.
    /// @param facts time (64 bits from 0) | rhoNano (64) | rulesVersion (32 from 128) | legalBasis (16) | purpose (16) | aggregation (8 from
    ///        192) | outcome (8)
    event UsageAppended(
        bytes32 indexed jobId,
        uint64 first,
        uint256 facts,
        address buyer,
        bytes32 termsHash,
        bytes32 codeHash,
        bytes32 roundsDigest,
        bytes32 modelRoot,
        AssetWords[] assets
    );

    /// @notice A job that a former writer closed has no leaf: a vote had taken its pen away.
    event UsageRefused(address indexed writer, bytes32 indexed jobId);

    error UsageLedger_NotWriter(address caller);
    /// @dev Ids are counted: the event has 64 bits for one.
    error UsageLedger_BadAsset(uint256 assetId);

    /// @notice Appends one leaf per asset. Only a writer (the market). What a former one brings is not written, and not refused either:
    ///         the money of jobs that were open when a vote took its pen away must come out. Emits UsageAppended or UsageRefused.
    ///         Requirements: `UsageLedger_NotWriter`.
    /// @return first index of the job's first leaf; 2^64 − 1: none was written
    function append(JobFacts calldata job, AssetFacts[] calldata assets) external returns (uint64 first);
    function size() external view returns (uint64);
    function root() external view returns (bytes32);
    /// @return peaks hashes of the mountains, highest first
    function peaks() external view returns (bytes32[] memory);
    /// @param path siblings from the leaf up to the peak of its mountain in the range of today's size
    function verify(UsageProof calldata proof, uint64 index, bytes32[] calldata path) external view returns (bool);
    /// @notice The same for a root that the caller holds, of whatever size: nothing of the ledger's state is read, so a light client that
    ///         followed `size` and `root` by state proofs asks any node, or none.
    /// @param peaks_ hashes of the mountains of that size, highest first
    function includes(
        bytes32 root_,
        uint64 size_,
        bytes32[] calldata peaks_,
        UsageProof calldata proof,
        uint64 index,
        bytes32[] calldata path
    ) external pure returns (bool);
}
