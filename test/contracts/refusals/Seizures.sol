// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IEscrow} from "../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../contracts/market/IJobMarket.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {vm} from "../invariants/Cheats.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Walk} from "./Walk.sol";
import {TermsPacking} from "../harness/TermsPacking.sol";

/// @notice What needs no hot path: credits that the regulator moves, jobs that are settled many at once, and who may post how many.
abstract contract SeizuresRefused is Walk {
    using TermsPacking for IJobTypes.JobTerms;

    function test_WhatIsNotSeized() public {
        address treasury = _accounts[People.TREASURY];
        bytes4 protocol = IJobTypes.JobMarket_ProtocolAccount.selector;
        _refused(treasury, _accounts[0], 1, abi.encodeWithSelector(protocol, treasury));
        _refused(address(_market), _accounts[0], 1, abi.encodeWithSelector(protocol, address(_market)));
        _refused(_accounts[0], address(_market), 1, abi.encodeWithSelector(protocol, address(_market)));
        _refused(_accounts[0], _accounts[1], 0, abi.encodeWithSelector(IEscrow.Escrow_ZeroAmount.selector));
        uint128 held = _market.creditOf(_accounts[0]).stable;
        bytes memory poor = abi.encodeWithSelector(IEscrow.Escrow_BalanceTooSmall.selector, _accounts[0], held, held + 1);
        _refused(_accounts[0], _accounts[1], held + 1, poor);
    }

    function test_APartOrAllOfACreditIsSeizedForTheTreasuryOrAnotherAccount() public {
        (uint128 held, uint128 before) = (_market.creditOf(_accounts[0]).stable, _market.creditOf(_accounts[1]).stable);
        _market.seize(_accounts[0], _accounts[1], 5, "case");
        require(_market.creditOf(_accounts[1]).stable == before + 5, "another account");
        uint128 treasury = _market.creditOf(_accounts[People.TREASURY]).stable;
        _market.seize(_accounts[0], address(0), type(uint128).max, "case");
        require(_market.creditOf(_accounts[0]).stable == 0, "not all of it");
        require(_market.creditOf(_accounts[People.TREASURY]).stable == treasury + held - 5, "not the treasury's");
    }

    function test_ABatchSettlesWhatIsDueAndNamesWhatIsNot() public {
        Job storage job = _to(IJobTypes.State.Proposed);
        bytes[] memory batch = new bytes[](2);
        batch[0] = abi.encode(bytes32("nobody's"));
        batch[1] = _settlement(job);
        vm.recordLogs();
        _market.settleBatch(batch);
        bytes memory skipped = _logged(IJobTypes.SettlementSkipped.selector);
        require(abi.decode(skipped, (bytes4)) == IJobTypes.JobMarket_TooEarly.selector, "another reason");
        vm.warp(job.deadline + 1);
        uint256 open = _market.openJobsOf(_accounts[0]);
        _market.settleBatch(batch);
        (IJobTypes.State state,,) = _market.jobOf(job.id);
        require(state == IJobTypes.State.Settled && _market.openJobsOf(_accounts[0]) == open - 1, "not settled");
    }

    /// @dev As many as its tier has, which are the same in this house: the profile is asked.
    function test_ABuyerOfEveryTierPosts() public {
        _incentive.setMinter(address(this), true);
        uint256[2] memory earned = [MEMBER_AT, 100_000e18];
        for (uint256 i = 0; i < 2; i++) {
            _incentive.mintEarned(_accounts[0], earned[i]);
            _registry.promote(_accounts[0]);
            uint256 open = _market.openJobsOf(_accounts[0]);
            _post(0);
            require(_market.openJobsOf(_accounts[0]) == open + 1, "not counted");
            vm.warp(block.timestamp + EPOCH_SECONDS);
        }
    }

    function _settlement(Job storage job) private view returns (bytes memory) {
        (IJobTypes.Head memory head, IJobTypes.JobTerms memory terms) = _opened(job);
        IJobTypes.Parties memory parties = abi.decode(job.parties, (IJobTypes.Parties));
        IJobTypes.Committee memory committee = abi.decode(job.committee, (IJobTypes.Committee));
        IJobTypes.Rounds memory rounds = abi.decode(job.rounds, (IJobTypes.Rounds));
        IJobTypes.Proposal memory proposal = abi.decode(job.proposal, (IJobTypes.Proposal));
        return abi.encode(job.id, head, terms.packed(), parties, committee, job.seats, rounds, proposal);
    }

    function _refused(address account, address to, uint128 stable, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(IJobMarket.seize, (account, to, stable, "case"));
        _expect(address(this), address(_market), call, refusal);
    }
}
