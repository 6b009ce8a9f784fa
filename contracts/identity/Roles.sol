// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

// Roles of a participant, bits of `IParticipantRegistry.Profile.roles`; the same numbers stand in offchain/core/tables/roles.ts.
uint16 constant ROLE_INSTITUTION = 1 << 0;
uint16 constant ROLE_BUYER = 1 << 1;
uint16 constant ROLE_ORACLE = 1 << 2;
uint16 constant ROLE_EVALUATOR = 1 << 3;
uint16 constant ROLE_REGULATOR = 1 << 4;
uint16 constant ROLE_ISSUER = 1 << 5;
