// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CommitRevealBeacon} from "../../../../contracts/oracle/CommitRevealBeacon.sol";
import {IBeacon} from "../../../../contracts/oracle/IBeacon.sol";
import {IOracleCommittee} from "../../../../contracts/oracle/IOracleCommittee.sol";
import {IERC7943Fungible} from "../../../../contracts/tokens/IERC7943Fungible.sol";
import {IEscrow} from "../../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../../contracts/market/IJobMarket.sol";
import {IIncentiveToken} from "../../../../contracts/tokens/IIncentiveToken.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {vm} from "../Cheats.sol";

/// @notice Runs the code of a real contract on its own storage, and does something wrong around it.
abstract contract PlantedBug {
    address private immutable _real;

    constructor(address real) {
        _real = real;
    }

    fallback() external {
        (bool done, bytes memory answer) = _run(msg.sig);
        assembly ("memory-safe") {
            if iszero(done) { revert(add(answer, 0x20), mload(answer)) }
            return(add(answer, 0x20), mload(answer))
        }
    }

    function _run(bytes4 selector) internal virtual returns (bool done, bytes memory answer);

    function _truly() internal returns (bool done, bytes memory answer) {
        return _real.delegatecall(msg.data);
    }

    /// @dev What the real contract answers.
    function _asked(bytes memory getter) internal returns (uint256 value) {
        (bool done, bytes memory answer) = _real.delegatecall(getter);
        require(done, "no getter");
        return abi.decode(answer, (uint256));
    }

    /// @dev The slot that a getter of one value reads.
    function _slotRead(bytes memory getter) internal returns (bytes32 slot) {
        vm.record();
        (bool done,) = _real.delegatecall(getter);
        (bytes32[] memory reads,) = vm.accesses(address(this));
        require(done && reads.length > 0, "no getter");
        return reads[reads.length - 1];
    }

    function _load(bytes32 slot) internal view returns (uint256 value) {
        assembly ("memory-safe") {
            value := sload(slot)
        }
    }

    function _put(bytes32 slot, uint256 value) internal {
        assembly ("memory-safe") {
            sstore(slot, value)
        }
    }
}

/// @notice After a call to `selector` the slot that `getter` reads is again what it was, or one more than it is.
contract Forgetful is PlantedBug {
    bytes4 private immutable _selector;
    bytes4 private immutable _getter;
    /// Words of the call that the getter takes, 0 or the first of them.
    uint256 private immutable _words;
    bool private immutable _adds;

    constructor(address real, bytes4 selector, bytes4 getter, uint256 words, bool adds) PlantedBug(real) {
        (_selector, _getter, _words, _adds) = (selector, getter, words, adds);
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        if (selector != _selector) return _truly();
        bytes memory argument = _words == 0 ? new bytes(0) : _words == 1 ? msg.data[4:36] : abi.encode(msg.sender);
        bytes32 slot = _slotRead(bytes.concat(_getter, argument));
        uint256 before = _load(slot);
        (done, answer) = _truly();
        if (done) _put(slot, _adds ? _load(slot) + 1 : before);
    }
}

/// @notice What `selector` refuses counts as done.
contract Lenient is PlantedBug {
    bytes4 private immutable _selector;

    constructor(address real, bytes4 selector) PlantedBug(real) {
        _selector = selector;
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (selector == _selector && !done) return (true, new bytes(32));
    }
}

/// @notice `selector` is refused.
contract Stubborn is PlantedBug {
    bytes4 private immutable _selector;

    constructor(address real, bytes4 selector) PlantedBug(real) {
        _selector = selector;
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        return selector == _selector ? (false, new bytes(0)) : _truly();
    }
}

/// @notice Whoever withdraws gets one unit more than it is debited.
contract Leaking is PlantedBug {
    IERC20 private immutable _token;
    bytes4 private immutable _selector;

    constructor(address real, bytes4 selector, IERC20 token) PlantedBug(real) {
        (_selector, _token) = (selector, token);
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (done && selector == _selector) _token.transfer(msg.sender, 1);
    }
}

/// @notice Whoever withdraws is minted incentives that nobody credited.
contract Generous is PlantedBug {
    IIncentiveToken private immutable _token;
    bytes4 private immutable _selector;

    constructor(address real, bytes4 selector, IIncentiveToken token) PlantedBug(real) {
        (_selector, _token) = (selector, token);
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (done && selector == _selector) _token.mintEarned(msg.sender, 1);
    }
}

