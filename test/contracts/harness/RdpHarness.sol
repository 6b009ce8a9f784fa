// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ScaledMath} from "../../../contracts/ledger/ScaledMath.sol";
import {SubsampledRdp} from "../../../contracts/ledger/SubsampledRdp.sol";

/// @title RdpHarness
contract RdpHarness {
    function epsilons(uint256 noiseMilli, uint256 samplePpb, uint256 releases) external pure returns (uint64[11] memory) {
        return SubsampledRdp.epsilonsUp(noiseMilli, samplePpb, releases);
    }

    function exp(uint256 fixedX) external pure returns (uint256 m, int256 e) {
        return ScaledMath.expUp(fixedX);
    }

    function ln(uint256 m, int256 e) external pure returns (uint256) {
        return ScaledMath.lnUp(m, e);
    }
}
