// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IRuleBook} from "./IRuleBook.sol";

/// @title RuleBook
contract RuleBook is IRuleBook, AccessManaged {
    uint64 private constant MAXIMUM_GRACE = 365 days;
    uint64 public immutable grace;
    uint32 public latestVersion;
    mapping(uint32 version => Rules) private _rules;

    constructor(address authority, uint64 grace_) AccessManaged(authority) {
        if (grace_ > MAXIMUM_GRACE) revert RuleBook_BadGrace(grace_, MAXIMUM_GRACE);
        grace = grace_;
    }

    /// @inheritdoc IRuleBook
    function publish(bytes32 rulesHash, string calldata uri, uint64 activatesAt)
        external
        restricted
        returns (uint32 version)
    {
        uint64 now_ = uint64(block.timestamp);
        if (rulesHash == 0) revert RuleBook_BadHash();
        if (activatesAt == 0) activatesAt = now_;
        if (activatesAt < now_) revert RuleBook_InThePast(activatesAt, now_);
        version = ++latestVersion;
        _rules[version] = Rules(rulesHash, activatesAt, 0, uri);
        emit RulesPublished(version, rulesHash, activatesAt, uri);
    }

    /// @inheritdoc IRuleBook
    function retire(uint32 version, uint64 at) external restricted {
        Rules storage rules = _rules[version];
        (uint64 activatesAt, uint64 retiresAt) = (rules.activatesAt, rules.retiresAt);
        if (activatesAt == 0) revert RuleBook_UnknownVersion(version);
        if (retiresAt != 0 && retiresAt < block.timestamp) revert RuleBook_AlreadyRetired(version, retiresAt);
        uint64 least = activatesAt > block.timestamp ? activatesAt : uint64(block.timestamp);
        if (at < least) revert RuleBook_InThePast(at, least);
        rules.retiresAt = at;
        emit RulesRetired(version, at);
    }

    /// @inheritdoc IRuleBook
    function validUntil(uint32 version) external view returns (uint64 until) {
        Rules storage rules = _rules[version];
        (uint64 activatesAt, uint64 retiresAt) = (rules.activatesAt, rules.retiresAt);
        if (!_isValid(activatesAt, retiresAt)) revert RuleBook_NotValid(version, activatesAt, retiresAt);
        // Not retired, or not yet: it can be from now on, and no sooner.
        bool retired = retiresAt != 0 && retiresAt < block.timestamp;
        return (retired ? retiresAt : uint64(block.timestamp)) + grace;
    }

    /// @inheritdoc IRuleBook
    function isValid(uint32 version) external view returns (bool) {
        Rules storage rules = _rules[version];
        return _isValid(rules.activatesAt, rules.retiresAt);
    }

    /// @inheritdoc IRuleBook
    function ruleOf(uint32 version) external view returns (Rules memory) {
        return _rules[version];
    }

    function _isValid(uint64 activatesAt, uint64 retiresAt) private view returns (bool) {
        if (activatesAt == 0 || block.timestamp < activatesAt) return false;
        return retiresAt == 0 || block.timestamp <= uint256(retiresAt) + grace;
    }
}
