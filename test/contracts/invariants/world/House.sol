// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {AssetRegistry} from "../../../../contracts/assets/AssetRegistry.sol";
import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {Constitution} from "../../../../contracts/governance/Constitution.sol";
import {IConstitution} from "../../../../contracts/governance/IConstitution.sol";
import {RuleBook} from "../../../../contracts/governance/RuleBook.sol";
import {ParticipantRegistry} from "../../../../contracts/identity/ParticipantRegistry.sol";
import {PrivacyLedger} from "../../../../contracts/ledger/PrivacyLedger.sol";
import {UsageLedger} from "../../../../contracts/ledger/UsageLedger.sol";
import {IEarnedToken} from "../../../../contracts/market/IEarnedToken.sol";
import {IEscrow} from "../../../../contracts/market/IEscrow.sol";
import {IJobMarket} from "../../../../contracts/market/IJobMarket.sol";
import {MarketContracts} from "../../../../contracts/market/JobBase.sol";
import {MarketParameters} from "../../../../contracts/market/MarketParameters.sol";
import {CommitRevealBeacon} from "../../../../contracts/oracle/CommitRevealBeacon.sol";
import {IStakes} from "../../../../contracts/oracle/IStakes.sol";
import {OracleCommittee} from "../../../../contracts/oracle/OracleCommittee.sol";
import {IIncentiveToken} from "../../../../contracts/tokens/IIncentiveToken.sol";
import {IncentiveToken} from "../../../../contracts/tokens/IncentiveToken.sol";
import {IERC7943Fungible} from "../../../../contracts/tokens/IERC7943Fungible.sol";
import {IStableToken} from "../../../../contracts/tokens/IStableToken.sol";
import {StableToken} from "../../../../contracts/tokens/StableToken.sol";
import {vm} from "../Cheats.sol";
import {People} from "./People.sol";

interface Market is IJobMarket, IEscrow {}

