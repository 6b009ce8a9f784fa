// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IPrivacyLedger} from "../../../../contracts/ledger/IPrivacyLedger.sol";
import {vm} from "../Cheats.sol";
import {Enforcement} from "./Enforcement.sol";
import {People} from "./People.sol";

/// @notice Budgets of releases on samples, by order: caps that only fall, and reservations of a market of such jobs.
abstract contract SampledBudgets is Enforcement {
    struct Reservation {
        bytes32 population;
        uint256 kind;
    }

    uint256 private constant ORDERS = 11;
    uint256 private constant KINDS = 2;
    uint32 private constant RELEASES = 40;

    mapping(bytes32 population => IPrivacyLedger.OrderBudget) private _orders;
    mapping(bytes32 population => bool) internal _capped;
    bytes32[] private _cappedOnes;
    Reservation[] private _reservations;
    /// What so many releases of each kind cost, and half of them: computed once, it is dear.
    uint64[ORDERS][KINDS] private _costs;
    uint64[ORDERS][KINDS] private _halves;

    constructor() {
        for (uint256 kind = 0; kind < KINDS; kind++) {
            _costs[kind] = _privacy.epsilonsOf(_sampled(kind, RELEASES));
            _halves[kind] = _privacy.epsilonsOf(_sampled(kind, RELEASES / 2));
        }
    }

    /// @dev Of a population that was listed beside the first ones: those are every job's.
    function capOrders(uint256 random) external move(random) {
        uint256 bank = _draw(People.BANKS);
        Holding storage holding = _holdings[bank][_holdings[bank].length - 1];
        bytes32 population = holding.population;
        if (_privacy.holderOf(population) != _accounts[People.FIRST_BANK + bank]) return _advance();
        uint64[ORDERS] memory caps = _caps(population, _holdings[bank].length == 1);
        vm.prank(_accounts[People.FIRST_BANK + bank]);
        _privacy.capOrders(population, caps);
        _orders[population].caps = caps;
        if (!_capped[population]) _cappedOnes.push(population);
        _capped[population] = true;
        _count("PrivacyLedger.capOrders");
    }

    function reserveSampled(uint256 random) external move(random) {
        if (_cappedOnes.length == 0 || _once(2)) return _advance();
        (bytes32 population, uint256 kind) = (_cappedOnes[_draw(_cappedOnes.length)], _draw(KINDS));
        _privacy.reserveSampled(_one(population), _sampled(kind, RELEASES));
        _reservations.push(Reservation(population, kind));
        IPrivacyLedger.OrderBudget storage budget = _orders[population];
        for (uint256 i = 0; i < ORDERS; i++) {
            budget.reserved[i] += _costs[kind][i];
        }
        if (!_isWithin(population)) _found("4: samples are reserved beyond all orders' caps");
        _count("PrivacyLedger.reserveSampled");
    }

    function closeSampled(uint256 random) external move(random) {
        uint256 n = _reservations.length;
        if (n == 0) return _advance();
        (uint256 number, uint256 part) = (_draw(n), _draw(3));
        Reservation memory closed = _reservations[number];
        _privacy.closeSampled(_one(closed.population), _sampled(closed.kind, RELEASES), uint32(part * RELEASES / 2));
        _reservations[number] = _reservations[n - 1];
        _reservations.pop();
        IPrivacyLedger.OrderBudget storage budget = _orders[closed.population];
        for (uint256 i = 0; i < ORDERS; i++) {
            budget.reserved[i] -= _costs[closed.kind][i];
            if (part > 0) budget.spent[i] += part == 1 ? _halves[closed.kind][i] : _costs[closed.kind][i];
        }
        _count("PrivacyLedger.closeSampled");
    }

    /// @notice 4. Caps of orders are as their holder set them last, spent and reserved what the releases add up to.
    function sampledBudgets() public view returns (string memory) {
        for (uint256 i = 0; i < _cappedOnes.length; i++) {
            IPrivacyLedger.OrderBudget memory had = _privacy.orderBudgetOf(_cappedOnes[i]);
            if (keccak256(abi.encode(had)) != keccak256(abi.encode(_orders[_cappedOnes[i]]))) {
                return "4: a budget by order is not what the releases add up to";
            }
        }
        return "";
    }

    /// @dev Some order of a capped population holds everything that is spent and reserved, sampled or not.
    function _isWithin(bytes32 population) internal view override returns (bool) {
        if (!_capped[population]) return true;
        IPrivacyLedger.OrderBudget storage budget = _orders[population];
        uint8[ORDERS] memory orders = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
        for (uint256 i = 0; i < ORDERS; i++) {
            uint256 used = orders[i] * (_reserved[population] + _spent[population]);
            used += uint256(budget.spent[i]) + budget.reserved[i];
            if (budget.caps[i] != 0 && used <= budget.caps[i]) return true;
        }
        return false;
    }

    /// @dev Lower ones than before, or the first: wide for a population that jobs with noise need, else for some reservations.
    function _caps(bytes32 population, bool needed) private returns (uint64[ORDERS] memory caps) {
        bool lower = _capped[population];
        for (uint256 i = 0; i < ORDERS; i++) {
            uint64 before = _orders[population].caps[i];
            uint256 most = lower ? before : needed ? 1e13 : uint256(_costs[0][i]) * 6;
            caps[i] = uint64(most - _draw(most / 16 + 1));
        }
    }

    function _sampled(uint256 kind, uint32 releases) internal pure returns (IPrivacyLedger.Sampled memory) {
        return kind == 0 ? IPrivacyLedger.Sampled(1000, 10_000_000, releases) : IPrivacyLedger.Sampled(800, 50_000_000, releases);
    }

    function _one(bytes32 population) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = population;
    }
}
