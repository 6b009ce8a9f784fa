// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IAssetRegistry} from "../../../contracts/assets/IAssetRegistry.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";

/// @notice Terms, results and listings as a caller brings them to the market: written apart from the libraries that read them.
library TermsPacking {
    function packed(IJobTypes.JobTerms memory terms) internal pure returns (IJobTypes.PackedTerms memory words) {
        (words.specHash, words.codeHash, words.validationRoot) = (terms.specHash, terms.codeHash, terms.validationRoot);
        words.roles = uint256(bytes32(
            abi.encodePacked(
                abi.encodePacked(terms.evaluator, terms.purpose, terms.legalBasis, terms.aggregation, terms.tier),
                abi.encodePacked(terms.k, terms.m, terms.t, terms.f, terms.rounds)
            )
        ));
        words.pots = uint256(bytes32(abi.encodePacked(terms.base, terms.performance)));
        words.charges = uint256(bytes32(abi.encodePacked(uint32(0), terms.oracleFee, terms.utilityTarget, terms.noiseMilli)));
        words.windows = uint256(bytes32(
            abi.encodePacked(
                abi.encodePacked(terms.startSeconds, terms.roundSeconds, terms.proposeSeconds, terms.challengeSeconds),
                abi.encodePacked(terms.retentionDays, terms.rulesVersion, terms.validationRows, terms.parameters)
            )
        ));
        words.assets = new uint256[](terms.assets.length);
        for (uint256 i = 0; i < words.assets.length; i++) {
            IAssetRegistry.AssetUse memory use = terms.assets[i];
            words.assets[i] = uint256(bytes32(
                abi.encodePacked(uint64(use.assetId), use.version, use.weight, use.rhoNano, uint64(use.price))
            ));
        }
    }

    function packed(IJobTypes.JobResult memory result) internal pure returns (IJobTypes.PackedResult memory words) {
        words.jobId = result.jobId;
        (words.modelRoot, words.evidenceRoot) = (result.modelRoot, result.evidenceRoot);
        words.deliveryRoot = result.deliveryRoot;
        words.figures = uint256(
            bytes32(abi.encodePacked(result.utilityStart, result.utilityEnd, result.scoreTotal, result.removed))
        );
        words.rest = uint256(uint72(bytes9(abi.encodePacked(result.ridgeTerm, result.kind))));
    }

    function packed(IAssetRegistry.Listing memory l) internal pure returns (IAssetRegistry.PackedListing memory words) {
        (words.datasetRoot, words.schemaHash) = (l.version.datasetRoot, l.version.schemaHash);
        (words.populationId, words.purposes) = (l.version.populationId, l.terms.purposes);
        (words.jurisdictionsRoot, words.buyersRoot) = (l.terms.jurisdictionsRoot, l.terms.buyersRoot);
        words.codesRoot = l.terms.codesRoot;
        words.offer = uint256(
            bytes32(abi.encodePacked(l.terms.price, l.terms.rhoPerJob, l.terms.royaltyPpb, l.terms.maxJobs))
        );
        words.limits = uint256(bytes32(
            abi.encodePacked(
                abi.encodePacked(uint24(0), l.version.rows, l.version.time, l.terms.expiry, l.terms.minNoiseMilli),
                abi.encodePacked(l.terms.maxRounds, l.terms.minimumCohort, l.terms.tier, l.terms.derivativeRule)
            )
        ));
    }
}
