// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IDisputeTypes} from "../../../contracts/market/IDisputeTypes.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {IBeacon} from "../../../contracts/oracle/IBeacon.sol";
import {WithheldBeacon} from "../harness/WithheldBeacon.sol";
import {Job} from "../invariants/world/Books.sol";
import {People} from "./world/People.sol";
import {Disputed} from "./Disputed.sol";

/// @notice Who withheld its part of the beacon's value sits where the others do not suffice, and never in a second committee.
contract WithheldTest is Disputed {
    function _newBeacon() internal override returns (IBeacon) {
        return new WithheldBeacon();
    }

    function test_OthersSitBeforeWhoWithheld() public {
        _values().set("seed", false);
        _values().withhold(_accounts[People.FIRST_ORACLE]);
        for (uint256 i = 0; i < 5; i++) {
            _values().set(keccak256(abi.encode("seed", i)), false);
            Job storage job = _small();
            _seat(job);
            for (uint256 seat = 0; seat < job.seats.length; seat++) {
                require(job.seats[seat] != _accounts[People.FIRST_ORACLE], "it chose among two committees");
            }
        }
    }

    function test_WhereTheOthersDoNotSufficeWhoWithheldSitsToo() public {
        _values().set("seed", false);
        for (uint256 i = 0; i < 4; i++) {
            _values().withhold(_accounts[People.FIRST_ORACLE + i]);
        }
        Job storage job = _small();
        _seat(job);
        // Two revealed: both sit, and two of those who did not.
        uint256 revealed = 0;
        for (uint256 seat = 0; seat < job.seats.length; seat++) {
            if (!_values().withheld(job.seats[seat])) revealed++;
        }
        require(job.seats.length == 4 && revealed == 2, "not all who revealed sit");
    }

    function test_NobodyWhoWithheldJudges() public {
        _moreOracles(9);
        _values().set("seed", true);
        Job storage job = _small();
        _seat(job);
        _certify(job);
        _finish(job, 1, IJobTypes.FinishReason.Plateau);
        _propose(job, uint256(IJobTypes.ResultKind.Exact));
        _challenge(job, IJobTypes.ChallengeKind.Valuation, _accounts[job.buyer]);
        _values().set("seed", false);
        for (uint256 who = 20; who < 23; who++) {
            _values().withhold(_moreAccount(who));
        }
        _seatSecond(job);
        IDisputeTypes.Panel memory panel = _panel();
        require(panel.accounts.length >= 4, "too few judge");
        for (uint256 i = 0; i < panel.accounts.length; i++) {
            require(!_values().withheld(panel.accounts[i]), "it chose among two panels");
        }
    }

    /// @dev A started job with four seats, and bonds that everybody has.
    function _small() private returns (Job storage job) {
        do {
            job = _to(IJobTypes.State.Open);
        } while (_head(job).shape.k() != 4);
        _start(job);
    }

    function _values() private view returns (WithheldBeacon) {
        return WithheldBeacon(address(_beacon));
    }
}
