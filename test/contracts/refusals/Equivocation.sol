// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Seals} from "../invariants/world/Seals.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Two statements of one operator that contradict each other cost its oracle the whole stake; anything less costs nothing.
abstract contract EquivocationRefused is Refusals {
    uint256 private constant LIAR = People.FIRST_ORACLE;

    function test_WhatIsNoContradiction() public {
        (bytes memory one, bytes32 oneHash) = _state("job", 1, "a");
        (bytes memory other, bytes32 otherHash) = _state("job", 1, "b");
        (bytes memory later, bytes32 laterHash) = _state("job", 2, "b");
        _refused(hex"00", other, oneHash, otherHash, LIAR, "length");
        _refused(one, hex"00", oneHash, otherHash, LIAR, "length");
        _refused(one, later, oneHash, laterHash, LIAR, "subject");
        _refused(one, one, oneHash, oneHash, LIAR, "digest");
        _refused(one, other, oneHash, otherHash, LIAR + 1, "signature");
        _refused(one, other, oneHash, oneHash, LIAR, "signature");
        bytes memory long = bytes.concat(_signed(oneHash, LIAR), hex"00");
        _expect(_accounts[0], address(_market), _call(one, other, long, _signed(otherHash, LIAR)), _none("signature"));
        bytes memory zero = new bytes(64);
        _expect(_accounts[0], address(_market), _call(one, other, zero, zero), _none("signature"));
        // A bank's operator is no oracle's.
        bytes memory bank = _call(one, other, _signed(oneHash, People.FIRST_BANK), _signed(otherHash, People.FIRST_BANK));
        _expect(_accounts[0], address(_market), bank, _none("operator"));
    }

    function test_AContradictionCostsTheWholeStakeAndThirtyPercentGoToWhoShowedIt() public {
        (bytes memory one, bytes32 oneHash) = _state("job", 1, "a");
        (bytes memory other, bytes32 otherHash) = _state("job", 1, "b");
        _caught(LIAR, _call(one, other, _signed(oneHash, LIAR), _signed(otherHash, LIAR)));
        IJobTypes.ShareStatement memory share = IJobTypes.ShareStatement("job", 1, 2, "rounds", "values");
        (one, oneHash) = (abi.encode(share), Seals.hashOf(share));
        share.valuesHash = "others";
        (other, otherHash) = (abi.encode(share), Seals.hashOf(share));
        (bytes memory first, bytes memory second) = (_signed(oneHash, LIAR + 1), _signed(otherHash, LIAR + 1));
        IDisputeTypes.StatementKind kind = IDisputeTypes.StatementKind.ShareStatement;
        _caught(LIAR + 1, abi.encodeCall(IJobMarket.reportEquivocation, (kind, one, other, first, second)));
        IJobTypes.JobResult memory result;
        (one, oneHash) = (abi.encode(result), Seals.hashOf(result));
        result.wordsHash = "others";
        (other, otherHash) = (abi.encode(result), Seals.hashOf(result));
        (first, second) = (_signed(oneHash, LIAR + 2), _signed(otherHash, LIAR + 2));
        kind = IDisputeTypes.StatementKind.Result;
        _caught(LIAR + 2, abi.encodeCall(IJobMarket.reportEquivocation, (kind, one, other, first, second)));
    }

    function _caught(uint256 liar, bytes memory call) private {
        uint256 stake = _committee.stakeOf(_accounts[liar]);
        (uint256 reward, uint256 treasury) = (_reward(0), _reward(People.TREASURY));
        vm.prank(_accounts[0]);
        (bool done,) = address(_market).call(call);
        require(done, "refused");
        require(_committee.stakeOf(_accounts[liar]) == 0, "a stake is left");
        require(_reward(0) - reward == stake * 3 / 10, "another reward");
        require(_reward(People.TREASURY) - treasury == stake - stake * 3 / 10, "another remainder");
    }

    function _refused(bytes memory one, bytes memory other, bytes32 oneHash, bytes32 otherHash, uint256 second, string memory field)
        private
    {
        bytes memory call = _call(one, other, _signed(oneHash, LIAR), _signed(otherHash, second));
        _expect(_accounts[0], address(_market), call, _none(field));
    }

    function _call(bytes memory one, bytes memory other, bytes memory first, bytes memory second)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeCall(IJobMarket.reportEquivocation, (IDisputeTypes.StatementKind.State, one, other, first, second));
    }

    function _none(string memory field) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDisputeTypes.JobMarket_NoEquivocation.selector, field);
    }

    function _signed(bytes32 structHash, uint256 who) private view returns (bytes memory) {
        return Seals.sign(People.operatorKey(who, 0), _domain, structHash);
    }

    function _reward(uint256 who) private view returns (uint256) {
        return _committee.rewardOf(_accounts[who]);
    }

    function _state(bytes32 jobId, uint16 round, bytes32 stateHash) private pure returns (bytes memory, bytes32) {
        IJobTypes.StateAttestation memory state = IJobTypes.StateAttestation(jobId, round, stateHash, "rounds");
        return (abi.encode(state), Seals.hashOf(state));
    }
}
