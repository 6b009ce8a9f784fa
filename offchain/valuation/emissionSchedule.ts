/**
 * Emission of epoch `epoch`, counted from 0, in units of 18 decimals: `initial` halved every `halvingEpochs` epochs, rounded
 * down. The same as contracts/tokens/EmissionSchedule.sol, which the token and the market use.
 */
export function emissionOf(initial: bigint, epoch: bigint, halvingEpochs: bigint): bigint {
  return initial >> (epoch / halvingEpochs);
}

/** Emission of the epochs 0 .. `epoch` together: below 2 · initial · halvingEpochs for ever. */
export function emittedThrough(initial: bigint, epoch: bigint, halvingEpochs: bigint): bigint {
  let sum = 0n;
  let left = epoch + 1n;
  for (let emission = initial; left > 0n && emission > 0n; emission >>= 1n) {
    const epochs = left < halvingEpochs ? left : halvingEpochs;
    sum += emission * epochs;
    left -= epochs;
  }
  return sum;
}
