import type { Grade } from "./check.ts";

/** Numbers of the seats in a bitmap of signers, as the market's events give it. */
export function seatsIn(signers: bigint): number[] {
  return signers
    .toString(2)
    .split("")
    .reverse()
    .flatMap((bit, seat) => (bit === "1" ? [seat] : []));
}

/** The grade of statements that rest on these signers, of `k` seats: as strong as the one that the fewest signed. */
export function attestedBy(signers: readonly bigint[], k: number): Grade {
  const fewest = Math.min(...signers.map((bitmap) => seatsIn(bitmap).length));
  return `attested by ${Number.isFinite(fewest) ? fewest : 0} of ${k}`;
}

/** "seats 0, 1, 3, 4": who signed, by seat number. */
export function seatsText(signers: bigint): string {
  return `seats ${seatsIn(signers).join(", ")}`;
}

/** Who signed which of consecutive statements: "0-3 by seats 0, 1, 2, 3; 4 by seats 0, 1, 2, 4". */
export function seatsByRound(signers: readonly bigint[], first = 0): string {
  const groups: { from: number; to: number; signers: bigint }[] = [];
  signers.forEach((bitmap, i) => {
    const last = groups.at(-1);
    if (last?.signers === bitmap) last.to = first + i;
    else groups.push({ from: first + i, to: first + i, signers: bitmap });
  });
  return groups.map((g) => `${g.from === g.to ? g.from : `${g.from}-${g.to}`} by ${seatsText(g.signers)}`).join("; ");
}
