// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ChallengesRefused} from "./Challenges.sol";
import {DerivedRefused} from "./Derived.sol";
import {EdgesRefused} from "./Edges.sol";
import {EnforcementRefused} from "./Enforcement.sol";
import {EquivocationRefused} from "./Equivocation.sol";
import {HaltsRefused} from "./Halts.sol";
import {ListingsRefused} from "./Listings.sol";
import {ParticipantsRefused} from "./Participants.sol";
import {SeizuresRefused} from "./Seizures.sol";
import {StartsRefused} from "./Starts.sol";
import {StepsRefused} from "./Steps.sol";
import {TermsRefused} from "./Terms.sol";

/// @notice All that walks in the same world: compiled once, because each contract holds the whole of it.
contract RefusalsTest is
    ChallengesRefused,
    DerivedRefused,
    EdgesRefused,
    EnforcementRefused,
    EquivocationRefused,
    HaltsRefused,
    ListingsRefused,
    ParticipantsRefused,
    SeizuresRefused,
    StartsRefused,
    StepsRefused,
    TermsRefused
{}
