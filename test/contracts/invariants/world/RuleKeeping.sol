// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IRuleBook} from "../../../../contracts/governance/IRuleBook.sol";
import {Halting} from "./Halting.sol";

/// @notice Versions of the compliance rules. The first one is never retired: jobs go on.
abstract contract RuleKeeping is Halting {
    /// Version v stands at v − 1.
    IRuleBook.Rules[] internal _ruleBook;

    constructor() {
        _publish(0);
    }

    /// @param delay seconds until they are in force
    function _publish(uint256 delay) internal {
        bytes32 hash = keccak256(abi.encode("rules", _ruleBook.length));
        uint64 at = delay == 0 ? 0 : uint64(block.timestamp + delay);
        _rules.publish(hash, "board:rules", at);
        _published(hash, at);
    }

    /// @dev Into the books, whoever published.
    function _published(bytes32 hash, uint64 at) internal {
        _ruleBook.push(IRuleBook.Rules(hash, at == 0 ? uint64(block.timestamp) : at, 0, "board:rules"));
        _count("RuleBook.publish");
    }

    function _retire(uint256 version, uint64 at) internal {
        _rules.retire(uint32(version), at);
        IRuleBook.Rules storage rules = _ruleBook[version - 1];
        if (rules.retiresAt != 0 && rules.retiresAt < block.timestamp) _found("17: rules that had ended end again");
        if (at < block.timestamp) _found("17: rules ended in the past");
        rules.retiresAt = at;
        _count("RuleBook.retire");
    }

    function _inForce(uint256 version) internal view returns (bool) {
        IRuleBook.Rules storage rules = _ruleBook[version - 1];
        if (block.timestamp < rules.activatesAt) return false;
        return rules.retiresAt == 0 || block.timestamp <= uint256(rules.retiresAt) + RULES_GRACE;
    }

    /// @dev The newest version that is in force, or the first.
    function _validRules() internal view returns (uint32 version) {
        version = uint32(_ruleBook.length);
        while (version > 1 && !_inForce(version)) version--;
    }

    /// @notice 17. Versions are published one after the other and stay as they were published; only an end that has not come moves.
    function ruleVersions() public view returns (string memory) {
        if (_rules.latestVersion() != _ruleBook.length) return "17: rules that nobody published";
        for (uint256 version = 1; version <= _ruleBook.length; version++) {
            IRuleBook.Rules memory had = _rules.ruleOf(uint32(version));
            if (keccak256(abi.encode(had)) != keccak256(abi.encode(_ruleBook[version - 1]))) return "17: published rules changed";
            if (_rules.isValid(uint32(version)) != _inForce(version)) return "17: rules are valid out of their time";
        }
        return "";
    }
}
