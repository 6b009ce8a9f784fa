// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {JobAbsence} from "./JobAbsence.sol";
import {JobBase, MarketContracts} from "./JobBase.sol";
import {JobFailing} from "./JobFailing.sol";
import {JobFinishing} from "./JobFinishing.sol";
import {JobHalts} from "./JobHalts.sol";
import {JobSettling} from "./JobSettling.sol";
import {MarketParameters} from "./MarketParameters.sol";

/// @title JobEnding
/// @notice How training ends, who was there, and what becomes of a job that nobody brings further; what the chain itself missed.
///         Code of `JobMarket`, which runs it by delegatecall.
contract JobEnding is JobAbsence, JobFinishing, JobFailing, JobHalts {
    constructor(MarketContracts memory contracts, MarketParameters memory parameters)
        JobBase(contracts, parameters)
        JobSettling(parameters)
        JobHalts(parameters)
    {}
}
