/** Content of a dealing's signed envelope: one byte that says whose it is (the place of an asset in the job: an account may bring several; 255 for the validator), then what every seat gets. */
export function encodeUpdate(index: number, common: Uint8Array): Uint8Array {
  const out = new Uint8Array(common.length + 1);
  out[0] = index;
  out.set(common, 1);
  return out;
}

/** Reverse of `encodeUpdate`; an empty message has index -1, which no job has. */
export function decodeUpdate(bytes: Uint8Array): { assetIndex: number; content: Uint8Array } {
  return { assetIndex: bytes[0] ?? -1, content: bytes.subarray(1) };
}
