// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title IRuleBook
/// @notice Compliance rules by version: the hash of a document that nodes fetch, verify and obey. A job names its version.
/// @dev A version is valid from its activation until its retirement plus a grace, so that a job which was posted under rules that
///      are retired meanwhile can still start. Rules change forward in time only: what was published stays, and what was valid
///      at a past moment is so for ever.
interface IRuleBook {
    /// @param rulesHash keccak256 of the document's bytes
    /// @param activatesAt seconds since 1970
    /// @param retiresAt seconds since 1970; 0 = not retired
    struct Rules {
        bytes32 rulesHash;
        uint64 activatesAt;
        uint64 retiresAt;
        string uri;
    }

    event RulesPublished(uint32 indexed version, bytes32 indexed rulesHash, uint64 activatesAt, string uri);
    event RulesRetired(uint32 indexed version, uint64 retiresAt);

    error RuleBook_UnknownVersion(uint32 version);
    error RuleBook_NotValid(uint32 version, uint64 activatesAt, uint64 retiresAt);
    error RuleBook_BadHash();
    error RuleBook_BadGrace(uint64 had, uint64 most);
    error RuleBook_InThePast(uint64 had, uint64 needed);
    error RuleBook_AlreadyRetired(uint32 version, uint64 retiresAt);

    /// @notice Adds the next version, counted from 1. Emits `RulesPublished`. Governance only.
    /// @param uri where the document is found; `board:HASH` for the oracles' boards
    /// @param activatesAt seconds since 1970, not in the past; 0 = now
    function publish(bytes32 rulesHash, string calldata uri, uint64 activatesAt) external returns (uint32 version);

    /// @notice Sets when a version ends, or moves an end that has not come. Emits `RulesRetired`. Governance only.
    /// @param at seconds since 1970, neither in the past nor before the activation
    function retire(uint32 version, uint64 at) external;

    /// @notice Reverts with `RuleBook_NotValid` unless a job may start under the version now; a version that does not exist
    ///         has both times 0.
    /// @return until when it may for sure, whatever governance does: nothing ends sooner than now, and then the grace begins
    function validUntil(uint32 version) external view returns (uint64 until);
    function isValid(uint32 version) external view returns (bool);
    function ruleOf(uint32 version) external view returns (Rules memory);
    /// @notice Version that was published last; 0 = none.
    function latestVersion() external view returns (uint32);
    /// @notice Seconds after its retirement during which a version is still valid.
    function grace() external view returns (uint64);
}
