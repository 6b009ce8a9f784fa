// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Why money was frozen or moved by force, or a participant suspended; the same numbers stand in offchain/core/tables/freezeReasons.ts.
uint16 constant FREEZE_COURT_ORDER = 1;
uint16 constant FREEZE_REGULATOR_ORDER = 2;
uint16 constant FREEZE_DATA_SUBJECT_REQUEST = 3;
uint16 constant FREEZE_SECURITY_INCIDENT = 4;
uint16 constant FREEZE_SANCTIONS = 5;
uint16 constant FREEZE_DISPUTED_OWNERSHIP = 6;
uint16 constant FREEZE_RULES_VIOLATION = 7;
uint16 constant FREEZE_CONSENT_WITHDRAWN = 8;
uint16 constant FREEZE_KEY_COMPROMISE = 9;

/// @return true for a number of the table; 0 is none of them
function isFreezeReason(uint16 reason) pure returns (bool) {
    return reason >= FREEZE_COURT_ORDER && reason <= FREEZE_KEY_COMPROMISE;
}
