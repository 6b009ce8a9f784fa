// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ScaledMath} from "./ScaledMath.sol";

/// @title SubsampledRdp
/// @notice Rényi differential privacy of the Gaussian mechanism on a Poisson sample, at integer orders, rounded up.
/// @dev Mironov, Talwar, Zhang, "Rényi Differential Privacy of the Sampled Gaussian Mechanism" (2019), section 3.3, for an integer order a:
///      eps(a) = ln( sum over j = 0 … a of C(a,j) (1−q)^(a−j) q^j e^(j(j−1)/(2z²)) ) / (a − 1).
///      Each term follows from the one before, t_j = t_{j−1} · (a−j+1)/j · q/(1−q) · e^((j−1)/z²), so that one exponential is all that is
///      needed. Every step rounds up, by less than 2^-126 of its value. offchain/privacy/subsampledRdp.ts computes the same, to the unit.
library SubsampledRdp {
    uint256 internal constant ORDERS = 11;
    uint256 private constant LARGEST_ORDER = 64;
    /// @dev 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64 (protocol, section 7).
    bytes11 private constant ORDER_BYTES = 0x02030406080c1018203040;
    uint256 private constant PPB = 1e9;
    uint256 private constant NANO = 1e9;

    /// @notice The order of an index from 0 to ORDERS − 1.
    function orderAt(uint256 index) internal pure returns (uint256) {
        return uint8(ORDER_BYTES[index]);
    }

    /// @notice eps at every order of so many releases, in 1e-9, rounded up; 2^64 − 1 where it is that or more.
    /// @param noiseMilli noise multiplier z × 1000, at least 10
    /// @param samplePpb sampling rate q in parts per billion, from 1 to 999 999 999
    /// @param releases at most 2^16
    function epsilonsUp(uint256 noiseMilli, uint256 samplePpb, uint256 releases)
        internal
        pure
        returns (uint64[ORDERS] memory epsilons)
    {
        uint256[ORDERS] memory logarithms = _logarithmsUp(samplePpb, _growth(noiseMilli));
        for (uint256 i = 0; i < ORDERS; i++) {
            uint256 scale = (orderAt(i) - 1) << 127;
            uint256 epsilon = (releases * NANO * logarithms[i] + scale - 1) / scale;
            epsilons[i] = epsilon > type(uint64).max ? type(uint64).max : uint64(epsilon);
        }
    }

    /// @dev ln of the sum for every order, times 2^127.
    function _logarithmsUp(uint256 samplePpb, uint256[2][LARGEST_ORDER] memory growth)
        private
        pure
        returns (uint256[ORDERS] memory logarithms)
    {
        (uint256 keptM, int256 keptE) = ScaledMath.ratioUp(PPB - samplePpb, PPB);
        (uint256 noneM, int256 noneE) = (ScaledMath.ONE, int256(0));
        uint256 power;
        for (uint256 i = 0; i < ORDERS; i++) {
            uint256 order = orderAt(i);
            for (; power < order; power++) {
                (noneM, noneE) = ScaledMath.mulUp(noneM, noneE, keptM, keptE);
            }
            logarithms[i] = _logarithmUp(order, samplePpb, noneM, noneE, growth);
        }
    }

    /// @dev e^(j/z²) for j = 0 … 63, mantissa and exponent.
    function _growth(uint256 noiseMilli) private pure returns (uint256[2][LARGEST_ORDER] memory growth) {
        uint256 square = noiseMilli * noiseMilli;
        (uint256 rateM, int256 rateE) = ScaledMath.expUp(((1e6 << 127) + square - 1) / square);
        (uint256 m, int256 e) = (ScaledMath.ONE, int256(0));
        for (uint256 j = 0; j < LARGEST_ORDER; j++) {
            growth[j] = [m, uint256(e)];
            (m, e) = ScaledMath.mulUp(m, e, rateM, rateE);
        }
    }

    /// @dev ln of the sum for one order; (termM, termE) is its first term, (1−q)^order.
    function _logarithmUp(
        uint256 order,
        uint256 samplePpb,
        uint256 termM,
        int256 termE,
        uint256[2][LARGEST_ORDER] memory growth
    ) private pure returns (uint256) {
        (uint256 sumM, int256 sumE) = (termM, termE);
        for (uint256 j = 1; j <= order; j++) {
            (uint256 m, int256 e) = ScaledMath.ratioUp((order - j + 1) * samplePpb, j * (PPB - samplePpb));
            (m, e) = ScaledMath.mulUp(m, e, growth[j - 1][0], int256(growth[j - 1][1]));
            (termM, termE) = ScaledMath.mulUp(termM, termE, m, e);
            (sumM, sumE) = ScaledMath.addUp(sumM, sumE, termM, termE);
        }
        return ScaledMath.lnUp(sumM, sumE);
    }
}
