/** How much of a file's statements (lines that hold one) and branches some test passed. */
export interface Covered {
  readonly file: string;
  readonly statements: Share;
  readonly branches: Share;
}

export interface Share {
  readonly hit: number;
  readonly all: number;
}

/**
 * Reads a tracefile of lcov. Lines of inline assembly are left out, by `sourceOf`: code that went through the IR has no place for
 * them in its source maps, so they count as never run.
 */
export function coverageOf(lcov: string, sourceOf: (file: string) => string): readonly Covered[] {
  return lcov.split("end_of_record").flatMap((record) => {
    const file = /^SF:(.*)$/m.exec(record)?.[1];
    if (file === undefined || !file.startsWith("contracts/")) return [];
    const assembly = assemblyLines(sourceOf(file));
    const share = (pattern: RegExp): Share => {
      const found = [...record.matchAll(pattern)].filter(([, line]) => !assembly.has(Number(line)));
      return { hit: found.filter(([, , count]) => Number(count) > 0).length, all: found.length };
    };
    return [{ file, statements: share(/^DA:(\d+),(\d+)/gm), branches: share(/^BRDA:(\d+),\d+,\d+,(\d+|-)$/gm) }];
  });
}

/** Numbers of the lines from `assembly … {` to its closing brace. */
export function assemblyLines(source: string): ReadonlySet<number> {
  const lines = new Set<number>();
  let depth = 0;
  for (const [i, line] of source.split("\n").entries()) {
    const begins = depth === 0 && /\bassembly\b[^{]*\{/.test(line);
    if (depth === 0 && !begins) continue;
    lines.add(i + 1);
    depth += (line.match(/\{/g) ?? []).length - (line.match(/\}/g) ?? []).length;
  }
  return lines;
}

export function added(shares: readonly Share[]): Share {
  return shares.reduce((sum, { hit, all }) => ({ hit: sum.hit + hit, all: sum.all + all }), { hit: 0, all: 0 });
}

/** Per cent; all of nothing is all. */
export function percent({ hit, all }: Share): number {
  return all === 0 ? 100 : (100 * hit) / all;
}
