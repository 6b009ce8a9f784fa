// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "./IJobTypes.sol";

/// @notice Fixed at deployment. Times in seconds, stable amounts in minor units (6 decimals), incentives with 18 decimals.
/// @param treasury account that is credited what belongs to neither side
/// @param deposit against spam: held from `post` on, per job
/// @param bondFactorBps sum of the seats' bonds, in basis points of what a job holds in escrow
/// @param grace from a deadline on, until others may close the job
/// @param seatSeconds from `start` until `seat` is too late
/// @param minimumValidationRows rows that a job must commit to for its validation at least
/// @param embedded a chain of one machine, for development: windows of seconds are allowed
/// @param epochSeconds length of an epoch of incentives
/// @param epochEmission incentives credited in one epoch at most
/// @param incentivePerStable incentives for one stable minor unit paid by share
/// @param epochStart seconds since 1970 when epoch 0 began: the incentive token's `emissionStart`
/// @param halvingEpochs epochs from one halving of `epochEmission` to the next, as the incentive token counts them
/// @param challengeBond least bond of a challenge; it is 5% of the escrow where that is more
/// @param verdictSeconds from a second committee's seats until its verdict is too late
/// @param adjudicationSeconds during which the adjudicator decides where no second committee did
/// @param protocolFeeBps the treasury's part of what a settled job pays for data (base, performance, prices), in basis points
/// @param openJobsLite jobs that a buyer of that tier may have open at once; likewise Member and Core, which may have no fewer
/// @param haltGap seconds between two blocks above which the chain counts as halted; above its empty-block period
struct MarketParameters {
    address treasury;
    uint128 deposit;
    uint32 bondFactorBps;
    uint32 grace;
    uint32 seatSeconds;
    uint32 minimumRoundSeconds;
    uint32 minimumProposeSeconds;
    uint32 minimumChallengeSeconds;
    uint32 minimumValidationRows;
    bool embedded;
    uint32 epochSeconds;
    uint128 epochEmission;
    uint128 incentivePerStable;
    uint64 epochStart;
    uint32 halvingEpochs;
    uint128 challengeBond;
    uint32 verdictSeconds;
    uint32 adjudicationSeconds;
    uint32 haltGap;
    uint32 protocolFeeBps;
    uint16 openJobsLite;
    uint16 openJobsMember;
    uint16 openJobsCore;
}

/// @title MarketBounds
/// @notice The ranges outside of which a market is not deployed.
library MarketBounds {
    /// @dev Whoever may dispute a result has to see it first: an hour is the least on a chain with more than one machine.
    uint256 internal constant MINIMUM_CHALLENGE_SECONDS = 1 hours;
    /// @dev Below a few blocks a round's deadline would pass before m oracles can be heard.
    uint256 internal constant MINIMUM_STEP_SECONDS = 10;
    uint256 internal constant MAXIMUM_GRACE = 7 days;
    /// @dev Money and bonds are locked while a step is awaited.
    uint256 internal constant MAXIMUM_STEP_SECONDS = 30 days;
    /// @dev A tenth: contributors accept terms that name gross amounts.
    uint256 internal constant MAXIMUM_PROTOCOL_FEE_BPS = 1000;
    /// @dev A chain that makes no empty blocks for half a minute is not halted.
    uint256 internal constant MINIMUM_HALT_GAP = 30;
    /// @dev A halt of a day at the latest moves the windows.
    uint256 internal constant MAXIMUM_HALT_GAP = 1 days;
    /// @dev One million stable tokens.
    uint256 internal constant MAXIMUM_DEPOSIT = 1e12;
    /// @dev Ten times the escrow.
    uint256 internal constant MAXIMUM_BOND_FACTOR_BPS = 100_000;
    /// @dev The whole supply cap of any sensible token (1e12 tokens) in one epoch.
    uint256 internal constant MAXIMUM_EMISSION = 1e30;

    /// @notice Reverts with `JobMarket_BadParameter` and the field's name.
    function check(MarketParameters memory p) internal view {
        uint256 least = p.embedded ? 1 : MINIMUM_STEP_SECONDS;
        if (p.treasury == address(0)) revert IJobTypes.JobMarket_BadParameter("treasury");
        if (p.deposit > MAXIMUM_DEPOSIT) revert IJobTypes.JobMarket_BadParameter("deposit");
        _within("bondFactorBps", p.bondFactorBps, 1, MAXIMUM_BOND_FACTOR_BPS);
        _within("grace", p.grace, least, MAXIMUM_GRACE);
        _within("seatSeconds", p.seatSeconds, least, MAXIMUM_STEP_SECONDS);
        _within("minimumRoundSeconds", p.minimumRoundSeconds, least, MAXIMUM_STEP_SECONDS);
        _within("minimumProposeSeconds", p.minimumProposeSeconds, least, MAXIMUM_STEP_SECONDS);
        _within(
            "minimumChallengeSeconds",
            p.minimumChallengeSeconds,
            p.embedded ? 1 : MINIMUM_CHALLENGE_SECONDS,
            MAXIMUM_STEP_SECONDS
        );
        _within("minimumValidationRows", p.minimumValidationRows, 1, type(uint32).max);
        _within("epochSeconds", p.epochSeconds, least, 365 days);
        _within("epochEmission", p.epochEmission, 0, MAXIMUM_EMISSION);
        _within("incentivePerStable", p.incentivePerStable, 0, MAXIMUM_EMISSION);
        _within("epochStart", p.epochStart, 0, block.timestamp);
        _within("halvingEpochs", p.halvingEpochs, 1, type(uint32).max);
        // Without one a dispute of a job that costs nothing would be free.
        _within("challengeBond", p.challengeBond, 1, MAXIMUM_DEPOSIT);
        _within("verdictSeconds", p.verdictSeconds, least, MAXIMUM_STEP_SECONDS);
        _within("adjudicationSeconds", p.adjudicationSeconds, least, MAXIMUM_STEP_SECONDS);
        _within("openJobsMember", p.openJobsMember, p.openJobsLite, p.openJobsCore);
        _within("openJobsCore", p.openJobsCore, 1, type(uint16).max);
        _within("protocolFeeBps", p.protocolFeeBps, 0, MAXIMUM_PROTOCOL_FEE_BPS);
        _within("haltGap", p.haltGap, p.embedded ? 1 : MINIMUM_HALT_GAP, MAXIMUM_HALT_GAP);
    }

    function _within(string memory field, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert IJobTypes.JobMarket_BadParameter(field);
    }
}