/// @notice A call of `selector` moves the deadline of its job, or of the job that the call before was about.
contract Restless is PlantedBug {
    bytes32 private constant BEFORE = keccak256("the job before");
    bytes4 private immutable _selector;
    bool private immutable _own;

    constructor(address real, bytes4 selector, bool own) PlantedBug(real) {
        (_selector, _own) = (selector, own);
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (!done || selector != _selector) return (done, answer);
        uint256 job = uint256(bytes32(msg.data[4:36]));
        uint256 before = _own ? job : _load(BEFORE);
        if (before != 0) {
            bytes32 slot = _slotRead(abi.encodeCall(IJobMarket.jobOf, (bytes32(before))));
            _put(slot, _load(slot) + (1 << 200));
        }
        _put(BEFORE, job);
    }
}

/// @notice After a call to `selector` an account's credit is more by `amount`, incentives in the upper half of the word.
contract Overpaying is PlantedBug {
    bytes4 private immutable _selector;
    address private immutable _account;
    uint256 private immutable _amount;

    constructor(address real, bytes4 selector, address account, uint256 amount) PlantedBug(real) {
        (_selector, _account, _amount) = (selector, account, amount);
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (!done || selector != _selector) return (done, answer);
        bytes32 slot = _slotRead(abi.encodeCall(IEscrow.creditOf, (_account)));
        _put(slot, _load(slot) + _amount);
    }
}

/// @notice `selector` does nothing and counts as done.
contract Deaf is PlantedBug {
    bytes4 private immutable _selector;

    constructor(address real, bytes4 selector) PlantedBug(real) {
        _selector = selector;
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        return selector == _selector ? (true, new bytes(32)) : _truly();
    }
}

/// @notice Of the accounts that are slashed the first keeps its stake, or who showed the fault gets a unit more.
contract Forgiving is PlantedBug {
    bool private immutable _rewards;

    constructor(address real, bool rewards) PlantedBug(real) {
        _rewards = rewards;
    }

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        if (selector != IOracleCommittee.slash.selector) return _truly();
        (address[] memory accounts,, address[] memory winners,) =
            abi.decode(msg.data[4:], (address[], uint16, address[], address));
        if (_rewards ? winners.length == 0 : accounts.length == 0) return _truly();
        bytes memory getter = _rewards
            ? abi.encodeCall(IOracleCommittee.rewardOf, (winners[0]))
            : abi.encodeCall(IOracleCommittee.stakeOf, (accounts[0]));
        bytes32 slot = _slotRead(getter);
        uint256 before = _load(slot);
        (done, answer) = _truly();
        if (done) _put(slot, _rewards ? _load(slot) + 1 : before);
    }
}

/// @notice Whoever opens a round of the beacon changes the value of the one before.
contract Fickle is PlantedBug {
    constructor(address real) PlantedBug(real) {}

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        (done, answer) = _truly();
        if (!done || selector != CommitRevealBeacon.open.selector) return (done, answer);
        uint64 round = abi.decode(answer, (uint64)) - 1;
        if (round == 0) return (done, answer);
        bytes32 slot = _slotRead(abi.encodeCall(IBeacon.seedOf, (round)));
        _put(slot, _load(slot) ^ 1);
    }
}

/// @notice A freeze binds nobody who pays.
contract Thawing is PlantedBug {
    constructor(address real) PlantedBug(real) {}

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        if (selector != bytes4(keccak256("transfer(address,uint256)"))) return _truly();
        bytes32 slot = _slotRead(abi.encodeCall(IERC7943Fungible.getFrozenTokens, (msg.sender)));
        uint256 before = _load(slot);
        _put(slot, 0);
        (done, answer) = _truly();
        _put(slot, before);
    }
}

/// @notice Whoever executes a proposal queues it in the same breath.
contract Hasty is PlantedBug {
    constructor(address real) PlantedBug(real) {}

    function _run(bytes4 selector) internal override returns (bool done, bytes memory answer) {
        if (selector == bytes4(keccak256("execute(address[],uint256[],bytes[],bytes32)"))) {
            bytes4 getter = bytes4(keccak256("getProposalId(address[],uint256[],bytes[],bytes32)"));
            bytes32 slot = _slotRead(abi.encodeWithSignature("proposalEta(uint256)", _asked(bytes.concat(getter, msg.data[4:]))));
            if (_load(slot) == 0) _put(slot, 1);
        }
        return _truly();
    }
}
