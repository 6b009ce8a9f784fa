// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IParticipantRegistry} from "../../../contracts/identity/IParticipantRegistry.sol";
import {IERC7943Fungible} from "../../../contracts/tokens/IERC7943Fungible.sol";
import {IStableToken} from "../../../contracts/tokens/IStableToken.sol";
import {StableToken} from "../../../contracts/tokens/StableToken.sol";
import {vm} from "../invariants/Cheats.sol";
import {People} from "./world/People.sol";
import {Refusals} from "./Refusals.sol";

/// @notice The regulator's cases, freezes and forced transfers; what the issuer and governance may not do with the stable token.
abstract contract EnforcementRefused is Refusals {
    bytes32 private constant CASE = "case 1";
    uint16 private constant COURT_ORDER = 1;

    function test_CasesAreOpenedOnceClosedForGoodAndTakenInHand() public {
        _refused(abi.encodeCall(IStableToken.openCase, (0, 1, 0)), abi.encodeWithSelector(IStableToken.StableToken_UnknownCase.selector, 0));
        bytes memory reason = abi.encodeWithSelector(IStableToken.StableToken_UnknownReason.selector, 999);
        _refused(abi.encodeCall(IStableToken.openCase, (CASE, 999, 0)), reason);
        bytes memory unknown = abi.encodeWithSelector(IStableToken.StableToken_UnknownCase.selector, CASE);
        _refused(abi.encodeCall(IStableToken.resumeCase, (CASE)), unknown);
        _refused(_freeze(0, 1), abi.encodeWithSelector(IStableToken.StableToken_NoCaseInHand.selector, address(this)));
        _stable.openCase(CASE, COURT_ORDER, "file");
        IStableToken.Case memory kept = _stable.caseOf(CASE);
        require(kept.reason == COURT_ORDER && kept.openedBy == address(this) && !kept.closed, "not kept");
        bytes memory exists = abi.encodeWithSelector(IStableToken.StableToken_CaseExists.selector, CASE);
        _refused(abi.encodeCall(IStableToken.openCase, (CASE, COURT_ORDER, 0)), exists);
        _stable.openCase("case 2", COURT_ORDER, "file");
        _stable.resumeCase(CASE);
        require(_stable.caseInHand(address(this)) == CASE, "not in hand");
        _stable.closeCase(CASE);
        bytes memory closed = abi.encodeWithSelector(IStableToken.StableToken_CaseIsClosed.selector, CASE);
        _refused(abi.encodeCall(IStableToken.resumeCase, (CASE)), closed);
        _refused(_freeze(0, 1), closed);
    }

    function test_WhatIsFrozenDoesNotLeaveAndWhatIsNotDoes() public {
        _stable.openCase(CASE, COURT_ORDER, "file");
        (address from, address to) = (_accounts[0], _accounts[1]);
        uint256 held = _stable.balanceOf(from);
        _stable.setFrozenTokens(from, held - 5);
        require(_stable.getFrozenTokens(from) == held - 5 && _stable.frozenUnder(from) == CASE, "not frozen");
        require(_stable.canTransfer(from, to, 5) && !_stable.canTransfer(from, to, 6), "says otherwise");
        require(_stable.canTransfer(from, to, held + 1), "a freeze is not a balance");
        bytes memory frozen =
            abi.encodeWithSelector(IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector, from, 6, 5);
        _expect(from, address(_stable), abi.encodeCall(_stable.transfer, (to, 6)), frozen);
        vm.prank(from);
        _stable.transfer(to, 5);
        _stable.setFrozenTokens(from, type(uint256).max);
        frozen = abi.encodeWithSelector(IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector, from, 1, 0);
        _expect(from, address(_stable), abi.encodeCall(_stable.transfer, (to, 1)), frozen);
    }

    function test_AForcedTransferUnfreezesWhatItMovesAndNothingElse() public {
        _stable.openCase(CASE, COURT_ORDER, "file");
        (address from, address to, uint256 held) = (_accounts[0], _accounts[1], _stable.balanceOf(_accounts[0]));
        _stable.setFrozenTokens(from, held);
        uint256 before = _stable.balanceOf(to);
        _stable.forcedTransfer(from, to, 7);
        require(_stable.balanceOf(to) == before + 7 && _stable.getFrozenTokens(from) == held - 7, "another sum");
        _stable.setFrozenTokens(from, 1);
        _stable.forcedTransfer(from, to, 1);
        require(_stable.getFrozenTokens(from) == 1, "unfroze what it did not move");
        address stranger = _accounts[People.STRANGER];
        bytes memory receive_ = abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, stranger);
        _refused(abi.encodeCall(IERC7943Fungible.forcedTransfer, (from, stranger, 1)), receive_);
        bytes memory poor =
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, from, held - 8, held);
        _refused(abi.encodeCall(IERC7943Fungible.forcedTransfer, (from, to, held)), poor);
    }

    function test_ProtocolContractsAreNeitherFrozenNorMovedNorLocked() public {
        _stable.openCase(CASE, COURT_ORDER, "file");
        bytes memory protocol = abi.encodeWithSelector(IStableToken.StableToken_ProtocolContract.selector, address(_market));
        _refused(abi.encodeCall(IERC7943Fungible.setFrozenTokens, (address(_market), 1)), protocol);
        _refused(abi.encodeCall(IERC7943Fungible.forcedTransfer, (address(_market), _accounts[0], 1)), protocol);
        _refused(abi.encodeCall(IERC7943Fungible.forcedTransfer, (_accounts[0], address(_market), 1)), protocol);
        uint256 held = _stable.balanceOf(address(_market));
        bytes memory holds = abi.encodeWithSelector(IStableToken.StableToken_StillHolds.selector, address(_market), held);
        _refused(abi.encodeCall(IStableToken.setProtocolContract, (address(_market), false)), holds);
        _stable.setFrozenTokens(_accounts[0], 3);
        bytes memory frozen = abi.encodeWithSelector(IStableToken.StableToken_FrozenAccount.selector, _accounts[0], 3);
        _refused(abi.encodeCall(IStableToken.setProtocolContract, (_accounts[0], true)), frozen);
    }

    function test_WhoIsSuspendedSendsAndReceivesNothingAndWhoLeftPaysOn() public {
        (address from, address to) = (_accounts[0], _accounts[1]);
        vm.prank(_appointed(SUPERVISOR));
        _registry.setStatus(from, IParticipantRegistry.Status.Suspended, COURT_ORDER);
        bytes memory send = abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotSend.selector, from);
        _expect(from, address(_stable), abi.encodeCall(_stable.transfer, (to, 1)), send);
        bytes memory receive_ = abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotReceive.selector, from);
        _expect(to, address(_stable), abi.encodeCall(_stable.transfer, (from, 1)), receive_);
        vm.prank(to);
        _registry.leave();
        require(_stable.canSend(to) && _stable.canReceive(to), "who left is shut out");
        bytes memory between = abi.encodeWithSelector(IERC7943Fungible.ERC7943CannotTransfer.selector, _accounts[2], to, 1);
        _expect(_accounts[2], address(_stable), abi.encodeCall(_stable.transfer, (to, 1)), between);
        vm.prank(to);
        _stable.transfer(_accounts[2], 1);
        vm.prank(to);
        _market.withdraw(1, 0);
    }

    function test_EveryUnitHasOneReferenceOutsideOfTheChain() public {
        bytes4 none = IStableToken.StableToken_BadFiatReference.selector;
        _issuer(abi.encodeCall(IStableToken.mint, (_accounts[0], 1, 0)), abi.encodeWithSelector(none));
        _issuer(abi.encodeCall(IStableToken.burn, (1, 0)), abi.encodeWithSelector(none));
        bytes32 wire = "wire of a test";
        vm.prank(_appointed(ISSUER));
        _stable.mint(_accounts[0], 1, wire);
        bytes memory used = abi.encodeWithSelector(IStableToken.StableToken_FiatReferenceUsed.selector, wire);
        _issuer(abi.encodeCall(IStableToken.mint, (_accounts[0], 1, wire)), used);
        _issuer(abi.encodeCall(IStableToken.burn, (1, wire)), used);
    }

    function test_ItSaysWhichInterfacesItHas() public view {
        require(_stable.supportsInterface(type(IERC7943Fungible).interfaceId), "ERC-7943");
        require(_stable.supportsInterface(type(IERC165).interfaceId), "ERC-165");
        require(!_stable.supportsInterface(0xffffffff), "anything");
    }

    function _freeze(uint256 who, uint256 amount) private view returns (bytes memory) {
        return abi.encodeCall(IERC7943Fungible.setFrozenTokens, (_accounts[who], amount));
    }

    /// @dev The administrator acts for the regulator here.
    function _refused(bytes memory call, bytes memory refusal) private {
        _expect(address(this), address(_stable), call, refusal);
    }

    function _issuer(bytes memory call, bytes memory refusal) private {
        _expect(_appointed(ISSUER), address(_stable), call, refusal);
    }
}
