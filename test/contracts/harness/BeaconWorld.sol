// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IStakes} from "../../../contracts/oracle/IStakes.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";

/// @title BeaconWorld
/// @notice Stands for the market and the stakes around a beacon: a test says which job is in which state, and reads who was slashed.
contract BeaconWorld is IStakes {
    uint96 public constant minimumStake = 10;
    mapping(address account => uint96) public stakeOf;
    mapping(bytes32 jobId => IJobTypes.State) private _states;

    event Slashed(address account, uint16 bps, address reporter, address remainderTo);

    function setStake(address account, uint96 amount) external {
        stakeOf[account] = amount;
    }

    function setState(bytes32 jobId, IJobTypes.State state) external {
        _states[jobId] = state;
    }

    function slash(address[] calldata accounts, uint16 bps, address[] calldata beneficiaries, address remainderTo)
        external
        returns (uint256)
    {
        emit Slashed(accounts[0], bps, beneficiaries[0], remainderTo);
        return 0;
    }

    function jobOf(bytes32 jobId) external view returns (IJobTypes.State, uint64, bytes32) {
        return (_states[jobId], 0, 0);
    }
}
