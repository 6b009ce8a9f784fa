// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {IUsageLedger} from "../ledger/IUsageLedger.sol";
import {IJobTypes} from "./IJobTypes.sol";

/// @title UsageCall
/// @notice `IUsageLedger.append`, its arguments written from the parts as they came: made as structs first, every word of an asset
///         would be copied three times.
library UsageCall {
    /// @notice Appends one leaf per asset. The parts are those of the job by their hashes, so their words are clean.
    /// @param contributors one for each of `assets`
    function append(
        IUsageLedger ledger,
        IUsageLedger.JobFacts memory job,
        IAssetRegistry.AssetUse[] memory assets,
        IJobTypes.Contributor[] calldata contributors
    ) internal returns (uint64 first) {
        uint256 selector = uint32(IUsageLedger.append.selector);
        assembly ("memory-safe") {
            // At `free` 4 bytes of selector in a word; 13 words of the job; offset and number of the assets; 4 words each.
            let free := mload(0x40)
            let data := add(free, 0x20)
            mstore(free, selector)
            for { let at := 0 } lt(at, 0x1a0) { at := add(at, 0x20) } { mstore(add(data, at), mload(add(job, at))) }
            mstore(add(data, 0x1a0), 0x1c0)
            mstore(add(data, 0x1c0), mload(assets))
            let to := add(data, 0x1e0)
            let holder := contributors.offset
            let end := add(add(assets, 0x20), shl(5, mload(assets)))
            for { let place := add(assets, 0x20) } lt(place, end) { place := add(place, 0x20) } {
                let asset := mload(place)
                // assetId and version; dataset root and account of its contributor.
                mstore(to, mload(asset))
                mstore(add(to, 0x20), mload(add(asset, 0x20)))
                mstore(add(to, 0x40), calldataload(add(holder, 0x20)))
                mstore(add(to, 0x60), shr(96, shl(32, calldataload(holder))))
                to := add(to, 0x80)
                holder := add(holder, 0x60)
            }
            // The call comes first: arguments are evaluated from the right. An account without code answers with nothing.
            let call_ := add(free, 0x1c)
            if iszero(and(gt(returndatasize(), 0x1f), call(gas(), ledger, 0, call_, sub(to, call_), 0x00, 0x20))) {
                returndatacopy(free, 0, returndatasize())
                revert(free, returndatasize())
            }
            first := mload(0x00)
        }
    }
}
