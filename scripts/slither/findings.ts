/** What Slither says of one place, as its JSON has it. */
export interface Detected {
  readonly check: string;
  readonly impact: string;
  readonly description: string;
}

/** An answer to findings of one kind: why they are none, at exactly these places. */
export interface Answer {
  readonly check: string;
  readonly places: readonly string[];
  readonly reason: string;
}

/** `Contract.function`, of a local variable or a state variable its name behind it: where the first line of a finding begins. */
export function placeOf(description: string): string {
  const start = description.replace(/^Reentrancy in /, "");
  const end = start.search(/ \(contracts\//);
  return start.slice(0, end < 0 ? undefined : end).replace(/\([^)]*\)/g, "");
}

/** High and medium findings that no answer covers, and places of answers where nothing is found any more. */
export function triageProblems(detected: readonly Detected[], answers: readonly Answer[]): readonly string[] {
  const serious = detected.filter(({ impact }) => impact === "High" || impact === "Medium");
  const found = new Set(serious.map(({ check, description }) => `${check} at ${placeOf(description)}`));
  const answered = new Set(answers.flatMap(({ check, places }) => places.map((place) => `${check} at ${place}`)));
  return [
    ...[...found].filter((finding) => !answered.has(finding)).map((finding) => `unanswered: ${finding}`),
    ...[...answered].filter((finding) => !found.has(finding)).map((finding) => `answered and not found: ${finding}`),
  ];
}
