// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";
import {Job} from "../invariants/world/Books.sol";
import {Closing} from "./world/Closing.sol";
import {Refusals} from "./Refusals.sol";

/// @notice Leads a job to the state that a test is about.
abstract contract Walk is Closing, Refusals {
    /// @dev One of the actors' jobs, led to that state: without noise unless asked for with three contributors.
    function _to(IJobTypes.State state) internal returns (Job storage) {
        return _to(state, false);
    }

    function _to(IJobTypes.State state, bool noisy) internal returns (Job storage job) {
        bool fits;
        do {
            _post(0);
            job = _jobs[_jobs.length - 1];
            IJobTypes.JobTerms memory terms = abi.decode(job.terms, (IJobTypes.JobTerms));
            fits = (terms.noiseMilli != 0) == noisy && terms.assets.length == 3 && (noisy || terms.aggregation == 0);
        } while (!fits);
        if (state == IJobTypes.State.Open) return job;
        _start(job);
        if (state == IJobTypes.State.Seating) return job;
        _seat(job);
        if (state == IJobTypes.State.Running) return job;
        _certify(job);
        _finish(job, 1, IJobTypes.FinishReason.Plateau);
        if (state == IJobTypes.State.Finished) return job;
        _propose(job, uint256(noisy ? IJobTypes.ResultKind.Projected : IJobTypes.ResultKind.Exact));
    }
}
