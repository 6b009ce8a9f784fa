// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Escrow} from "./Escrow.sol";
import {EscrowBook} from "./EscrowBook.sol";
import {IEscrow} from "./IEscrow.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobAbsence} from "./JobAbsence.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobFailing} from "./JobFailing.sol";
import {JobHalts} from "./JobHalts.sol";
import {JobSettling} from "./JobSettling.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobEnding
/// @notice Who was there, and what becomes of a job that nobody brings further; what the chain itself missed; what needs no hot
///         path: deposits and withdrawals, batches and seizure.
///         Code of `JobMarket`, which runs it by delegatecall.
contract JobEnding is JobAbsence, JobFailing, JobHalts, Escrow {
    constructor(MarketContracts memory contracts, MarketParameters memory parameters)
        JobBase(contracts, parameters)
        JobSettling(parameters)
        JobHalts(parameters)
        Escrow(contracts.stableToken, contracts.incentiveToken)
    {}

    /// @notice See IJobMarket.
    /// @dev Each is a call of its own to the market, whose `settle` asks for nobody in particular. A caller that gives too little gas
    ///      has its jobs skipped and nothing else.
    function settleBatch(bytes[] calldata settlements) external {
        for (uint256 i = 0; i < settlements.length; i++) {
            (bool done, bytes memory reason) =
            // solhint-disable-next-line avoid-low-level-calls
             address(this).call(bytes.concat(IJobMarket.settle.selector, settlements[i]));
            if (!done) emit SettlementSkipped(bytes32(settlements[i]), bytes4(reason));
        }
    }

    /// @notice See IJobMarket. The market lets the regulator's role alone through.
    function seize(address account, address to, uint128 stable, bytes32 caseId) external {
        if (to == address(0)) to = treasury;
        if (account == treasury || account == address(this)) revert JobMarket_ProtocolAccount(account);
        if (to == address(this)) revert JobMarket_ProtocolAccount(to);
        if (stable == type(uint128).max) stable = _creditOf(account).stable;
        if (stable == 0) revert IEscrow.Escrow_ZeroAmount();
        _debit(account, stable);
        _credit(to, stable);
        emit Seized(account, to, stable, caseId);
    }

    function _owedTo(address account) internal view override(EscrowBook, JobBase) returns (uint256) {
        return JobBase._owedTo(account);
    }

    function _collect(address account) internal override(EscrowBook, JobBase) {
        JobBase._collect(account);
    }
}