/// @notice The whole deployment, wired as deploy/modules/Farshore.ts and deploy/administration.ts wire it.
/// @dev The market's halves come as built: they go through the IR, which the tests' own compiler settings do not.
abstract contract House {
    uint128 internal constant DEPOSIT = 10_000_000;
    uint32 internal constant GRACE = 60;
    uint32 internal constant BOND_FACTOR_BPS = 10_000;
    uint32 internal constant SEAT_SECONDS = 20 days;
    uint32 internal constant VERDICT_SECONDS = 20 days;
    uint32 internal constant ADJUDICATION_SECONDS = 20 days;
    uint32 internal constant CHALLENGE_SECONDS = 3600;
    uint32 internal constant HALT_GAP = 120;
    uint32 internal constant REVEAL_SECONDS = 600;
    uint32 internal constant MINIMUM_PARTICIPANTS = 3;
    uint48 internal constant VOTING_DELAY = 60;
    uint32 internal constant VOTING_PERIOD = 600;
    uint32 internal constant GOVERNANCE_DELAY = 600;
    uint256 internal constant PROPOSAL_THRESHOLD = 1000e18;
    uint256 internal constant QUORUM_PERCENT = 4;
    uint32 internal constant EPOCH_SECONDS = 7 days;
    uint128 internal constant EPOCH_EMISSION = 100_000e18;
    uint64 internal constant RULES_GRACE = 1 days;
    uint128 internal constant CHALLENGE_BOND = 20_000_000;
    uint32 internal constant HALVING_EPOCHS = 2;
    uint32 internal constant NOTICE_SECONDS = 30 days;
    uint16 internal constant OPEN_JOBS = 1000;
    /// @dev More than any run makes.
    uint32 internal constant LISTINGS = 1000;
    uint128 internal constant INCENTIVE_PER_STABLE = 1e12;
    uint96 internal constant MINIMUM_STAKE = 10_000e18;
    uint64 internal constant EXIT_DELAY = 3600;
    uint256 internal constant MEMBER_AT = 100e18;
    uint256 internal constant CAP = 1e27;
    uint256 internal constant GENESIS = 1e26;
    uint64 internal constant ISSUER = 1;
    uint64 internal constant REGISTRAR = 2;
    uint64 internal constant GUARDIAN = 3;
    uint64 internal constant SUPERVISOR = 4;
    uint64 internal constant REGULATOR = 5;
    uint64 internal constant ADJUDICATOR = 6;

    AccessManager internal _manager;
    ParticipantRegistry internal _registry;
    StableToken internal _stable;
    IncentiveToken internal _incentive;
    PrivacyLedger internal _privacy;
    UsageLedger internal _usage;
    AssetRegistry internal _assets;
    CommitRevealBeacon internal _beacon;
    Constitution internal _constitution;
    OracleCommittee internal _committee;
    RuleBook internal _rules;
    Market internal _market;
    bytes32 internal _domain;
    address[] internal _accounts;

    constructor() {
        vm.warp(1_700_000_000);
        vm.roll(1000);
        _deploy();
        _wire();
        _appoint();
    }

    function _appointed(uint64 role) internal pure returns (address) {
        if (role == ISSUER) return _treasury();
        return address(uint160(0xF00000 + role));
    }

    function _treasury() internal pure returns (address) {
        return vm.addr(People.accountKey(People.TREASURY));
    }

    function _committee_() private view returns (IStakes) {
        return IStakes(address(_committee));
    }

    function _deploy() private {
        _manager = new AccessManager(address(this));
        _registry = new ParticipantRegistry(address(_manager), MEMBER_AT, 100_000e18, NOTICE_SECONDS);
        _stable = new StableToken(address(_manager), _registry);
        (address[] memory holders, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (holders[0], amounts[0]) = (address(this), GENESIS);
        IIncentiveToken.Schedule memory schedule = IIncentiveToken.Schedule(EPOCH_EMISSION, EPOCH_SECONDS, HALVING_EPOCHS);
        _incentive = new IncentiveToken(address(_manager), CAP, schedule, holders, amounts);
        _privacy = new PrivacyLedger(address(_manager));
        _usage = new UsageLedger(address(_manager));
        IAssetRegistry.ListingCaps memory caps = IAssetRegistry.ListingCaps(LISTINGS, LISTINGS, LISTINGS);
        _assets = new AssetRegistry(address(_manager), _registry, _privacy, caps);
        _committee = new OracleCommittee(address(_manager), _registry, _incentive, MINIMUM_STAKE, EXIT_DELAY);
        _beacon = new CommitRevealBeacon(
            address(_manager), _registry, _committee_(), _treasury(), REVEAL_SECONDS, MINIMUM_PARTICIPANTS
        );
        _rules = new RuleBook(address(_manager), RULES_GRACE);
        _constitution = new Constitution(
            address(_manager),
            _incentive,
            IConstitution.Settings(VOTING_DELAY, VOTING_PERIOD, PROPOSAL_THRESHOLD, QUORUM_PERCENT, GOVERNANCE_DELAY)
        );
        bytes memory words = abi.encode(_contracts(), _parameters());
        address[4] memory halves;
        halves[0] = _create(bytes.concat(vm.getCode("contracts/market/JobOpening.sol:JobOpening"), words));
        halves[1] = _create(bytes.concat(vm.getCode("contracts/market/JobEnding.sol:JobEnding"), words));
        halves[2] = _create(bytes.concat(vm.getCode("contracts/market/JobDisputes.sol:JobDisputes"), words));
        halves[3] = _create(bytes.concat(vm.getCode("contracts/market/JobVerdicts.sol:JobVerdicts"), words));
        words = abi.encode(_manager, _contracts(), _parameters(), halves);
        _market = Market(_create(bytes.concat(vm.getCode("contracts/market/JobMarket.sol:JobMarket"), words)));
        _domain = _market.domainSeparator();
    }

    function _create(bytes memory code) private returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), "not deployed");
    }

    function _contracts() private view returns (MarketContracts memory) {
        return MarketContracts(
            _registry, _assets, _privacy, _usage, _committee, _beacon, _stable, IEarnedToken(address(_incentive)), _rules
        );
    }

    function _parameters() private view returns (MarketParameters memory p) {
        (p.treasury, p.deposit, p.bondFactorBps) = (_treasury(), DEPOSIT, BOND_FACTOR_BPS);
        (p.grace, p.seatSeconds) = (GRACE, SEAT_SECONDS);
        (p.minimumRoundSeconds, p.minimumProposeSeconds, p.minimumChallengeSeconds) = (10, 10, CHALLENGE_SECONDS);
        (p.minimumValidationRows, p.epochSeconds) = (1000, EPOCH_SECONDS);
        (p.challengeBond, p.haltGap) = (CHALLENGE_BOND, HALT_GAP);
        (p.verdictSeconds, p.adjudicationSeconds) = (VERDICT_SECONDS, ADJUDICATION_SECONDS);
        (p.openJobsLite, p.openJobsMember, p.openJobsCore) = (OPEN_JOBS, OPEN_JOBS, OPEN_JOBS);
        (p.epochStart, p.halvingEpochs) = (uint64(_incentive.emissionStart()), HALVING_EPOCHS);
        (p.epochEmission, p.incentivePerStable) = (EPOCH_EMISSION, INCENTIVE_PER_STABLE);
    }

    function _wire() private {
        _registry.setIncentiveToken(_incentive);
        _incentive.setMinter(address(_market), true);
        _stable.setProtocolContract(address(_market), true);
        _privacy.setWriter(address(_assets), true);
        _privacy.setWriter(address(_market), true);
        _assets.setWriter(address(_market), true);
        _usage.setWriter(address(_market), true);
        _committee.setSlasher(address(_market), true);
        _committee.setSlasher(address(_beacon), true);
        _beacon.setMarket(address(_market), true);
        // A market of jobs on samples, which there is none of yet: its calls are this contract's.
        _privacy.setWriter(address(this), true);
        _manager.grantRole(_manager.ADMIN_ROLE(), address(_constitution), GOVERNANCE_DELAY);
        _incentive.delegate(address(this));
    }

    function _appoint() private {
        _allow(ISSUER, address(_stable), StableToken.mint.selector, StableToken.burn.selector);
        _allow(REGISTRAR, address(_registry), ParticipantRegistry.admit.selector, ParticipantRegistry.setRoles.selector);
        _allow(SUPERVISOR, address(_registry), ParticipantRegistry.setStatus.selector, 0);
        _allow(REGISTRAR, address(_registry), ParticipantRegistry.readmit.selector, 0);
        _allow(GUARDIAN, address(_market), IJobMarket.pause.selector, 0);
        _allow(GUARDIAN, address(_assets), AssetRegistry.pause.selector, 0);
        _allow(REGULATOR, address(_stable), IStableToken.openCase.selector, IStableToken.resumeCase.selector);
        _allow(REGULATOR, address(_stable), IStableToken.closeCase.selector, IERC7943Fungible.setFrozenTokens.selector);
        _allow(REGULATOR, address(_stable), IERC7943Fungible.forcedTransfer.selector, 0);
        _allow(REGULATOR, address(_market), IJobMarket.seize.selector, 0);
        _allow(ADJUDICATOR, address(_market), IJobMarket.adjudicate.selector, 0);
    }

    function _allow(uint64 role, address target, bytes4 first, bytes4 second) private {
        bytes4[] memory selectors = new bytes4[](second == 0 ? 1 : 2);
        selectors[0] = first;
        if (second != 0) selectors[1] = second;
        _manager.setTargetFunctionRole(target, selectors, role);
        _manager.grantRole(role, _appointed(role), 0);
    }
}
