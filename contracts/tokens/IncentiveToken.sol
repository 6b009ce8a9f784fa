// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {EmissionSchedule} from "./EmissionSchedule.sol";
import {IIncentiveToken} from "./IIncentiveToken.sol";

/// @title IncentiveToken
contract IncentiveToken is IIncentiveToken, ERC20, ERC20Permit, ERC20Votes, AccessManaged {
    uint256 public immutable cap;
    uint256 public immutable emissionStart;
    uint128 private immutable _initialEmission;
    uint32 private immutable _epochSeconds;
    uint32 private immutable _halvingEpochs;
    uint256 public totalEarned;
    mapping(address account => uint256) public earned;
    mapping(address minter => bool) public isMinter;

    /// @param recipients of the genesis allocation (founding oracles among them), each with its amount, all inside the cap
    constructor(
        address authority,
        uint256 cap_,
        Schedule memory schedule_,
        address[] memory recipients,
        uint256[] memory amounts
    ) ERC20("Farshore Incentive", "FSI") ERC20Permit("Farshore Incentive") AccessManaged(authority) {
        if (recipients.length != amounts.length || cap_ == 0) revert IncentiveToken_BadGenesis();
        if (schedule_.epochSeconds == 0) revert IncentiveToken_BadSchedule("epochSeconds");
        if (schedule_.halvingEpochs == 0) revert IncentiveToken_BadSchedule("halvingEpochs");
        (cap, emissionStart, _initialEmission) = (cap_, block.timestamp, schedule_.initialEmission);
        (_epochSeconds, _halvingEpochs) = (schedule_.epochSeconds, schedule_.halvingEpochs);
        for (uint256 i = 0; i < recipients.length; i++) {
            _mintCapped(recipients[i], amounts[i], cap_);
        }
    }

    /// @inheritdoc IIncentiveToken
    function mintEarned(address to, uint256 amount) external {
        if (!isMinter[msg.sender]) revert IncentiveToken_NotMinter(msg.sender);
        uint256 left = emissionLeft();
        if (amount > left) revert IncentiveToken_EmissionExceeded(amount, left);
        totalEarned += amount;
        earned[to] += amount;
        _mintCapped(to, amount, cap);
        emit IncentiveEarned(to, amount);
    }

    /// @inheritdoc IIncentiveToken
    function setMinter(address minter, bool allowed) external restricted {
        isMinter[minter] = allowed;
        emit MinterSet(minter, allowed);
    }

    /// @inheritdoc IIncentiveToken
    function schedule() external view returns (Schedule memory) {
        return Schedule(_initialEmission, _epochSeconds, _halvingEpochs);
    }

    /// @inheritdoc IIncentiveToken
    function emissionLeft() public view returns (uint256) {
        uint256 epoch = (block.timestamp - emissionStart) / _epochSeconds;
        return EmissionSchedule.emittedThrough(_initialEmission, epoch, _halvingEpochs) - totalEarned;
    }

    /// @notice Votes count by time: block numbers mean nothing where empty blocks are left out.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }

    function _mintCapped(address to, uint256 amount, uint256 limit) private {
        _mint(to, amount);
        if (totalSupply() > limit) revert IncentiveToken_CapExceeded(totalSupply(), limit);
    }
}
