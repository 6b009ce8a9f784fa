/**
 * How many rounds are scored. `utilities`: U(theta_1), U(theta_2), ... in 1e-9 nat. Round t is scored while
 * U_{t+1} - U_t >= 1% of U_{t+1} - U_0; the first failure ends scoring (protocol, section 6): near convergence single updates
 * do not vanish, and idle rounds would move money for nothing. Integers only.
 */
export function scoredRounds(utilities: readonly bigint[]): number {
  const start = utilities[0] ?? 0n;
  for (let t = 0; t + 1 < utilities.length; t++) {
    const gain = (utilities[t + 1] as bigint) - (utilities[t] as bigint);
    const total = (utilities[t + 1] as bigint) - start;
    if (gain <= 0n || gain * 100n < total) return t;
  }
  return Math.max(0, utilities.length - 1);
}
