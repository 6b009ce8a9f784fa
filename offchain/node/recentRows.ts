interface Group {
  readonly rows: Map<string, unknown>;
  bytes: number;
}

/** What an answer weighs besides the bytes that it carries: keys, hashes and its places in maps. */
const bytesAnAnswer = 500;

/**
 * What was read from a table lately, in groups that go stale together. Whoever owns the table drops a group at every write to it. The
 * groups that were made first go when all hold more than `mostBytes`.
 */
export class RecentRows {
  readonly #mostBytes: number;
  readonly #groups = new Map<string, Group>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** The answer to a question that a group's rows settle: as it was read before, or from `ask`. `bytesOf`: how much an answer holds. */
  read<T>(groupName: string, question: string, ask: () => T, bytesOf: (answer: T) => number = () => 0): T {
    const known = this.#groups.get(groupName)?.rows;
    if (known?.has(question)) return known.get(question) as T;
    const answer = ask();
    const bytes = bytesAnAnswer + bytesOf(answer);
    if (bytes > this.#mostBytes) return answer;
    while (this.#bytes + bytes > this.#mostBytes) this.drop(this.#groups.keys().next().value as string);
    const group = this.#groups.get(groupName) ?? { rows: new Map(), bytes: 0 };
    this.#groups.set(groupName, group);
    group.rows.set(question, answer);
    group.bytes += bytes;
    this.#bytes += bytes;
    return answer;
  }

  /** A group's rows changed. */
  drop(groupName: string): void {
    this.#bytes -= this.#groups.get(groupName)?.bytes ?? 0;
    this.#groups.delete(groupName);
  }

  dropAll(): void {
    this.#groups.clear();
    this.#bytes = 0;
  }
}
