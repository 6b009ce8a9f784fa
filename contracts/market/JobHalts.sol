// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HeaderReader} from "./HeaderReader.sol";
import {IDisputeTypes} from "./IDisputeTypes.sol";
import {JobBase} from "./JobBase.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobHalts
/// @notice Halts of the chain go on record, and windows that were open then end later. Code of `JobMarket`, which runs it by
///         delegatecall.
/// @dev A record is looked at when a step is late, by the exits and by `settle` (JobBase._extended): a step in time pays nothing.
///      Windows end later by rule, not by a write of each job, so it does not matter how many are open.
abstract contract JobHalts is JobBase, IDisputeTypes {
    /// @notice Seconds between two blocks from which on the chain counts as halted.
    uint32 internal immutable _haltGap;

    constructor(MarketParameters memory parameters) {
        _haltGap = parameters.haltGap;
    }

    /// @notice See IJobMarket.
    function recordHalt(bytes calldata parentHeader, bytes calldata header) external {
        (bool well, bytes32 parentHash, uint256 number, uint256 until) = HeaderReader.read(header);
        if (!well) revert JobMarket_BadHeader("header");
        bytes32 known = blockhash(number);
        if (known == 0 || keccak256(header) != known) revert JobMarket_BadHeader("blockhash");
        if (keccak256(parentHeader) != parentHash) revert JobMarket_BadHeader("parentHash");
        uint256 from;
        (well,,, from) = HeaderReader.read(parentHeader);
        if (!well) revert JobMarket_BadHeader("parentHeader");
        if (until - from <= _haltGap) revert JobMarket_NoHalt(until - from, uint256(_haltGap) + 1);

        _insert(Halt(uint64(from), uint64(until)));
        if (from > _emission.haltedFrom) _emission.haltedFrom = uint40(from);
        emit HaltRecorded(uint64(from), uint64(until), uint64(number));
    }

    /// @dev By ascending time: two halts within 256 blocks may be told in any order, and the later one must not shut out the earlier.
    function _insert(Halt memory halt) private {
        uint256 place = _halts.length;
        _halts.push(halt);
        for (; place > 0; place--) {
            Halt memory before = _halts[place - 1];
            if (before.from == halt.from) revert JobMarket_HaltKnown(halt.from);
            if (before.from < halt.from) break;
            _halts[place] = before;
        }
        _halts[place] = halt;
    }
}
