// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../../contracts/market/IJobTypes.sol";
import {vm} from "../Cheats.sol";
import {Job} from "./Books.sol";
import {Revealing} from "./Revealing.sol";

/// @notice Halts of the chain that are on record, and when windows end that were open then.
abstract contract Halting is Revealing {
    struct Halted {
        uint256 from;
        uint256 until;
    }

    /// @dev Long enough that no window closes by accident: what waits for one to close moves the clock itself.
    uint32 internal constant STEP_SECONDS = 20 days;

    /// By ascending time.
    Halted[] internal _halted;

    /// @dev The chain makes no block for so long; returns the headers that prove it, the second of which it has the hash of.
    function _halt(uint256 length) internal returns (bytes memory parent, bytes memory header) {
        uint256 number = block.number + 1;
        parent = _header(bytes32(number), number - 1, block.timestamp);
        _halted.push(Halted(block.timestamp, block.timestamp + length));
        vm.warp(block.timestamp + length);
        header = _header(keccak256(parent), number, block.timestamp);
        vm.roll(number + 1);
        vm.setBlockhash(number, keccak256(header));
    }

    function _recordHalt(bytes memory parent, bytes memory header) internal {
        _market.recordHalt(parent, header);
        _count("JobMarket.recordHalt");
    }

    /// @dev Twelve fields of a header in RLP; what the market does not read is one zero byte each.
    function _header(bytes32 parentHash, uint256 number, uint256 time) internal pure returns (bytes memory) {
        bytes memory fields =
            bytes.concat(hex"a0", parentHash, new bytes(7), hex"88", bytes8(uint64(number)), hex"0000");
        fields = bytes.concat(fields, hex"88", bytes8(uint64(time)));
        return bytes.concat(hex"f8", bytes1(uint8(fields.length)), fields);
    }

    /// @dev When a window ends that would have ended at `end`: every halt that began while it was open moves its end.
    function _moved(uint256 end, uint256 window) internal view returns (uint256) {
        uint256 opened = end - window;
        for (uint256 i = 0; i < _halted.length; i++) {
            Halted storage halt = _halted[i];
            if (halt.from >= opened && halt.from <= end) end += halt.until - halt.from;
        }
        return end;
    }

    /// @dev When the step is too late that the job waits for; of a dispute, the one of its panel.
    function _endOf(Job storage job) internal view returns (uint256) {
        IJobTypes.State state = job.state;
        if (state == IJobTypes.State.Proposed) return _moved(job.deadline, CHALLENGE_SECONDS);
        if (state != IJobTypes.State.Disputed) return _moved(job.deadline, STEP_SECONDS);
        if (job.dispute.panelTooSmall) return job.deadline;
        if (job.dispute.panel.length > 0) return _moved(job.deadline, VERDICT_SECONDS);
        return _moved(job.deadline, CHALLENGE_SECONDS + SEAT_SECONDS);
    }
}
