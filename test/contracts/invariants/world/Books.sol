// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {vm} from "../Cheats.sol";
import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";

/// @notice A dispute as its driver keeps it.
struct Dispute {
    /// Numbers of who challenged and what for, in their order.
    uint8[] challengers;
    uint8[] kinds;
    /// Stable minor units of each challenge.
    uint256 bond;
    uint64 openUntil;
    uint64 beaconRound;
    /// As the first challenge found it.
    bytes roster;
    /// ABI encoding; empty before it is seated.
    bytes panel;
    bool panelTooSmall;
    uint256 served;
    uint256 there;
}

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
    /// The job opened a round of the beacon for its committee, and for the second one.
    bool drew;
    bool drewSecond;
    Dispute dispute;
}

/// @notice What the driver itself counts; the contracts are compared with it.
abstract contract Books {
    Job[] internal _jobs;
    mapping(bytes32 population => uint256) internal _reserved;
    mapping(bytes32 population => uint256) internal _spent;
    bytes32[] internal _populations;
    uint256 internal constant POPULATION_CAP = 6e9;
    /// What nobody may spend: populations of what was derived from others' data.
    mapping(bytes32 population => bool) internal _withoutBudget;

    uint256 internal _leaves;
    bytes32[32] internal _mountains;

    /// Incentive tokens.
    uint256 internal _withdrawnIncentives;
    mapping(uint256 who => uint256) internal _earned;
    uint256 internal _stakedIn;
    uint256 internal _stakedOut;
    uint256 internal _slashed;
    uint256 internal _claimed;
    mapping(uint256 who => uint256) internal _stakes;
    mapping(uint256 who => uint256) internal _exits;
    mapping(uint256 who => uint256) internal _rewards;
    /// Stable minor units.
    uint256 internal _issued;
    uint256 internal _deposited;
    uint256 internal _withdrawn;
    /// Outside of the market.
    mapping(uint256 who => uint256) internal _tokens;
    mapping(uint256 who => uint256) internal _frozen;

    /// What must never happen, once it did; the first is kept.
    string internal _fault;

    /// Calls that went through, by entry point.
    mapping(string entryPoint => uint256) private _reached;
    string[] private _entryPoints;

    function _found(string memory fault) internal {
        if (bytes(_fault).length == 0) _fault = fault;
    }

    /// @dev Stable tokens that leave an account by its own will.
    function _sent(uint256 who, uint256 amount) internal {
        _tokens[who] -= amount;
        if (amount > 0 && _tokens[who] < _frozen[who]) _found("15: frozen tokens moved");
    }

    /// @dev `bps` of stake and exit, each rounded up; 30% of it in equal parts to who showed the fault, the rest to the treasury.
    function _slash(uint256[] memory oracles, uint256 bps, uint256[] memory winners, uint256 treasury) internal {
        uint256 taken = 0;
        for (uint256 i = 0; i < oracles.length; i++) {
            (uint256 stake, uint256 exit) = (_stakes[oracles[i]], _exits[oracles[i]]);
            (uint256 ofStake, uint256 ofExit) = ((stake * bps + 9999) / 10_000, (exit * bps + 9999) / 10_000);
            (_stakes[oracles[i]], _exits[oracles[i]]) = (stake - ofStake, exit - ofExit);
            taken += ofStake + ofExit;
        }
        _slashed += taken;
        uint256 each = winners.length == 0 ? 0 : taken * 3 / 10 / winners.length;
        for (uint256 i = 0; i < winners.length; i++) {
            _rewards[winners[i]] += each;
        }
        _rewards[treasury] += taken - each * winners.length;
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
