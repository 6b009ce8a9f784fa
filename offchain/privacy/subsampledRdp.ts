import { addUp, divUp, expUp, lnUp, mulUp, one, ratioUp, type Scaled } from "./scaledMath.ts";

/** Orders of the vectors of Rényi differential privacy that the ledger keeps (protocol, section 7). */
export const rdpOrders = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;

/** Sums on Poisson samples. */
export interface Sampled {
  /** Noise multiplier × 1000, from 10 to 1 000 000. */
  readonly noiseMilli: number;
  /** Sampling rate in parts per billion, from 1 to 999 999 999. */
  readonly samplePpb: number;
  /** Sums, from 0 to 65 535. */
  readonly releases: number;
}

const ppb = 1_000_000_000n;
const nano = 1_000_000_000n;
const most = (1n << 64n) - 1n;
const largestOrder = 64;

/**
 * eps at each of `rdpOrders` of the Gaussian mechanism on Poisson samples, in 1e-9, rounded up; 2^64 − 1 where it is that or more. Exactly
 * what contracts/ledger/SubsampledRdp.sol computes; formula and source stand there. Throws RangeError for values outside their range.
 */
export function subsampledEpsilons({ noiseMilli, samplePpb, releases }: Sampled): bigint[] {
  expectWithin("noiseMilli", noiseMilli, 10, 1_000_000);
  expectWithin("samplePpb", samplePpb, 1, 999_999_999);
  expectWithin("releases", releases, 0, 65_535);
  const sample = BigInt(samplePpb);
  const growth = growthOf(BigInt(noiseMilli));
  const kept = ratioUp(ppb - sample, ppb);
  let [none, power] = [one, 0];
  return rdpOrders.map((order) => {
    for (; power < order; power++) none = mulUp(none, kept);
    const logarithm = logarithmUp(order, sample, none, growth);
    const epsilon = divUp(BigInt(releases) * nano * logarithm, BigInt(order - 1) << 127n);
    return epsilon > most ? most : epsilon;
  });
}

/** e^(j/z²) for j = 0 … 63. */
function growthOf(noiseMilli: bigint): Scaled[] {
  const rate = expUp(divUp(1_000_000n << 127n, noiseMilli * noiseMilli));
  const growth: Scaled[] = [one];
  while (growth.length < largestOrder) growth.push(mulUp(growth.at(-1) as Scaled, rate));
  return growth;
}

function logarithmUp(order: number, sample: bigint, first: Scaled, growth: readonly Scaled[]): bigint {
  let [sum, term] = [first, first];
  for (let j = 1; j <= order; j++) {
    const ratio = ratioUp(BigInt(order - j + 1) * sample, BigInt(j) * (ppb - sample));
    term = mulUp(term, mulUp(ratio, growth[j - 1] as Scaled));
    sum = addUp(sum, term);
  }
  return lnUp(sum);
}

function expectWithin(field: string, value: number, least: number, largest: number): void {
  if (Number.isInteger(value) && value >= least && value <= largest) return;
  throw new RangeError(`${field} is ${value}, expected an integer from ${least} to ${largest}`);
}
