import { field61Wasm } from "./generated/field61Wasm.ts";

// The WASM kernel of F_p (kernels/field61) and the memory that it works on: numbered blocks of one chunk each. Vectors of any length pass
// through in chunks, so the memory stays small and its blocks stay in the processor's cache.

/** Words of a block: 64 kB. A multiple of 4, which the kernel asks for. */
export const chunkWords = 8192;
const wordBytes = 8;
/** Blocks are not a power of 2 apart: equal places of many blocks would compete for the same lines of the cache. */
const blockBytes = chunkWords * wordBytes + 256;
const pageBytes = 65536;

/** Addresses in bytes, counts in words. Words cross as signed 64-bit integers; canonical ones are never negative. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  add(dst: number, a: number, b: number, count: number): void;
  addMultiple(dst: number, src: number, factor: bigint, count: number): void;
  innerProducts(dst: number, r: number, s: number, a: number, count: number): void;
  extend(known: number, degree: number, out: number, outputs: number, stride: number, count: number): void;
  lowBits(dst: number, src: number, count: number): void;
  isCanonical(src: number, count: number): number;
  firstDifference(a: number, b: number, count: number): number;
  fromSigned(dst: number, src: number, count: number): number;
  toSigned(dst: number, src: number, count: number): void;
}

// Neither TypeScript's es2023 nor @types/node declares WebAssembly; the kernel needs this much of it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const kernel = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(field61Wasm, "base64"))).exports as Exports;

/** What holds 64-bit words: field elements, or signed integers on their way to them. */
type Words = BigUint64Array | BigInt64Array;

/** Calls `run` for each chunk of `length` words: where it starts and how many words it has. */
export function forEachChunk(length: number, run: (start: number, count: number) => void): void {
  for (let start = 0; start < length; start += chunkWords) run(start, Math.min(chunkWords, length - start));
}

/** Copies `count` words of a vector into a block and pads it with zeros. */
export function load(block: number, words: Words, start: number, count: number): void {
  loadBytes(block, bytesOf(words, start, count));
}

/** Copies whole words, as little-endian bytes, into a block and pads it with zeros. */
export function loadBytes(block: number, bytes: Uint8Array): void {
  const memory = blockMemory(block);
  memory.set(bytes);
  memory.fill(0, bytes.length, padded(bytes.length / wordBytes) * wordBytes);
}

/** Copies the first `count` words of a block into a vector. */
export function store(block: number, words: Words, start: number, count: number): void {
  bytesOf(words, start, count).set(blockMemory(block).subarray(0, count * wordBytes));
}

/** dst = a + b. */
export function add(dst: number, a: number, b: number, count: number): void {
  kernel.add(address(dst), address(a), address(b), padded(count));
}

/** dst = dst + factor * src, with 0 <= factor < p. */
function addMultiple(dst: number, src: number, factor: bigint, count: number): void {
  kernel.addMultiple(address(dst), address(src), factor, padded(count));
}

/** dst = sum of factors[j] * vectors[j], vectors of one chunk at most and one length; `scratch` is another block. */
export function combineInto(
  dst: number,
  scratch: number,
  factors: readonly bigint[],
  vectors: readonly BigUint64Array[],
): void {
  const count = vectors[0]?.length ?? 0;
  blockMemory(dst).fill(0, 0, padded(count) * wordBytes);
  vectors.forEach((vector, j) => {
    load(scratch, vector, 0, count);
    addMultiple(dst, scratch, factors[j] as bigint, count);
  });
}

/**
 * The sums of r[i] * a[i] and s[i] * a[i]. Of r and s the low 61 bits count, so that a key stream needs no pass of its own.
 * `scratch` is another block.
 */
export function innerProducts(scratch: number, r: number, s: number, a: number, count: number): [bigint, bigint] {
  kernel.innerProducts(address(scratch), address(r), address(s), address(a), padded(count));
  const sums = new DataView(kernel.memory.buffer, address(scratch), 2 * wordBytes);
  return [sums.getBigUint64(0, true), sums.getBigUint64(wordBytes, true)];
}

/**
 * Blocks 0 to `degree` hold values of polynomials at x = 0 to `degree`; the `outputs` blocks after them get those at the next
 * x. The first blocks are overwritten.
 */
export function extend(degree: number, outputs: number, count: number): void {
  blockMemory(degree + outputs);
  kernel.extend(address(0), degree, address(degree + 1), outputs, blockBytes, padded(count));
}

/** Keeps the low 61 bits of each word, with p as 0. */
export function lowBits(block: number, count: number): void {
  kernel.lowBits(address(block), address(block), padded(count));
}

/** True when every word is below p. */
export function isCanonical(block: number, count: number): boolean {
  return kernel.isCanonical(address(block), padded(count)) !== 0;
}

/** Place of the first word in which two blocks differ, or -1. */
export function firstDifference(a: number, b: number, count: number): number {
  return kernel.firstDifference(address(a), address(b), padded(count));
}

/** Signed words of a block to field elements; the place of the first that is out of range, or -1. */
export function fromSigned(block: number, count: number): number {
  return kernel.fromSigned(address(block), address(block), padded(count));
}

/** Field elements of a block to signed words. */
export function toSigned(block: number, count: number): void {
  kernel.toSigned(address(block), address(block), padded(count));
}

function bytesOf(words: Words, start: number, count: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + start * wordBytes, count * wordBytes);
}

function address(block: number): number {
  return block * blockBytes;
}

function padded(count: number): number {
  return (count + 3) & ~3;
}

function blockMemory(block: number): Uint8Array {
  const end = (block + 1) * blockBytes;
  const missing = end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / pageBytes));
  return new Uint8Array(kernel.memory.buffer, block * blockBytes, blockBytes);
}
