/** Content of an update message: one byte that says which asset of the job it is for (an account may bring several), then the aggregation's content. */
export function encodeUpdate(assetIndex: number, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 1);
  out[0] = assetIndex;
  out.set(content, 1);
  return out;
}

/** Reverse of `encodeUpdate`; an empty message has asset index -1, which no job has. */
export function decodeUpdate(bytes: Uint8Array): { assetIndex: number; content: Uint8Array } {
  return { assetIndex: bytes[0] ?? -1, content: bytes.subarray(1) };
}
