// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsageLedger} from "../../../contracts/ledger/IUsageLedger.sol";
import {UsageLedger} from "../../../contracts/ledger/UsageLedger.sol";
import {MountainRangeCheck} from "./MountainRangeCheck.sol";

/// @notice Appends batches of random size and remembers every leaf.
contract UsageHandler {
    UsageLedger public immutable ledger;
    bytes32[] private _leaves;

    constructor(UsageLedger ledger_) {
        ledger = ledger_;
    }

    function append(uint256 seed, uint256 size) external {
        size %= 4;
        if (_leaves.length + size > 200) return;
        IUsageLedger.UsageProof[] memory proofs = new IUsageLedger.UsageProof[](size);
        for (uint256 i = 0; i < size; i++) {
            proofs[i].jobId = keccak256(abi.encode(seed, i));
            proofs[i].rhoNano = uint64(seed);
            _leaves.push(keccak256(bytes.concat(hex"00", abi.encode(proofs[i]))));
        }
        require(ledger.append(proofs) == _leaves.length - size, "the first leaf's number");
    }

    /// @notice Invariant 3.
    function holds() external view returns (bool) {
        return ledger.size() == _leaves.length && MountainRangeCheck.equal(ledger.peaks(), MountainRangeCheck.peaks(_leaves));
    }

    function count() external view returns (uint256) {
        return _leaves.length;
    }
}
