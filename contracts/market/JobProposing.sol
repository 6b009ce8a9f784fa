// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../assets/IAssetRegistry.sol";
import {Attestation as SeatSignatures} from "../oracle/Attestation.sol";
import {Payout} from "../settlement/Payout.sol";
import {Shapley} from "../settlement/Shapley.sol";
import {ShareReconstruction} from "../settlement/ShareReconstruction.sol";
import {Words} from "../settlement/Words.sol";
import {IJobMarket} from "./IJobMarket.sol";
import {JobDigests} from "./JobDigests.sol";
import {JobEvents} from "./JobEvents.sol";
import {JobParts, Parts} from "./JobParts.sol";
import {JobValuing} from "./JobValuing.sol";
import {Outcome, ProposalWords} from "./ProposalWords.sol";
import {ResultWords} from "./ResultWords.sol";

/// @title JobProposing
/// @notice From an attested result to what each contributor is owed. The utilities are the committee's word, and so are the words of
///         a projected result as far as they lie on one polynomial and add up; every number that follows is computed here.
abstract contract JobProposing is IJobMarket, JobValuing {
    using JobParts for Head;
    using JobParts for Committee;
    using JobParts for Rounds;
    using Words for int256[];

    /// @dev Factor a_i of Newton sums, and the unit of weights: 1e9 · phi_i = a_i · R_i − p_i · kappa.
    int256 private constant PARTS_PER_BILLION = int256(Payout.PARTS_PER_BILLION);
    /// @dev Scores are numbers of the field times 1e9.
    uint256 private constant FIELD_BILLION = ShareReconstruction.PRIME * Payout.PARTS_PER_BILLION;

    /// @inheritdoc IJobMarket
    function propose(
        Head calldata head,
        PackedTerms calldata packed,
        bytes32 partiesHash,
        Committee calldata committee,
        Rounds calldata rounds,
        bytes calldata groups,
        PackedResult calldata packedResult,
        bytes calldata words,
        Attestation calldata attestation
    ) external {
        Parts memory parts;
        (parts.head, parts.parties) = (head.hashOf(), partiesHash);
        (parts.committee, parts.rounds) = (committee.hashOf(), rounds.hashOf());
        {
            uint256 due = _load(packedResult.jobId, State.Finished, parts);
            if (block.timestamp > due) _requireExtended(packedResult.jobId, due, head.limits.proposeSeconds());
        }
        JobTerms memory terms = _openTerms(head, packed);
        _requireGroups(rounds.progress, groups);
        if (!ResultWords.isClean(packedResult)) revert JobMarket_BadResult("rest");
        JobResult memory result = ResultWords.open(packedResult, head.termsHash, rounds.digest, words);
        _checkResult(head, terms, rounds, result, words);
        int256[] memory scores = _scores(head, terms, committee, result, words, attestation);

        Outcome outcome;
        uint256[] memory earnings;
        {
            uint256 excess;
            (earnings, excess) = _value(terms, rounds.progress, groups, result, scores);
            outcome = ProposalWords.packOutcome(result.kind, attestation.signers, excess);
        }
        uint256 deadline = block.timestamp + head.limits.challengeSeconds();
        parts.proposal = JobEvents.proposed(packedResult, result.wordsHash, outcome, earnings, deadline);
        _storeSameRounds(result.jobId, State.Proposed, deadline, parts);
    }

    /// @dev Checks the signatures; the raw scores in the unit of their kind: n! for exact (1e-9 nat · n!), 2^58 for projected
    ///      (1e-9 · 2^-58 nat); none by weight.
    function _scores(
        Head calldata head,
        JobTerms memory terms,
        Committee calldata committee,
        JobResult memory result,
        bytes calldata words,
        Attestation calldata attestation
    ) private view returns (int256[] memory scores) {
        (uint256 n, uint256 m) = (head.shape.contributors(), head.shape.m());
        if (result.kind != uint8(ResultKind.Projected)) {
            bytes32 digest = _hashTypedDataV4(JobDigests.hashOf(result));
            SeatSignatures.verify(attestation, digest, committee.operators, m);
            return result.kind == uint8(ResultKind.Exact) ? Shapley.weights(words, n) : scores;
        }
        scores = ShareReconstruction.reconstruct(words, attestation.signers, head.shape.t(), n);
        bytes32[] memory digests = JobDigests.digestsOfEach(result, words, 8 * n, _domainSeparatorV4());
        SeatSignatures.verifyEach(attestation, digests, committee.operators, m);
        _project(scores, terms, result);
    }

    /// @dev Turns reconstructed values R_i into 1e9 · phi_i = 1e9 · R_i − p_i · kappa, which must add up to what was scored within one
    ///      unit of 1e-9 nat, as numbers of the field: two dealers that add and subtract a huge X may wrap one R_i around it, and a
    ///      true result must not be refused for that (a score that wrapped is beyond the limit). Unchecked: |R_i| < 2^60, kappa
    ///      below 2^63, at most 64 contributors: all below 2^125.
    function _project(int256[] memory values, JobTerms memory terms, JobResult memory result) private pure {
        IAssetRegistry.AssetUse[] memory assets = terms.assets;
        int256 kappa = result.ridgeTerm;
        unchecked {
            int256 sum;
            uint256 n = values.length;
            for (uint256 i = 0; i < n; i++) {
                int256 score = PARTS_PER_BILLION * values.at(i) - int256(uint256(assets[i].weight)) * kappa;
                values.put(i, score);
                sum += score;
            }
            int256 scored = (int256(result.scoreTotal) - result.removed) << SCORE_BITS;
            uint256 off = _size(sum - scored) % FIELD_BILLION;
            if (off > 1 << SCORE_BITS && FIELD_BILLION - off > 1 << SCORE_BITS) revert JobMarket_BadResult("words");
        }
    }
}
