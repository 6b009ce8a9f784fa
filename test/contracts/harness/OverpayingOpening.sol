// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {JobBase, MarketContracts} from "../../../contracts/market/JobBase.sol";
import {JobParts, Parts} from "../../../contracts/market/JobParts.sol";
import {MarketParameters} from "../../../contracts/market/MarketParameters.sol";

/// @notice Planted bug: a half whose `cancel` gives the buyer one unit that the job did not hold.
contract OverpayingOpening is JobBase {
    using JobParts for Head;

    constructor(MarketContracts memory contracts, MarketParameters memory parameters) JobBase(contracts, parameters) {}

    function cancel(bytes32 jobId, Head calldata head, PackedTerms calldata) external {
        Parts memory parts;
        parts.head = head.hashOf();
        _load(jobId, State.Open, parts);
        _close(jobId, State.Cancelled, parts);
        uint256 refunded = head.limits.escrow() + jobDeposit;
        _credit(head.shape.buyer(), refunded + 1);
        emit JobCancelled(jobId, uint128(refunded));
    }
}
