// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "../Cheats.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";

/// @notice A job as its driver keeps it: what the events said, and what was put in.
struct Job {
    bytes32 id;
    IJobTypes.State state;
    uint64 deadline;
    /// Parts as ABI encoding, empty before they exist.
    bytes terms;
    bytes head;
    bytes parties;
    bytes committee;
    bytes rounds;
    bytes proposal;
    /// As they were when it was posted, and when it was started.
    bytes[] listings;
    bytes roster;
    address[] seats;
    /// Numbers of the contributors and of the buyer.
    uint8[] banks;
    uint8 buyer;
    uint256 evaluatorBond;
    /// Stable minor units that the market holds for it.
    uint256 held;
    uint256 readySeats;
    bytes32 digest;
    uint16 certified;
    bytes32 slotWhenClosed;
}

/// @notice What the driver itself counts; the contracts are compared with it.
abstract contract Books {
    Job[] internal _jobs;
    mapping(bytes32 population => uint256) internal _reserved;
    mapping(bytes32 population => uint256) internal _spent;
    bytes32[] internal _populations;
    uint256 internal constant POPULATION_CAP = 6e9;

    uint256 internal _leaves;
    bytes32[32] internal _mountains;

    /// Incentive tokens.
    uint256 internal _withdrawnIncentives;
    mapping(uint256 who => uint256) internal _earned;
    uint256 internal _stakedIn;
    uint256 internal _stakedOut;
    uint256 internal _slashed;
    uint256 internal _claimed;
    /// Stable minor units.
    uint256 internal _issued;
    uint256 internal _deposited;
    uint256 internal _withdrawn;

    /// What must never happen, once it did; the first is kept.
    string internal _fault;

    /// Calls that went through, by entry point.
    mapping(string entryPoint => uint256) private _reached;
    string[] private _entryPoints;

    function _found(string memory fault) internal {
        if (bytes(_fault).length == 0) _fault = fault;
    }

    function _count(string memory entryPoint) internal {
        if (_reached[entryPoint]++ == 0) _entryPoints.push(entryPoint);
    }

    /// @notice `name:calls` of every entry point reached, by comma; and by whose rules: London has an opcode that Berlin lacks.
    function reached() external returns (string memory line) {
        line = _knows(hex"48600052600a6000f3") ? "London:1," : "Berlin:1,";
        for (uint256 i = 0; i < _entryPoints.length; i++) {
            line = string.concat(line, _entryPoints[i], ":", vm.toString(_reached[_entryPoints[i]]), ",");
        }
    }

    function _knows(bytes memory code) private returns (bool) {
        address made;
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        return made != address(0);
    }

    /// @dev A leaf joins the range: equal mountains merge.
    function _grow(bytes32 leaf) internal {
        uint256 height = 0;
        for (; (_leaves >> height) & 1 == 1; height++) {
            leaf = keccak256(bytes.concat(hex"01", _mountains[height], leaf));
        }
        _mountains[height] = leaf;
        _leaves++;
    }
}
