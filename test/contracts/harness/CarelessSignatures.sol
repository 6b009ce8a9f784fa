// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IJobTypes} from "../../../contracts/market/IJobTypes.sol";

/// @notice What signatures would be worth without the rules of `Attestation` and of EIP-712: each function leaves one of them out.
contract CarelessSignatures {
    mapping(bytes32 signature => bool) private _seen;

    event Paid(address signer);

    /// @notice Signatures of operators, however often one comes and in whichever order: no bit stands for a seat.
    function count(bytes32 digest, bytes[] calldata signatures, address[] calldata operators)
        external
        pure
        returns (uint256 counted)
    {
        for (uint256 i = 0; i < signatures.length; i++) {
            (bytes32 r, bytes32 vs) = (bytes32(signatures[i][:32]), bytes32(signatures[i][32:]));
            address signer = ECDSA.recover(digest, r, vs);
            for (uint256 seat = 0; seat < operators.length; seat++) {
                if (operators[seat] == signer) counted++;
            }
        }
    }

    /// @notice What oracles would sign of a round if neither the chain, the market nor the job were in it.
    function digestOf(IJobTypes.RoundSet calldata set) external pure returns (bytes32) {
        return keccak256(abi.encode(set.round, set.stateHash, set.bitmap, set.dealingsRoot));
    }

    /// @notice Pays for a signature once, by its bytes, of which two forms are taken.
    function payOnce(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external {
        bytes32 signature = keccak256(abi.encode(v, r, s));
        require(!_seen[signature], "paid for");
        _seen[signature] = true;
        emit Paid(ecrecover(digest, v, r, s));
    }
}
