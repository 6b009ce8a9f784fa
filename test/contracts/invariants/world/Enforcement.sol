// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IStableToken} from "../../../../contracts/tokens/IStableToken.sol";
import {vm} from "../Cheats.sol";
import {DisputeMoves} from "./DisputeMoves.sol";
import {People} from "./People.sol";

/// @notice What the regulator does to money: cases, freezes and forced transfers of the token, seizure inside the market.
abstract contract Enforcement is DisputeMoves {
    uint256 private _cases;
    /// The last one opened, and whether it is closed.
    bytes32 internal _case;
    bool internal _caseClosed;

    modifier asRegulator() {
        if (_case == 0 || _caseClosed) _openCase();
        vm.prank(_appointed(REGULATOR));
        _;
    }

    function openCase(uint256 random) external move(random) {
        _openCase();
    }

    function resumeCase(uint256 random) external move(random) asRegulator {
        _stable.resumeCase(_case);
        _count("StableToken.resumeCase");
    }

    function closeCase(uint256 random) external move(random) asRegulator {
        _stable.closeCase(_case);
        _caseClosed = true;
        _count("StableToken.closeCase");
    }

    /// @dev A part of what somebody has, all of it rarely, or nothing any more; never of many at once.
    function freeze(uint256 random) external move(random) {
        uint256 who = _draw(People.TREASURY);
        _setFrozen(who, _once(2) ? 0 : _once(6) ? type(uint256).max : _draw(_tokens[who] + 1));
    }

    function _setFrozen(uint256 who, uint256 amount) private asRegulator {
        _stable.setFrozenTokens(_accounts[who], amount);
        _frozen[who] = amount;
        _count("StableToken.setFrozenTokens");
    }

    function forceTransfer(uint256 random) external move(random) {
        (uint256 from, uint256 to) = (_draw(People.TREASURY), _draw(People.TREASURY));
        if (from != to) _force(from, to, _draw(_tokens[from] / 8 + 1));
        else _advance();
    }

    /// @dev What was frozen goes with it only as far as it has to.
    function _force(uint256 from, uint256 to, uint256 amount) private asRegulator {
        _stable.forcedTransfer(_accounts[from], _accounts[to], amount);
        _tokens[from] -= amount;
        _tokens[to] += amount;
        if (_frozen[from] > _tokens[from]) _frozen[from] = _tokens[from];
        _count("StableToken.forcedTransfer");
    }

    /// @dev Of a credit inside the market: to another participant, or to the treasury.
    function seize(uint256 random) external move(random) {
        uint256 from = _draw(People.TREASURY);
        uint256 to = _once(3) ? People.TREASURY : _draw(People.TREASURY);
        uint128 held = _market.creditOf(_accounts[from]).stable;
        uint128 had = _market.creditOf(_accounts[to]).stable;
        uint128 amount = uint128(_draw(uint256(held) / 8 + 1));
        if (amount == 0 || from == to) return _advance();
        vm.prank(_appointed(REGULATOR));
        _market.seize(_accounts[from], to == People.TREASURY ? address(0) : _accounts[to], amount, _case);
        bool moved = _market.creditOf(_accounts[from]).stable == held - amount;
        if (!moved || _market.creditOf(_accounts[to]).stable != had + amount) _found("15: a seizure moved another sum");
        _count("JobMarket.seize");
    }

    function _openCase() private {
        _case = keccak256(abi.encode("case", _cases++));
        vm.prank(_appointed(REGULATOR));
        _stable.openCase(_case, uint16(1 + _draw(9)), "evidence");
        _caseClosed = false;
        _count("StableToken.openCase");
    }

    /// @notice 15. Everybody has what was moved to it less what it moved; what is frozen of it, and the case it is under, are as set.
    function tokensOf(uint256 who) public view returns (string memory) {
        if (_stable.balanceOf(_accounts[who]) != _tokens[who]) return "15: tokens moved that nobody moved";
        if (_stable.getFrozenTokens(_accounts[who]) != _frozen[who]) return "15: more or less is frozen than was ordered";
        if (_case == 0) return "";
        IStableToken.Case memory last = _stable.caseOf(_case);
        return last.reason != 0 && last.closed == _caseClosed ? "" : "15: a case changed";
    }
}
