// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title HeaderReader
/// @notice Three fields of a block header in RLP: a list whose items 0, 8 and 11 are the parent's hash, the number and the time,
///         the same in Ethereum's, IBFT's and QBFT's headers.
/// @dev Reads nothing beyond the bytes that were brought and takes no item that is a list. It does not say whether the bytes are a
///      header: the caller compares their hash with the chain's.
library HeaderReader {
    uint256 private constant NUMBER = 8;
    uint256 private constant TIME = 11;

    /// @return well false when the bytes do not hold the fields; then the other values mean nothing
    function read(bytes calldata header)
        internal
        pure
        returns (bool well, bytes32 parentHash, uint256 number, uint256 time)
    {
        (uint256 at, uint256 size, bool list) = _item(header, 0);
        if (!list || at + size != header.length) return (false, 0, 0, 0);
        for (uint256 field = 0; field <= TIME; field++) {
            if (at >= header.length) return (false, 0, 0, 0);
            (at, size, list) = _item(header, at);
            if (list || at + size > header.length) return (false, 0, 0, 0);
            if (field == 0) {
                if (size != 32) return (false, 0, 0, 0);
                parentHash = bytes32(header[at:at + 32]);
            } else if (field == NUMBER || field == TIME) {
                // Times of a chain that counts seconds, and all numbers, are far below 2^64.
                if (size > 8) return (false, 0, 0, 0);
                uint256 value;
                for (uint256 i = 0; i < size; i++) {
                    value = value << 8 | uint8(header[at + i]);
                }
                if (field == NUMBER) number = value;
                else time = value;
            }
            at += size;
        }
        return (true, parentHash, number, time);
    }

    /// @dev Where the payload of the item at `at` begins, and its size; a size that does not fit ends beyond the bytes.
    function _item(bytes calldata header, uint256 at) private pure returns (uint256 payload, uint256 size, bool list) {
        if (at >= header.length) return (at, type(uint128).max, false);
        uint256 first = uint8(header[at]);
        list = first >= 0xc0;
        if (first < 0x80) return (at, 1, false);
        uint256 base = list ? 0xc0 : 0x80;
        if (first < base + 56) return (at + 1, first - base, list);
        uint256 bytesOfSize = first - base - 55;
        // No header is as long as 2^32 bytes.
        if (bytesOfSize > 4 || at + bytesOfSize >= header.length) return (at, type(uint128).max, list);
        for (uint256 i = 1; i <= bytesOfSize; i++) {
            size = size << 8 | uint8(header[at + i]);
        }
        return (at + 1 + bytesOfSize, size, list);
    }
}
