/** A leaf of a JSON value: the keys on the way to it, and what stands there. */
export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** Every leaf; of an array the first element, the middle one and the last, which stand for the others. */
export function leavesOf(value: unknown, path: readonly (string | number)[] = []): Leaf[] {
  if (Array.isArray(value)) {
    const some = [...new Set([0, Math.floor(value.length / 2), value.length - 1])];
    return value.length === 0 ? [{ path, value }] : some.flatMap((i) => leavesOf(value[i], [...path, i]));
  }
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** Ways in which a leaf is falsified: numbers by one, hex in a nibble in the middle and in the last, text in a letter. */
export function flipsOf(value: unknown): unknown[] {
  if (typeof value === "number") return [value + 1];
  if (typeof value === "boolean") return [!value];
  if (typeof value === "string") return textFlips(value);
  return [Array.isArray(value) ? ["0x00"] : `0x${"11".repeat(20)}`];
}

function textFlips(text: string): string[] {
  if (/^-?[0-9]+$/.test(text)) return [String(BigInt(text) + 1n)];
  const middle = Math.floor(text.length / 2);
  if (!/^0x[0-9a-f]+$/.test(text)) return [changed(text, middle, (letter) => (letter === "a" ? "b" : "a"))];
  const nibble = (digit: string) => (Number.parseInt(digit, 16) ^ 1).toString(16);
  return [changed(text, middle, nibble), changed(text, text.length - 1, nibble)];
}

function changed(text: string, at: number, change: (character: string) => string): string {
  return `${text.slice(0, at)}${change(text[at] ?? "")}${text.slice(at + 1)}`;
}

/** A copy with another value at a path; the original stays. */
export function withLeaf<T>(root: T, path: readonly (string | number)[], value: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return value as T;
  const copy = (Array.isArray(root) ? [...root] : { ...root }) as Record<string | number, unknown>;
  copy[key] = withLeaf((root as Record<string | number, unknown>)[key], rest, value);
  return copy as T;
}

/** A copy without what stands at a path. */
export function without<T>(root: T, path: readonly (string | number)[]): T {
  const parent = path.slice(0, -1);
  const last = path.at(-1) as string | number;
  const held = parent.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], root);
  const left = Array.isArray(held)
    ? held.filter((_, i) => i !== last)
    : Object.fromEntries(Object.entries(held as object).filter(([key]) => key !== last));
  return withLeaf(root, parent, left);
}
