// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IAssetRegistry} from "../../../../contracts/assets/IAssetRegistry.sol";
import {IPrivacyLedger} from "../../../../contracts/ledger/IPrivacyLedger.sol";
import {ForbiddenDisputes} from "./ForbiddenDisputes.sol";
import {People} from "./People.sol";

/// @notice What nobody may do to rules, money under a case and budgets by order; what no vote may ask for.
abstract contract ForbiddenRules is ForbiddenDisputes {
    function forbiddenByRules(uint256 random) external move(random) {
        address caller = _accounts[_once(4) ? People.STRANGER : _draw(People.TREASURY)];
        uint256 kind = _draw(4);
        if (kind == 0) _enforcement(caller);
        else if (kind == 1) _budgetsByOrder(caller);
        else if (kind == 2) _proposals();
        else _ruleBookMoves(caller);
    }

    function _enforcement(address caller) private {
        address victim = _accounts[_draw(People.TREASURY)];
        _refused(caller, address(_stable), abi.encodeCall(_stable.openCase, ("case", 1, "")), "15: a case without the role");
        _refused(caller, address(_stable), abi.encodeCall(_stable.setFrozenTokens, (victim, 0)), "15: unfrozen without the role");
        _refused(caller, address(_stable), abi.encodeCall(_stable.forcedTransfer, (victim, caller, 0)), "15: forced without the role");
        _refused(caller, address(_market), abi.encodeCall(_market.seize, (victim, caller, 1, "")), "15: seized without the role");
        address regulator = _appointed(REGULATOR);
        bytes memory ofMarket = abi.encodeCall(_stable.forcedTransfer, (address(_market), victim, 1));
        _refused(regulator, address(_stable), ofMarket, "15: the market's tokens were moved by force");
        bytes memory ofTreasury = abi.encodeCall(_market.seize, (_treasury(), victim, 1, _case));
        _refused(regulator, address(_market), ofTreasury, "15: the treasury's credit was seized");
        if (_caseClosed) {
            bytes memory freeze = abi.encodeCall(_stable.setFrozenTokens, (victim, 1));
            _refused(regulator, address(_stable), freeze, "15: frozen under a case that is closed");
        }
        uint256 who = _draw(People.TREASURY);
        if (_frozen[who] == 0 || _tokens[who] == 0) return;
        uint256 unfrozen = _frozen[who] < _tokens[who] ? _tokens[who] - _frozen[who] : 0;
        if (unfrozen == _tokens[who]) return;
        bytes memory pay = abi.encodeCall(_stable.transfer, (_treasury(), unfrozen + 1));
        _refused(_accounts[who], address(_stable), pay, "15: frozen tokens moved");
    }

    function _budgetsByOrder(address caller) private {
        bytes32[] memory populations = _one(bytes32(uint256(1)));
        IPrivacyLedger.Sampled memory sampled = _sampled(0, 1);
        uint64[11] memory caps;
        caps[3] = type(uint64).max;
        bytes memory data = abi.encodeCall(_privacy.reserveSampled, (populations, sampled));
        _refused(caller, address(_privacy), data, "4: samples reserved by no market");
        data = abi.encodeCall(_privacy.closeSampled, (populations, sampled, 1));
        _refused(caller, address(_privacy), data, "4: samples closed by no market");
        uint256 bank = _draw(People.BANKS);
        address owner = _accounts[People.FIRST_BANK + bank];
        data = abi.encodeCall(_privacy.capOrders, (bytes32(bank + 1), caps));
        if (caller != owner) _refused(caller, address(_privacy), data, "4: another's orders were capped");
        if (_capped[bytes32(bank + 1)]) _refused(owner, address(_privacy), data, "4: a cap was raised");
        _derivedForOthers(bank, owner);
    }

    /// @dev From another's data, and for everybody: its terms allow the lister's own use.
    function _derivedForOthers(uint256 bank, address owner) private {
        Holding storage holding = _holdings[(bank + 1) % People.BANKS][0];
        IAssetRegistry.Parent[] memory parents = new IAssetRegistry.Parent[](1);
        IAssetRegistry.Listing memory own = abi.decode(holding.listing, (IAssetRegistry.Listing));
        parents[0] = IAssetRegistry.Parent(holding.assetId, holding.version, own);
        bytes32 population = keccak256(abi.encode(owner, _one(holding.population)));
        IAssetRegistry.Listing memory listing = _listing(population, 5000, 7);
        bytes memory data = abi.encodeCall(
            _assets.listDerived, (IAssetRegistry.Kind.Model, listing.version, listing.terms, parents, "")
        );
        _refused(owner, address(_assets), data, "19: another's data was listed for everybody");
        listing.terms.buyersRoot = keccak256(bytes.concat(keccak256(abi.encode(owner))));
        listing.version.populationId = "fresh";
        data = abi.encodeCall(
            _assets.listDerived, (IAssetRegistry.Kind.Model, listing.version, listing.terms, parents, "")
        );
        _refused(owner, address(_assets), data, "19: another's data was listed under a fresh budget");
    }

    /// @dev What may never change cannot even be proposed.
    function _proposals() private {
        bytes4[] memory functions = new bytes4[](1);
        functions[0] = _incentive.setMinter.selector;
        bytes[9] memory calls = [
            abi.encodeCall(_constitution.relay, (address(_market), 0, "")),
            abi.encodeCall(_constitution.setAccessManagerIgnored, (address(_market), functions, true)),
            abi.encodeCall(_constitution.setVotingDelay, (VOTING_DELAY - 1)),
            abi.encodeCall(_constitution.setBaseDelaySeconds, (GOVERNANCE_DELAY - 1)),
            abi.encodeCall(IAccessManager.grantRole, (0, _accounts[0], GOVERNANCE_DELAY)),
            abi.encodeCall(IAccessManager.revokeRole, (0, address(_constitution))),
            abi.encodeCall(IAccessManager.setTargetFunctionRole, (address(_incentive), functions, REGULATOR)),
            abi.encodeCall(IAccessManager.setTargetClosed, (address(_manager), true)),
            abi.encodeCall(IAccessManager.updateAuthority, (address(_rules), address(this)))
        ];
        uint256 which = _draw(9);
        (address[] memory targets, bytes[] memory datas) = (new address[](1), new bytes[](1));
        (targets[0], datas[0]) = (which < 4 ? address(_constitution) : address(_manager), calls[which]);
        bytes memory proposal =
            abi.encodeCall(_constitution.propose, (targets, new uint256[](1), datas, "what may never change"));
        _refused(address(this), address(_constitution), proposal, "18: what may never change was proposed");
        bytes memory alone = calls[_draw(4)];
        _refused(address(this), address(_constitution), alone, "18: the Constitution was changed without a vote");
        if (_motion.id == 0) return;
        bytes memory execute =
            abi.encodeCall(_constitution.execute, (_targets(), new uint256[](1), _calls(), keccak256(bytes(_motion.description))));
        bool due = _motion.eta != 0 && block.timestamp >= _motion.eta;
        if (!due) _refused(address(this), address(_constitution), execute, "18: a vote took effect before its time");
        if (_motion.voted == 0) return;
        uint256 who = 0;
        while ((_motion.voted >> who) & 1 == 0) who++;
        bytes memory again = abi.encodeCall(_constitution.castVote, (_motion.id, 1));
        address voter = who == People.ALL ? address(this) : _accounts[who];
        _refused(voter, address(_constitution), again, "18: somebody voted twice");
    }

    function _ruleBookMoves(address caller) private {
        uint256 version = 1 + _draw(_ruleBook.length);
        bytes memory publish = abi.encodeCall(_rules.publish, ("mine", "board:mine", 0));
        _refused(caller, address(_rules), publish, "17: rules of nobody's vote");
        bytes memory retire = abi.encodeCall(_rules.retire, (uint32(version), uint64(block.timestamp)));
        _refused(caller, address(_rules), retire, "17: rules ended by nobody's vote");
        publish = abi.encodeCall(_rules.publish, ("late", "board:late", uint64(block.timestamp - 1)));
        _refused(address(this), address(_rules), publish, "17: rules in force before they were published");
        retire = abi.encodeCall(_rules.retire, (uint32(version), uint64(block.timestamp - 1)));
        _refused(address(this), address(_rules), retire, "17: rules ended in the past");
        uint64 ended = _ruleBook[version - 1].retiresAt;
        retire = abi.encodeCall(_rules.retire, (uint32(version), uint64(block.timestamp + 1 days)));
        if (ended != 0 && ended < block.timestamp) _refused(address(this), address(_rules), retire, "17: rules that had ended are back");
        bytes memory setMarket = abi.encodeCall(_beacon.setMarket, (caller, true));
        _refused(caller, address(_beacon), setMarket, "16: a market of nobody's vote");
    }
}
