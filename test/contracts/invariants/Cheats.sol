// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What the tests use of the cheatcodes that Hardhat's Solidity tests and forge serve at one address.
interface Cheats {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    /// @notice Sets `block.timestamp`, seconds since 1970.
    function warp(uint256 time) external;
    /// @notice Sets `block.number`.
    function roll(uint256 number) external;
    /// @notice Sets `blockhash(number)` of one of the last 256 blocks.
    function setBlockhash(uint256 number, bytes32 hash) external;
    /// @notice The next call comes from `caller`.
    function prank(address caller) external;
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    /// @notice ERC-2098 signature.
    function signCompact(uint256 privateKey, bytes32 digest) external pure returns (bytes32 r, bytes32 vs);
    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
    /// @notice Creation code of a built contract, named `path/File.sol:Name`.
    function getCode(string calldata artifact) external view returns (bytes memory);
    function writeLine(string calldata path, string calldata line) external;
    function toString(uint256 value) external pure returns (string memory);
    /// @notice Ends a fuzz run that drew what the test is not about.
    function assume(bool condition) external pure;
    function expectRevert(bytes calldata reason) external;
    function expectRevert() external;
    /// @notice Gives an address other code; its storage stays.
    function etch(address target, bytes calldata code) external;
    function record() external;
    function accesses(address target) external returns (bytes32[] memory reads, bytes32[] memory writes);
    function load(address target, bytes32 slot) external view returns (bytes32);
    function store(address target, bytes32 slot, bytes32 value) external;
    function chainId(uint256 id) external;
    function envOr(string calldata name, uint256 fallbackValue) external view returns (uint256);
}

Cheats constant vm = Cheats(address(uint160(uint256(keccak256("hevm cheat code")))));
