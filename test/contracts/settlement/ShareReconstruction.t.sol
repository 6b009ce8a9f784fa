// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ScoresHarness} from "../harness/ScoresHarness.sol";
import {vm} from "../invariants/Cheats.sol";

/// @notice Any t + 1 words or more of a polynomial of degree t give its value at 0; one that is not on it is refused.
contract ShareReconstructionTest {
    uint256 private constant PRIME = 2 ** 61 - 1;
    uint256 private constant PLAYERS = 3;

    ScoresHarness private _scores = new ScoresHarness();

    /// @param seats bitmap of up to ten seats
    /// hardhat-config: fuzz.runs = 300
    function testFuzz_SecretsComeBack(uint64[3] calldata secrets, uint64[9] calldata coefficients, uint16 seats, uint8 degree)
        public
        view
    {
        (uint256 signers, uint256 t) = (seats % 1024, 1 + degree % 3);
        vm.assume(_count(signers) > t);
        int256[] memory found = _scores.reconstruct(_words(secrets, coefficients, signers, t), signers, t, PLAYERS);
        for (uint256 i = 0; i < PLAYERS; i++) {
            uint256 secret = secrets[i] % PRIME;
            require(found[i] == (secret > PRIME / 2 ? int256(secret) - int256(PRIME) : int256(secret)), "another secret");
        }
    }

    /// hardhat-config: fuzz.runs = 300
    function testFuzz_AWordThatWasMovedIsRefused(
        uint64[3] calldata secrets,
        uint64[9] calldata coefficients,
        uint16 seats,
        uint8 place,
        uint64 by
    ) public view {
        uint256 signers = seats % 1024;
        uint256 count = _count(signers);
        // With t + 1 words alone every set of words is some polynomial's.
        vm.assume(count > 3 && by % PRIME != 0);
        bytes memory words = _words(secrets, coefficients, signers, 2);
        uint256 at = 8 * (place % (count * PLAYERS));
        uint256 moved = (uint64(bytes8(_slice(words, at))) + uint256(by)) % PRIME;
        for (uint256 i = 0; i < 8; i++) {
            words[at + i] = bytes8(uint64(moved))[i];
        }
        (bool done,) = address(_scores).staticcall(
            abi.encodeCall(ScoresHarness.reconstruct, (words, signers, 2, PLAYERS))
        );
        require(!done, "a word beside the polynomial was taken");
    }

    /// hardhat-config: fuzz.runs = 100
    function testFuzz_AWordBeyondTheFieldIsRefused(uint64[3] calldata secrets, uint64[9] calldata coefficients, uint8 place)
        public
        view
    {
        bytes memory words = _words(secrets, coefficients, 15, 1);
        uint256 at = 8 * (place % 12);
        (words[at], words[at + 7]) = (0xff, 0xff);
        (bool done,) = address(_scores).staticcall(abi.encodeCall(ScoresHarness.reconstruct, (words, 15, 1, PLAYERS)));
        require(!done, "a word of p or more was taken");
    }

    function _words(uint64[3] calldata secrets, uint64[9] calldata coefficients, uint256 signers, uint256 t)
        private
        pure
        returns (bytes memory words)
    {
        for (uint256 seat = 0; signers >> seat != 0; seat++) {
            if ((signers >> seat) & 1 == 0) continue;
            for (uint256 i = 0; i < PLAYERS; i++) {
                uint256 value = 0;
                for (uint256 degree = t; degree > 0; degree--) {
                    value = mulmod(addmod(value, coefficients[3 * i + degree - 1], PRIME), seat + 1, PRIME);
                }
                words = bytes.concat(words, bytes8(uint64(addmod(value, secrets[i], PRIME))));
            }
        }
    }

    function _slice(bytes memory words, uint256 at) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 0x20), at))
        }
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) {
            count++;
        }
    }
}
